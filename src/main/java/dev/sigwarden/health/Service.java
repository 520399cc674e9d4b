package dev.sigwarden.health;

import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.daemon.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import org.jboss.logging.Logger;

/// The daemon inside Quarkus: starts it once the server listens, and waits until the process is
/// told to stop. The daemon itself is opened and closed by the command that starts this.
public final class Service implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Service.class);

  private final MeterRegistry registry;
  private final RunningDaemon running;

  Service(MeterRegistry registry, RunningDaemon running) {
    this.registry = registry;
    this.running = running;
  }

  @Override
  public int run(String... args) {
    Daemon daemon = running.get();
    daemon.start();
    new Metrics(daemon, registry).bind();
    announce(daemon.configuration().http());
    LOG.infof(
        "watching %d logs and families with %d watches, telling %d receivers",
        daemon.configuration().logs().size() + daemon.configuration().families().size(),
        daemon.configuration().watches().all().size(),
        daemon.configuration().receivers().size());
    Quarkus.waitForExit();
    return 0;
  }

  /// Commands on this machine find the daemon by what is written here.
  private void announce(HttpSettings http) {
    boolean tls = http.tls().isPresent();
    // Quarkus puts the port there that it got.
    String port = System.getProperty(tls ? "quarkus.http.ssl-port" : "quarkus.http.port", "");
    String host = http.isLoopback() ? http.host() : "127.0.0.1";
    String url =
        "%s://%s:%s"
            .formatted(tls ? "https" : "http", host.contains(":") ? "[" + host + "]" : host, port);
    try {
      running.listening(url);
    } catch (IOException e) {
      LOG.warnf("commands on this machine will need --url and a token: %s", e.toString());
    }
  }
}
