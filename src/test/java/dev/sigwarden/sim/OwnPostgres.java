package dev.sigwarden.sim;

import dev.sigwarden.store.StorePlace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real PostgreSQL server of one test's own, on one port for good, which can be stopped in any
/// way, started again on its data, and have a standby.
public final class OwnPostgres implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);

  private final Path data;
  private final int port;
  private final Map<String, String> settings;
  private @Nullable EmbeddedPostgres running;

  private OwnPostgres(Path data, Map<String, String> settings) {
    this.data = data;
    this.port = freePort();
    this.settings = new LinkedHashMap<>(settings);
    this.settings.putIfAbsent("timezone", "UTC");
  }

  /// A server with these settings beside its defaults, not started yet.
  ///
  /// @param data its data, in a folder that is not there yet
  public static OwnPostgres in(Path data, Map<String, String> settings) {
    return new OwnPostgres(data, settings);
  }

  private static int freePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts it, and waits until it answers.
  public OwnPostgres start() {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setPGStartupWait(STARTS_WITHIN)
            .setPort(port);
    settings.forEach(builder::setServerConfig);
    try {
      running = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /// Stops it in order.
  public void stop() {
    EmbeddedPostgres server = running;
    running = null;
    if (server != null) {
      try {
        server.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// Ends it at once and without a checkpoint, as `pg_ctl stop -m immediate`: what was committed is
  /// recovered from the write-ahead log at the next start.
  public void crash() {
    try {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
      ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
      new ProcessBuilder("kill", "-QUIT", Long.toString(pid)).start().waitFor();
      postmaster.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a server ended", e);
    }
    stop();
  }

  /// A standby that follows this one as it is now, not started yet. Makes this one anew from its
  /// data, which must have been started once.
  ///
  /// @param folder its data, in a folder that is not there yet
  public OwnPostgres standby(Path folder) {
    stop();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(data.relativize(file).toString()));
      }
      Files.createFile(folder.resolve("standby.signal"));
      Files.writeString(
          folder.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=127.0.0.1 port=%d user=postgres sslmode=disable'%n"
              .formatted(port));
      Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(data));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start();
    return new OwnPostgres(folder, settings);
  }

  /// The folder of its data.
  public Path data() {
    return data;
  }

  /// Its port on this machine.
  public int port() {
    return port;
  }

  /// One of its databases, by the superuser's account.
  public StorePlace.Server database(String name) {
    return Postgres.at(port, name);
  }

  /// Runs statements as the superuser.
  public void execute(String... statements) {
    Postgres.execute(database("postgres"), statements);
  }

  @Override
  public void close() {
    stop();
  }
}
