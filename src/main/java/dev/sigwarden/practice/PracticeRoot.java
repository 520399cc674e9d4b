package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import java.time.Instant;
import java.util.List;

/// A signature of a practice ledger's service over the tree of all transactions before it: in the
/// ledger without proofs, in a receipt with one. Immutable.
final class PracticeRoot {
  private static final int ALG = 1;
  private static final int ES384 = -35;
  private static final int KID = 4;
  private static final int CWT_CLAIMS = 15;
  private static final int VDS = 395;
  private static final int CCF_LEDGER_SHA256 = 2;
  private static final int VDP = 396;
  private static final int INCLUSION = -1;
  private static final int ISS = 1;
  private static final int SUB = 2;
  private static final int IAT = 6;

  private final PracticeTxId id;
  private final byte[] header;
  private final byte[] signature;

  /// Signs a root.
  ///
  /// @param id the transaction of the signature
  PracticeRoot(String host, PracticeService service, PracticeTxId id, Hash root, Instant now) {
    this.id = id;
    this.header =
        new PracticeCbor()
            .map(5)
            .integer(ALG)
            .integer(ES384)
            .integer(KID)
            .bytes(service.kid().getBytes(java.nio.charset.StandardCharsets.US_ASCII))
            .integer(VDS)
            .integer(CCF_LEDGER_SHA256)
            .integer(CWT_CLAIMS)
            .map(3)
            .integer(IAT)
            .integer(now.getEpochSecond())
            .integer(ISS)
            .text(host)
            .integer(SUB)
            .text("scitt.ccf.signature.v1")
            .text("ccf.v1")
            .map(1)
            .text("txid")
            .text(id.toString())
            .toBytes();
    this.signature = service.signature(header, root);
  }

  /// The transaction of the signature.
  PracticeTxId id() {
    return id;
  }

  /// As the ledger has it.
  byte[] alone() {
    return message(new PracticeCbor().map(0).toBytes());
  }

  /// As a receipt for a transaction.
  ///
  /// @param path from the transaction's leaf up to the root that is signed here
  byte[] receipt(PracticeTransaction of, List<PracticeLedgerTree.Step> path) {
    PracticeCbor proof = new PracticeCbor().map(2).integer(1).encoded(of.leafParts()).integer(2);
    proof.array(path.size());
    for (PracticeLedgerTree.Step step : path) {
      proof.array(2).bool(step.left()).bytes(step.hash().toBytes());
    }
    return message(
        new PracticeCbor()
            .map(1)
            .integer(VDP)
            .map(1)
            .integer(INCLUSION)
            .array(1)
            .bytes(proof.toBytes())
            .toBytes());
  }

  private byte[] message(byte[] unprotected) {
    return new PracticeCbor()
        .tag(PracticeCose.TAG)
        .array(4)
        .bytes(header)
        .encoded(unprotected)
        .nil()
        .bytes(signature)
        .toBytes();
  }
}
