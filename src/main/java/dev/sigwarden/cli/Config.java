package dev.sigwarden.cli;

import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.trust.Trusts;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;

/// Loads a configuration for a command, all its problems told at once.
final class Config {
  private Config() {}

  /// What the configuration in `file` says of logs and watches.
  ///
  /// @throws CommandFailure with exit code 2 if that has problems, which are printed
  static Configuration.Looking look(Path file) throws CommandFailure {
    return value(file, Configuration.loadForLooking(file));
  }

  /// What the configuration in `file` says of the database.
  ///
  /// @throws CommandFailure with exit code 2 if that has problems, which are printed
  static Configuration.Reaching reach(Path file) throws CommandFailure {
    return value(file, Configuration.loadForReaching(file, System.getenv()));
  }

  /// Where a daemon that runs with the configuration in `file` leaves word of itself.
  ///
  /// @throws CommandFailure with exit code 2 if that has problems, which are printed
  static Path folder(Path file) throws CommandFailure {
    return value(file, Configuration.loadFolder(file));
  }

  /// The configuration in `file`.
  ///
  /// @throws CommandFailure with exit code 2 if it has problems, which are printed
  static Configuration load(Path file) throws CommandFailure {
    return value(file, Configuration.load(file, System.getenv()));
  }

  /// The trusted roots of a configuration as the daemon left them; asks nobody.
  static Trusts trusts(Configuration.Looking configuration) {
    try (PoliteHttp http =
        new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom())) {
      return Trusts.open(configuration.trusts().values(), http, Clock.systemUTC());
    }
  }

  private static <T> T value(Path file, Loaded<T> loaded) throws CommandFailure {
    loaded.problems().stream().map(Problem::format).forEach(System.err::println);
    return loaded
        .value()
        .orElseThrow(() ->
            new CommandFailure(Exit.USAGE, "%s has problems; nothing was started".formatted(file)));
  }
}
