package dev.sigwarden.cose;

import dev.sigwarden.cose.ReceiptVerdict.Invalid;
import dev.sigwarden.cose.ReceiptVerdict.Position;
import dev.sigwarden.cose.ReceiptVerdict.Proven;
import dev.sigwarden.cose.ReceiptVerdict.Unproven;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.List;
import java.util.Optional;

/// Checks receipts with keys that are held already. Asks nobody. Immutable, thread-safe.
public final class ReceiptCheck {
  /// What a log of RFC 9162 hashes into its leaf for a statement: its own matter, no standard says.
  public enum LeafForm {
    /// SHA-256 of the statement's bytes.
    DIGEST,
    /// The statement's bytes.
    STATEMENT
  }

  private final ReceiptKeys keys;
  private final LeafForm leafForm;

  /// A check by these keys.
  public ReceiptCheck(ReceiptKeys keys, LeafForm leafForm) {
    this.keys = keys;
    this.leafForm = leafForm;
  }

  /// What the receipt is worth for the statement.
  ///
  /// @param receipt any bytes; kept by the verdict and not written to
  public ReceiptVerdict check(SignedStatement statement, byte[] receipt) {
    Receipt parsed;
    try {
      parsed = Receipt.parse(receipt);
    } catch (MalformedCoseException e) {
      return new Invalid(e.getMessage());
    } catch (UnsupportedCoseException e) {
      return new Unproven(e.getMessage());
    }
    if (parsed.inclusions().isEmpty()) {
      return new Invalid("receipt: no inclusion proof");
    }
    return switch (parsed.structure()) {
      case CCF -> ccf(statement.claimsDigest(), parsed);
      case RFC9162 -> rfc9162(statement, parsed);
    };
  }

  /// What the receipt of a CCF ledger is worth for an entry of it.
  ///
  /// @param receipt any bytes; kept by the verdict and not written to
  public ReceiptVerdict check(LoggedMessage entry, byte[] receipt) {
    try {
      Receipt parsed = Receipt.parse(receipt);
      if (parsed.structure() != Receipt.Structure.CCF) {
        return new Unproven("receipt: of no CCF ledger");
      }
      return parsed.inclusions().isEmpty()
          ? new Invalid("receipt: no inclusion proof")
          : ccf(entry.claimsDigest(), parsed);
    } catch (MalformedCoseException e) {
      return new Invalid(e.getMessage());
    } catch (UnsupportedCoseException e) {
      return new Unproven(e.getMessage());
    }
  }

  private ReceiptVerdict ccf(Hash claims, Receipt receipt) {
    Optional<TxId> signed = receipt.signed();
    if (signed.isEmpty()) {
      return new Invalid("receipt of a CCF ledger: no transaction of the signature");
    }
    CcfInclusion first = null;
    Hash root = null;
    for (Receipt.Proof proof : receipt.inclusions()) {
      CcfInclusion inclusion = (CcfInclusion) proof;
      if (!inclusion.dataHash().equals(claims)) {
        return new Invalid("receipt: for another statement");
      }
      Optional<String> misplaced = misplaced(inclusion, signed.get());
      if (misplaced.isPresent()) {
        return new Invalid(misplaced.get());
      }
      if (root != null && !root.equals(inclusion.root())) {
        return new Invalid("receipt: two proofs that lead to different roots");
      }
      first = first == null ? inclusion : first;
      root = inclusion.root();
    }
    if (first == null || root == null) {
      return new Invalid("receipt: no inclusion proof");
    }
    Signature signature = ccfSignature(receipt, root);
    return switch (signature) {
      case Signature.By(CoseKey key) ->
          new Proven(
              receipt.issuer(),
              key.spkiSha256(),
              new Position.Transaction(first.registered(), signed.get()),
              new TreeHead(signed.get().seqno(), root),
              receipt.issuedAt());
      case Signature.NoKey(String why) -> new Unproven(why);
      case Signature.Bad(String why) -> new Invalid(why);
    };
  }

  /// What the path says beside the position: nothing, if it is honest.
  private static Optional<String> misplaced(CcfInclusion proof, TxId signed) {
    TxId registered = proof.registered();
    if (signed.seqno() <= registered.seqno() || signed.view() < registered.view()) {
      return Optional.of(
          "receipt: transaction %s signed by %s, which is not behind it"
              .formatted(registered, signed));
    }
    List<Boolean> sides = CcfTree.sides(registered.seqno(), signed.seqno());
    return PathStep.sides(proof.path()).equals(sides)
        ? Optional.empty()
        : Optional.of(
            "receipt: the path is not that of transaction %s in the tree of %s"
                .formatted(registered, signed));
  }

