package dev.sigwarden.health;

import io.smallrye.health.SmallRyeHealth;
import io.smallrye.health.SmallRyeHealthReporter;
import jakarta.inject.Singleton;

/// Whether the daemon is alive and ready, and never why not: the reasons hold names of receivers
/// and what they answered, and not everybody who may ask is known.
@Singleton
public final class Whether {
  private final SmallRyeHealthReporter health;

  Whether(SmallRyeHealthReporter health) {
    this.health = health;
  }

  /// Whether every log's turns go on ending.
  public boolean alive() {
    return up(health.getLiveness());
  }

  /// Whether silence means that all is well. Asks the database.
  public boolean ready() {
    return up(health.getReadiness());
  }

  private static boolean up(SmallRyeHealth health) {
    return !health.isDown();
  }
}
