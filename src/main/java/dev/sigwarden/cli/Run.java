package dev.sigwarden.cli;

import dev.sigwarden.access.LocalToken;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.daemon.HttpSettings;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.health.Service;
import io.quarkus.runtime.Quarkus;
import java.nio.file.Path;
import java.security.SecureRandom;
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
      defaultValue = Configuration.DEFAULT_FILE,
      description = "The configuration, or the folder of it (default: ${DEFAULT-VALUE}).")
  private Path config = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    Configuration configuration = Config.load(config);
    serve(configuration.http());
    int[] exit = {Exit.OK};
    try (OrderlyEnd end = new OrderlyEnd();
        Daemon daemon = Daemon.open(configuration, Clock.systemUTC());
        LocalToken local = LocalToken.mint(new SecureRandom())) {
      requireAuthentication(configuration, daemon);
      RunningDaemon.set(daemon, local);
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

  private static void serve(HttpSettings http) {
    System.setProperty("quarkus.http.host", http.host());
    String port = Integer.toString(http.port());
    if (http.tls().isEmpty()) {
      System.setProperty("quarkus.http.port", port);
      return;
    }
    System.setProperty("quarkus.http.insecure-requests", "disabled");
    System.setProperty("quarkus.http.ssl-port", port);
    System.setProperty(
        "quarkus.http.ssl.certificate.files", http.tls().get().certificate().toString());
    System.setProperty("quarkus.http.ssl.certificate.key-files", http.tls().get().key().toString());
  }

  /// Beyond this machine nothing is served while nobody could say who he is.
  private static void requireAuthentication(Configuration configuration, Daemon daemon)
      throws CommandFailure {
    if (!configuration.http().isLoopback()
        && configuration.access().oidc().isEmpty()
        && daemon.store().desk().grants().isEmpty()) {
      throw new CommandFailure(
          Exit.USAGE,
          "http.host %s: nobody could authenticate (expected: a token, see `sigwarden token create`; or api.oidc)"
              .formatted(configuration.http().host()));
    }
  }

  private static String rootMessage(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