  /// Whose a receipt's signature is.
  private sealed interface Signature {
    record By(CoseKey key) implements Signature {}

    record NoKey(String why) implements Signature {}

    record Bad(String why) implements Signature {}
  }

  private Signature ccfSignature(Receipt receipt, Hash root) {
    if (receipt.algorithm() != CoseAlgorithm.ES384.number()) {
      return new Signature.Bad(
          "receipt of a CCF ledger: algorithm %d (expected: -35, ES384)"
              .formatted(receipt.algorithm()));
    }
    if (receipt.kid().isEmpty()) {
      return new Signature.Bad("receipt of a CCF ledger: no kid");
    }
    Optional<CoseKey> key = keys.ccf(receipt.kid().get(), receipt.issuer());
    if (key.isEmpty()) {
      return new Signature.NoKey(unknown(receipt));
    }
    if (!key.get().isP384()) {
      return new Signature.Bad("receipt of a CCF ledger: its key is not on P-384");
    }
    return signature(receipt, key.get(), CoseAlgorithm.ES384, root);
  }

  private static Signature signature(
      Receipt receipt, CoseKey key, CoseAlgorithm algorithm, Hash root) {
    Cbor.Bytes signed = Cbor.Bytes.of(root.toBytes());
    // A receipt may carry the root, but then it is this one.
    if (receipt.message().payload().isPresent()
        && !receipt.message().payload().get().equals(signed)) {
      return new Signature.Bad("receipt: its payload is not the root that its proof leads to");
    }
    return key.signed(
            algorithm,
            receipt.message().toBeSigned(signed),
            receipt.message().signature().toBytes())
        ? new Signature.By(key)
        : new Signature.Bad("receipt: the signature is not that of its key over the root");
  }

  private static String unknown(Receipt receipt) {
    String kid =
        receipt
            .kid()
            .map(bytes ->
                Shown.text(new String(bytes.toBytes(), java.nio.charset.StandardCharsets.UTF_8)))
            .orElse("none");
    return "receipt: no key %s of %s is known".formatted(kid, Shown.text(receipt.issuer()));
  }

  private ReceiptVerdict rfc9162(SignedStatement statement, Receipt receipt) {
    Optional<CoseAlgorithm> algorithm = CoseAlgorithm.of(receipt.algorithm());
    if (algorithm.isEmpty()) {
      return new Unproven("receipt: algorithm %d is not known".formatted(receipt.algorithm()));
    }
    if (receipt.inclusions().size() > 1) {
      return new Invalid("receipt: several inclusion proofs (expected: one)");
    }
    var proof = (Rfc9162Proof.Inclusion) receipt.inclusions().getFirst();
    Optional<Hash> root = proof.proof().root(proof.index(), leaf(statement), proof.size());
    if (root.isEmpty()) {
      return new Invalid(
          "receipt: the path is not that of leaf %d in a tree of %d"
              .formatted(proof.index(), proof.size()));
    }
    Optional<CoseKey> key = keys.named(receipt.kid(), receipt.issuer());
    if (key.isEmpty()) {
      return new Unproven(unknown(receipt));
    }
    return switch (signature(receipt, key.get(), algorithm.get(), root.get())) {
      case Signature.By(CoseKey by) ->
          new Proven(
              receipt.issuer(),
              by.spkiSha256(),
              new Position.Leaf(proof.index()),
              new TreeHead(proof.size(), root.get()),
              receipt.issuedAt());
      case Signature.NoKey(String why) -> new Unproven(why);
      case Signature.Bad(String why) -> new Invalid(why);
    };
  }

  private Hash leaf(SignedStatement statement) {
    byte[] registered = statement.withoutReceipts();
    return switch (leafForm) {
      case DIGEST -> Hash.ofLeaf(Hash.ofData(registered).toBytes());
      case STATEMENT -> Hash.ofLeaf(registered);
    };
  }

  /// The tree that a consistency receipt says continues `older`; empty if it does not prove that.
  public Optional<TreeHead> continues(TreeHead older, Receipt receipt) {
    if (receipt.structure() != Receipt.Structure.CCF
        || receipt.consistencies().isEmpty()
        || receipt.signed().isEmpty()) {
      return Optional.empty();
    }
    TreeHead newer = null;
    for (Receipt.Proof proof : receipt.consistencies()) {
      CcfConsistency consistency = (CcfConsistency) proof;
      newer = new TreeHead(receipt.signed().get().seqno(), consistency.newerRoot());
      if (!consistency.holds(older, newer)) {
        return Optional.empty();
      }
    }
    return newer != null && ccfSignature(receipt, newer.root()) instanceof Signature.By
        ? Optional.of(newer)
        : Optional.empty();
  }
}
