package dev.sigwarden.outbox;

/// Who is to know that a receiver does not take alerts. Called by that receiver's worker, again on
/// every further failure and again if a call throws, so both methods must bear repetition.
public interface DeadLetter {
  /// A receiver refuses, is given up for now, or let an alert grow too old.
  ///
  /// @param receiver the receiver, which must not be the one that is told of this
  /// @param reason what the last attempt met; may hold the receiver's words
  void failing(String receiver, String reason);

  /// A receiver took an alert: the first one since this process started, or since it failed.
  void recovered(String receiver);
}
