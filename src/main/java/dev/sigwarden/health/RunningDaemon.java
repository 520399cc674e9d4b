package dev.sigwarden.health;

import dev.sigwarden.daemon.Daemon;
import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;

/// The daemon of this process, for the beans that Quarkus makes.
@Singleton
public class RunningDaemon {
  /// Set before Quarkus starts, since Quarkus makes its beans itself.
  private static final AtomicReference<Daemon> DAEMON = new AtomicReference<>();

  /// Names the daemon that health and metrics speak of.
  public static void set(Daemon daemon) {
    DAEMON.set(daemon);
  }

  /// The daemon.
  ///
  /// @throws IllegalStateException if none was named
  Daemon get() {
    Daemon daemon = DAEMON.get();
    if (daemon == null) {
      throw new IllegalStateException("no daemon in this process (expected: started by `run`)");
    }
    return daemon;
  }
}
