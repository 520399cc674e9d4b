package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A proof that one tree is a prefix of another. RFC 9162 section 2.1.4.
///
/// @param path node hashes in the order of the RFC; empty when both sizes are equal or the older is
///   0
public record ConsistencyProof(List<Hash> path) {
  /// The most hashes that a proof between two trees of 63-bit size can have; what is longer needs
  /// not be read to be refused.
  public static final int MAX_HASHES = 64;

  public ConsistencyProof {
    path = List.copyOf(path);
  }

  /// Whether this proves that `older` is a prefix of `newer`: false for anything that does not,
  /// whatever its shape. All size cases: older empty (path must be empty, and the older root that
  /// of the empty tree), equal (path empty, same root), smaller. RFC 9162 section 2.1.4.2.
  public boolean holds(TreeHead older, TreeHead newer) {
    if (older.size() == 0) {
      return path.isEmpty()
          && older.root().equals(Hash.emptyRoot())
          && (newer.size() > 0 || newer.root().equals(older.root()));
    }
    if (older.size() == newer.size()) {
      return path.isEmpty() && older.root().equals(newer.root());
    }
    return older.size() < newer.size() && climb(older, newer, new ArrayList<>());
  }

  /// The compact range of `older`, proven with the same hashes that prove it a prefix of `newer`:
  /// with it, reading can start at `older` without the leaves before. Empty if the proof does not
  /// hold, and when both sizes are equal and no power of two, where the proof is empty and names no
  /// subtree.
  ///
  /// Each hash of the path that joins the older tree from the left is the root of one of its
  /// perfect subtrees, the smallest first, after the one that the climb starts from.
  public Optional<CompactRange> range(TreeHead older, TreeHead newer) {
    if (older.size() == 0 || older.size() == newer.size()) {
      if (!holds(older, newer) || Long.bitCount(older.size()) > 1) {
        return Optional.empty();
      }
      List<Hash> whole = older.size() == 0 ? List.of() : List.of(older.root());
      return Optional.of(CompactRange.of(older.size(), whole));
    }
    List<Hash> subtrees = new ArrayList<>();
    if (older.size() > newer.size() || !climb(older, newer, subtrees)) {
      return Optional.empty();
    }
    return Optional.of(CompactRange.of(older.size(), subtrees.reversed()));
  }

  /// RFC 9162 section 2.1.4.2 for `0 < older.size < newer.size`; adds to `subtrees` the perfect
  /// subtrees of the older tree, the smallest first.
  private boolean climb(TreeHead older, TreeHead newer, List<Hash> subtrees) {
    // 1. An empty path fails.
    if (path.isEmpty() || path.size() > MAX_HASHES) {
      return false;
    }
    // 2. An older tree that is one perfect tree is where the climb starts from.
    boolean perfect = Long.bitCount(older.size()) == 1;
    Hash seed = perfect ? older.root() : path.getFirst();
    List<Hash> rest = perfect ? path : path.subList(1, path.size());
    // 3. and 4. Start at the last node of the older tree, past the levels on which it is a right
    // child.
    long fn = older.size() - 1;
    long sn = newer.size() - 1;
    int full = Long.numberOfTrailingZeros(~fn);
    fn >>>= full;
    sn >>>= full;
    // 5.
    Hash fr = seed;
    Hash sr = seed;
    subtrees.add(seed);
    // 6.
    TreeHasher hasher = new TreeHasher();
    for (Hash c : rest) {
      // 6a.
      if (sn == 0) {
        return false;
      }
      if ((fn & 1) == 1 || fn == sn) {
        // 6b. A left sibling, in both trees.
        fr = hasher.node(c, fr);
        sr = hasher.node(c, sr);
        subtrees.add(c);
        int skipped = Long.numberOfTrailingZeros(fn); // fn is not 0: odd, or equal to sn
        fn >>>= skipped;
        sn >>>= skipped;
      } else {
        // 6b, otherwise. A right sibling, in the newer tree only.
        sr = hasher.node(sr, c);
      }
      // 6c.
      fn >>>= 1;
      sn >>>= 1;
    }
    // 7.
    return fr.equals(older.root()) && sr.equals(newer.root()) && sn == 0;
  }
}
