package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A proof that a transaction is in a CCF ledger. draft-ietf-scitt-receipts-ccf-profile section 3.
///
/// @param transactionHash of the transaction as the ledger has it
/// @param evidence shows that the transaction was committed; names it
/// @param dataHash of what was registered
/// @param registered the transaction that the evidence names
/// @param path the siblings, the leaf's first
record CcfInclusion(
    Hash transactionHash, String evidence, Hash dataHash, TxId registered, List<PathStep> path)
    implements Receipt.Proof {
  private static final Cbor LEAF = Headers.label(1);
  private static final Cbor PATH = Headers.label(2);

  /// `ce:VIEW.SEQNO:HEX`
  private static final Pattern EVIDENCE = Pattern.compile("ce:([0-9.]{3,40}):[0-9a-f]{64}");

  CcfInclusion {
    path = List.copyOf(path);
  }

  /// `{1: [transaction hash, evidence, data hash], 2: path}`
  static CcfInclusion read(Cbor item) throws MalformedCoseException {
    if (!(item instanceof Cbor.Table(Map<Cbor, Cbor> parts))
        || parts.size() != 2
        || !(parts.get(LEAF) instanceof Cbor.Array(List<Cbor> leaf))
        || leaf.size() != 3
        || !(leaf.get(1) instanceof Cbor.Text(String evidence))) {
      throw new MalformedCoseException(
          "inclusion proof: %s (expected: a map of 1, the leaf, and 2, the path)"
              .formatted(Shown.item(item)));
    }
    Matcher named = EVIDENCE.matcher(evidence);
    TxId registered = named.matches() ? TxId.parse(named.group(1)).orElse(null) : null;
    if (registered == null) {
      throw new MalformedCoseException(
          "evidence: %s (expected: ce:VIEW.SEQNO:HEX)".formatted(Shown.text(evidence)));
    }
    return new CcfInclusion(
        PathStep.hash(leaf.get(0), "transaction hash"),
        evidence,
        PathStep.hash(leaf.get(2), "data hash"),
        registered,
        PathStep.read(parts.getOrDefault(PATH, new Cbor.Nil()), "inclusion proof"));
  }

  /// SHA-256(transaction hash || SHA-256(evidence) || data hash).
  Hash leaf() {
    byte[] all = new byte[3 * Hash.LENGTH];
    transactionHash.copyTo(all, 0);
    Hash.ofData(evidence.getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .copyTo(all, Hash.LENGTH);
    dataHash.copyTo(all, 2 * Hash.LENGTH);
    return Hash.ofData(all);
  }

  /// The root that the path leads to.
  Hash root() {
    Hash node = leaf();
    for (PathStep step : path) {
      node = step.left() ? CcfTree.node(step.hash(), node) : CcfTree.node(node, step.hash());
    }
    return node;
  }
}
