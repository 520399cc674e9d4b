package dev.sigwarden.merkle;

/// A tree's size in leaves and its root hash.
///
/// @param size leaves, `>= 0`
/// @param root the Merkle tree hash of the first `size` leaves
public record TreeHead(long size, Hash root) {
  public TreeHead {
    if (size < 0) {
      throw new IllegalArgumentException("tree size: " + size + " (expected: >= 0)");
    }
  }

  /// The head of the tree without leaves.
  public static TreeHead empty() {
    return new TreeHead(0, Hash.emptyRoot());
  }
}
