package dev.sigwarden.health;

import dev.sigwarden.access.LocalToken;
import dev.sigwarden.access.ServedCertificate;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.merkle.Hash;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The daemon of this process, for the beans that Quarkus makes.
@Singleton
public class RunningDaemon {
  /// Set before Quarkus starts, since Quarkus makes its beans itself.
  private static final AtomicReference<Daemon> DAEMON = new AtomicReference<>();

  private static final AtomicReference<@Nullable LocalToken> LOCAL = new AtomicReference<>();

  /// Names the daemon that health, metrics and the API speak of.
  ///
  /// @param local the token of whoever runs it
  public static void set(Daemon daemon, LocalToken local) {
    DAEMON.set(daemon);
    LOCAL.set(local);
  }

  /// The daemon.
  ///
  /// @throws IllegalStateException if none was named
  public Daemon get() {
    Daemon daemon = DAEMON.get();
    if (daemon == null) {
      throw new IllegalStateException("no daemon in this process (expected: started by `run`)");
    }
    return daemon;
  }

  /// The SHA-256 of the token of whoever runs the daemon.
  public Optional<Hash> local() {
    return Optional.ofNullable(LOCAL.get()).map(LocalToken::hash);
  }

  /// Says in the daemon's folder where it is reached.
  ///
  /// @param certificate what it serves with; empty without TLS
  void listening(String url, Optional<ServedCertificate> certificate) throws IOException {
    LocalToken local = LOCAL.get();
    if (local != null) {
      local.write(get().configuration().storage().folder(), url, certificate);
    }
  }
}
