package dev.sigwarden.health;

import dev.sigwarden.access.ServedCertificate;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.daemon.HttpSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import jakarta.enterprise.inject.Instance;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// The daemon inside Quarkus: starts it once the server listens, and waits until the process is
/// told to stop. The daemon itself is opened and closed by the command that starts this.
public final class Service implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Service.class);

  private static final List<String> ANY = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  private final MeterRegistry registry;
  private final RunningDaemon running;
  private final HttpServer server;
  private final Instance<ProbeServer> probes;

  Service(
      MeterRegistry registry,
      RunningDaemon running,
      Instance<ProbeServer> probes,
      HttpServer server) {
    this.registry = registry;
    this.running = running;
    this.probes = probes;
    this.server = server;
  }

  @Override
  public int run(String... args) {
    Daemon daemon = running.get();
    // A port that is taken ends the start before anything is followed.
    daemon.configuration().probes().ifPresent(where -> probes.get().listen(where));
    daemon.start();
    new Metrics(daemon, registry).bind();
    announce(daemon.configuration().http());
    LOG.infof(
        "watching %d logs and families with %d watches, telling %d receivers",
        daemon.configuration().followed(),
        daemon.configuration().watches().all().size(),
        daemon.configuration().receivers().size());
    Quarkus.waitForExit();
    return 0;
  }

  /// Commands on this machine find the daemon by what is written here.
  private void announce(HttpSettings http) {
    boolean tls = http.tls().isPresent();
    int port = tls ? server.getSecurePort() : server.getPort();
    // On every address is on this one too.
    String host = ANY.contains(http.host()) ? "127.0.0.1" : http.host();
    String url =
        "%s://%s:%d"
            .formatted(tls ? "https" : "http", host.contains(":") ? "[" + host + "]" : host, port);
    try {
      Optional<ServedCertificate> certificate =
          tls
              ? Optional.of(ServedCertificate.of(http.tls().get().certificate()))
              : Optional.empty();
      running.listening(url, certificate);
    } catch (IOException e) {
      LOG.warnf("commands on this machine will need --url and a token: %s", e.toString());
    }
  }
}
