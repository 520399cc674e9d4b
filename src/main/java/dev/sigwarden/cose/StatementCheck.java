package dev.sigwarden.cose;

import java.util.ArrayList;
import java.util.List;

/// Checks a statement with all of its receipts. Asks nobody. Immutable, thread-safe.
public final class StatementCheck {
  private final SignerCheck signers;
  private final ReceiptCheck receipts;

  /// A check by these.
  public StatementCheck(SignerCheck signers, ReceiptCheck receipts) {
    this.signers = signers;
    this.receipts = receipts;
  }

  /// What the statement is worth.
  ///
  /// @param more receipts beside those in the statement
  public StatementVerdict check(SignedStatement statement, List<byte[]> more) {
    List<ReceiptVerdict> verdicts = new ArrayList<>();
    for (Cbor.Bytes receipt : statement.receipts()) {
      verdicts.add(receipts.check(statement, receipt.toBytes()));
    }
    for (byte[] receipt : more) {
      verdicts.add(receipts.check(statement, receipt));
    }
    return new StatementVerdict(signers.check(statement), verdicts);
  }
}
