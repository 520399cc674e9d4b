package dev.sigwarden.cli;

import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.store.StoreCopy;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.store.StorePlace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden store copy`: everything from one database to another, compared afterwards.
@Command(
    name = "copy",
    description = {
      "Copy a database into an empty one, read it back and compare each table.",
      "Either all of it is there afterwards or nothing is. The daemon must not run.",
      "Account, password and TLS of a server are those of `storage` in the configuration, which",
      "must name the same server."
    },
    mixinStandardHelpOptions = true)
final class StoreCopyCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "FROM", description = "sqlite:PATH or postgresql://…")
  private String from = "";

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "The same; must be empty, and is made if it is a file.")
  private String to = "";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = Configuration.DEFAULT_FILE,
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path config = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    StorePlace source = place(from);
    StorePlace target = place(to);
    if (source.shown().equals(target.shown())) {
      throw new CommandFailure(Exit.USAGE, "both are %s".formatted(source.shown()));
    }
    try {
      StoreCopy.copy(
          source,
          target,
          Clock.systemUTC(),
          table ->
              System.out.printf(
                  "%-20s %10d rows  %s%n", table.name(), table.rows(), table.digest()));
    } catch (StoreException e) {
      throw new CommandFailure(Exit.OPERATIONAL, e.getMessage());
    }
    System.out.printf("all of %s is in %s%n", source.shown(), target.shown());
    return Exit.OK;
  }

  private StorePlace place(String url) throws CommandFailure {
    if (url.startsWith(StorePlace.SQLITE) && url.length() > StorePlace.SQLITE.length()) {
      return new StorePlace.SqlitePath(Path.of(url.substring(StorePlace.SQLITE.length())));
    }
    if (!url.startsWith(StorePlace.POSTGRESQL)) {
      throw new CommandFailure(
          Exit.USAGE, "not a known kind of database (expected: sqlite:PATH or postgresql://…)");
    }
    StorePlace configured = Config.load(config).storage().place();
    if (!configured.shown().equals(url)) {
      throw new CommandFailure(
          Exit.USAGE,
          "%s names another database: %s (expected: the server that is given here)"
              .formatted(config, configured.shown()));
    }
    return configured;
  }
}
