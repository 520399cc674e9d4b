package dev.sigwarden.tail;

import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.TreeHead;
import java.util.Optional;

/// How a head that a log signed relates to a head that it signed before.
public sealed interface Relation {
  /// The same tree.
  record Same() implements Relation {}

  /// A larger tree of which the known one is proven a prefix.
  record Extends() implements Relation {}

  /// A smaller tree that is, or may be, a prefix of the known one: a stale cache, or a log that
  /// went back.
  ///
  /// @param proven whether it is proven to be a prefix
  record Older(boolean proven) implements Relation {}

  /// A tree that cannot be of the same history as the known one.
  ///
  /// @param why sizes and roots
  /// @param other what the new head's tree has at the known size, if the sizes differ
  /// @param proof that `other` is a prefix of the new head's tree, or empty if the sizes are equal
  record Contradicts(String why, Optional<TreeHead> other, Optional<ConsistencyProof> proof)
      implements Relation {}

  /// The log serves nodes that do not fold to its own signed head, so nothing can be said.
  ///
  /// @param why which head
  record Unproven(String why) implements Relation {}
}
