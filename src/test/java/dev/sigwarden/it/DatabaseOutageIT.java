package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.sim.OwnPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A PostgreSQL server that is away for longer than replicas may be unheard of.
class DatabaseOutageIT {
  /// The daemon's patience, after which it says so.
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final String LATE = "the database has taken no writes for ";
  private static final String OVER = "the database takes writes again; it took none from ";

  @TempDir private Path folder;

  /// Keeps what is written to the log as an error.
  private static final class Errors extends Handler {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      if (line.getLevel().intValue() >= Level.SEVERE.intValue()) {
        lines.add(new PatternFormatter("%s").format(ExtLogRecord.wrap(line)));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static HttpServer deadMansSwitch(AtomicInteger pings) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          pings.incrementAndGet();
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static void beating(Path home, int port) throws IOException {
    Files.writeString(
        home.resolve("sigwarden.yaml"),
        """
        heartbeat: {interval: 10s, ping: {url: "http://127.0.0.1:%d/", allow-insecure: true, allow-private: true}}
        """
            .formatted(port),
        StandardOpenOption.APPEND);
  }

  @Test
  void outage_is_in_the_log_once_silences_the_heartbeat_and_is_told_when_it_is_over()
      throws IOException {
    Errors errors = new Errors();
    AtomicInteger pings = new AtomicInteger();
    HttpServer dead = deadMansSwitch(pings);
    Logger root = Logger.getLogger("dev.sigwarden");
    root.addHandler(errors);
    try (OwnPostgres server = OwnPostgres.in(folder.resolve("data"), Map.of()).start()) {
      server.execute("CREATE DATABASE sigwarden");
      try (Cluster cluster = new Cluster(folder, 1, 2, server.database("sigwarden"))) {
        for (int replica : List.of(0, 1)) {
          beating(cluster.home(replica), dead.getAddress().getPort());
        }
        try (Daemon one = cluster.startHere(0, Clock.systemUTC());
            Daemon other = cluster.startHere(1, Clock.systemUTC())) {
          List<Daemon> both = List.of(one, other);
          cluster.grow(20);
          cluster.awaitAllTold();
          cluster.until("a heartbeat", () -> pings.get() > 0);

          server.crash();
          cluster.grow(20);
          cluster.until("both fail", () -> both.stream().allMatch(it -> failing(it) > 0));
          int before = pings.get();
          cluster.until("both say so", () -> saying(errors, LATE) == 2);
          assertThat(both).allMatch(it -> failing(it) >= PATIENCE.toMillis());
          // One that was under way may have been asked.
          assertThat(pings.get()).isLessThanOrEqualTo(before + 1);

          server.start();
          cluster.until("both are over", () -> saying(errors, OVER) == 2);
          cluster.until("it is told, and its end", () -> told(cluster) == 2);
          cluster.awaitAllTold();
          cluster.until("a heartbeat", () -> pings.get() > before + 1);
          assertThat(both).allMatch(it -> failing(it) == 0);
        }
        assertThat(errors.lines).allMatch(it -> it.startsWith(LATE) || it.startsWith(OVER));
        // Once by one of the two, and its end.
        assertThat(told(cluster)).isEqualTo(2);
        cluster.assertNothingLostNorInvented();
      }
    } finally {
      root.removeHandler(errors);
      dead.stop(0);
    }
  }

  private static long failing(Daemon daemon) {
    return daemon.databaseFailing().toMillis();
  }

  private static long saying(Errors errors, String begin) {
    return errors.lines.stream().filter(line -> line.startsWith(begin)).count();
  }

  /// Messages that tell of the outage or of its end.
  private static long told(Cluster cluster) {
    return cluster.hook().messages().stream()
        .filter(message -> message.body().contains("database-away"))
        .map(message -> message.id())
        .distinct()
        .count();
  }
}
