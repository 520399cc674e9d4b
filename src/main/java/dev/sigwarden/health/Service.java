package dev.sigwarden.health;

import dev.sigwarden.daemon.Daemon;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.inject.Instance;
import org.jboss.logging.Logger;

/// The daemon inside Quarkus: starts it once the server listens, and waits until the process is
/// told to stop. The daemon itself is opened and closed by the command that starts this.
public final class Service implements QuarkusApplication {
  private static final Logger LOG = Logger.getLogger(Service.class);

  private final MeterRegistry registry;
  private final RunningDaemon running;
  private final Instance<ProbeServer> probes;

  Service(MeterRegistry registry, RunningDaemon running, Instance<ProbeServer> probes) {
    this.registry = registry;
    this.running = running;
    this.probes = probes;
  }

  @Override
  public int run(String... args) {
    Daemon daemon = running.get();
    // A port that is taken ends the start before anything is followed.
    daemon.configuration().probes().ifPresent(where -> probes.get().listen(where));
    daemon.start();
    new Metrics(daemon, registry).bind();
    LOG.infof(
        "watching %d logs and families with %d watches, telling %d receivers",
        daemon.configuration().followed(),
        daemon.configuration().watches().all().size(),
        daemon.configuration().receivers().size());
    Quarkus.waitForExit();
    return 0;
  }
}
