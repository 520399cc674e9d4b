package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.List;
import java.util.Map;

/// A proof that one state of a CCF ledger continues another.
/// draft-ietf-scitt-receipts-ccf-profile-05 section 4.
///
/// @param anchor the root of the smallest perfect subtree at the older tree's end
/// @param path the siblings from there to the newer root
public record CcfConsistency(Hash anchor, List<PathStep> path) implements Receipt.Proof {
  private static final Cbor ANCHOR = Headers.label(1);
  private static final Cbor PATH = Headers.label(2);

  public CcfConsistency {
    path = List.copyOf(path);
  }

  /// Reads one that stands alone, strictly.
  public static CcfConsistency parse(byte[] bytes) throws MalformedCoseException {
    return read(CborReader.read(bytes));
  }

  /// `{1: anchor, 2: path}`
  static CcfConsistency read(Cbor item) throws MalformedCoseException {
    if (!(item instanceof Cbor.Table(Map<Cbor, Cbor> parts))
        || parts.size() != 2
        || !(parts.get(PATH) instanceof Cbor.Array path)) {
      throw new MalformedCoseException(
          "consistency proof: %s (expected: a map of 1, the anchor, and 2, the path)"
              .formatted(Shown.item(item)));
    }
    return new CcfConsistency(
        PathStep.hash(parts.getOrDefault(ANCHOR, new Cbor.Nil()), "anchor"),
        PathStep.read(path, "consistency proof"));
  }

  /// The bytes that `parse` reads.
  public byte[] toBytes() {
    CborWriter writer = new CborWriter().map(2).integer(1).bytes(anchor.toBytes());
    writer.integer(2).array(path.size());
    for (PathStep step : path) {
      writer.array(2).bool(step.left()).bytes(step.hash().toBytes());
    }
    return writer.toBytes();
  }

  /// The newer root that the path leads to.
  Hash newerRoot() {
    Hash newer = anchor;
    for (PathStep step : path) {
      newer = step.left() ? CcfTree.node(step.hash(), newer) : CcfTree.node(newer, step.hash());
    }
    return newer;
  }

  /// The older root that the path leads to.
  private Hash olderRoot() {
    Hash older = anchor;
    for (PathStep step : path) {
      older = step.left() ? CcfTree.node(step.hash(), older) : older;
    }
    return older;
  }

  /// Whether this proves that the ledger of `newer` continues that of `older`, by the one path that
  /// there is between trees of these sizes: a path from a deeper anchor also leads to both roots
  /// and is refused.
  public boolean holds(TreeHead older, TreeHead newer) {
    if (older.size() < 1 || older.size() >= newer.size()) {
      return false;
    }
    int level = Long.numberOfTrailingZeros(older.size());
    long index = (older.size() >>> level) - 1;
    long nodes = ((newer.size() - 1) >>> level) + 1;
    return PathStep.sides(path).equals(CcfTree.sides(index, nodes))
        && olderRoot().equals(older.root())
        && newerRoot().equals(newer.root());
  }
}
