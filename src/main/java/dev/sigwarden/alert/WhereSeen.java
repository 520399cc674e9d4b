package dev.sigwarden.alert;

import java.time.Instant;
import java.util.Optional;

/// Where in which log something was seen.
///
/// @param log the operator's name of the log
/// @param protocol the log's protocol, `rekor-tiles` for example
/// @param origin the origin line of its checkpoints; text from the log or the operator
/// @param keyId the key id of its checkpoint key in lowercase hex; empty if not known
/// @param branch the view: 0 is the proven history, others are branches
/// @param index the entry's index; -1 if no single entry is concerned
/// @param leafHash the leaf hash in lowercase hex; empty if no single entry is concerned
/// @param treeSize the size of the signed tree that the entry was proven in, entries; -1 if none
/// @param address where the log serves the entry; empty if nowhere
/// @param loggedAt when the log says, signed, that it took the entry; empty if it keeps no time
public record WhereSeen(
    String log,
    String protocol,
    String origin,
    String keyId,
    int branch,
    long index,
    String leafHash,
    long treeSize,
    String address,
    Optional<Instant> loggedAt) {
  /// The protocol of ledgers.
  private static final String LEDGER = "scitt";

  /// An entry of a log that keeps no time.
  public WhereSeen(
      String log,
      String protocol,
      String origin,
      String keyId,
      int branch,
      long index,
      String leafHash,
      long treeSize,
      String address) {
    this(
        log, protocol, origin, keyId, branch, index, leafHash, treeSize, address, Optional.empty());
  }

  /// The log itself, no entry of it.
  public static WhereSeen log(
      String log, String protocol, String origin, String keyId, int branch, String address) {
    return new WhereSeen(log, protocol, origin, keyId, branch, -1, "", -1, address);
  }

  /// Whether the log is a ledger, whose entries come with receipts.
  boolean isInLedger() {
    return protocol.equals(LEDGER);
  }

  /// What the log is, whatever it is called and whichever of its keys signs now: its origin.
  public String logId() {
    return origin;
  }
}
