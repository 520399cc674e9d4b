package dev.sigwarden.outbox;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Remembers what it was told of receivers; fails as often as it is asked to.
final class TroubleBook implements DeadLetter {
  final List<String> lines = new CopyOnWriteArrayList<>();
  volatile int failures;

  /// Thrown once, by the next call that tells of a failure; null for none.
  volatile Error error;

  @Override
  public void failing(String receiver, String reason) {
    Error thrown = error;
    if (thrown != null) {
      error = null;
      throw thrown;
    }
    if (failures > 0) {
      failures--;
      throw new IllegalStateException("could not be written down");
    }
    lines.add(receiver + " failing: " + reason);
  }

  @Override
  public void recovered(String receiver) {
    lines.add(receiver + " recovered");
  }
}
