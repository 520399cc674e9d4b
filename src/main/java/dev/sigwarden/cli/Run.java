package dev.sigwarden.cli;

import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.health.Service;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden run`: the daemon.
@Command(
    name = "run",
    description = {
      "Run the daemon: follow the logs, judge their entries, send alerts.",
      "Stops on SIGTERM or Ctrl-C after the chunk and the deliveries under way, within 10 s,",
      "with exit 0.",
      "Health is at /q/health, metrics are at /q/metrics of the address that `http:` names."
    },
    mixinStandardHelpOptions = true)
final class Run implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      defaultValue = "config/sigwarden.yaml",
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path config = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    Configuration configuration = Config.load(config);
    System.setProperty("quarkus.http.host", configuration.http().host());
    System.setProperty("quarkus.http.port", Integer.toString(configuration.http().port()));
    int[] exit = {Exit.OK};
    try (OrderlyEnd end = new OrderlyEnd();
        Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
      RunningDaemon.set(daemon);
      Quarkus.run(
          Service.class,
          (code, failure) -> {
            if (failure != null && OrderlyEnd.isEnding()) {
              // Stopped before it had started: nothing was begun.
              exit[0] = Exit.OK;
            } else if (failure != null) {
              System.err.println("sigwarden: cannot start: " + rootMessage(failure));
              exit[0] = Exit.OPERATIONAL;
            } else {
              exit[0] = code;
            }
          });
      end.exit(exit[0]);
    }
    return exit[0];
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
