package dev.sigwarden.log.rekor;

/// How many requests one call has under way: one more after each round that went well, half as many
/// after a failure. What the host is asked in all stays within the budget that the operator gave
/// it, whatever this says. Thread-safe.
final class Window {
  /// Requests under way at most.
  static final int MAX = 8;

  private static final int FIRST = 2;

  private double size = FIRST;

  synchronized int size() {
    return (int) size;
  }

  /// A request went well.
  synchronized void went() {
    size = Math.min(MAX, size + 1 / size);
  }

  /// A request failed, or was refused for being one too many.
  synchronized void failed() {
    size = Math.max(1, size / 2);
  }
}
