package dev.sigwarden.log;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.Optional;

/// The certificates above its entries that a log keeps beside them. Thread-safe, as its client is.
@FunctionalInterface
public interface Chains {
  /// The certificates above the entry at `index`, as far as the log has them. Does not wait for
  /// memory.
  ///
  /// @param leaf the leaf hash of the entry that is meant
  /// @param head a head whose tree has the entry
  /// @param read leaves of this log, the entry's among them, if they are at hand: what the log sent
  ///   with them is not asked for again
  /// @throws LogUnavailableException if nothing was learnt
  /// @throws BadAnswerException if the answer is one that no honest log gives
  Chain of(long index, Hash leaf, TreeHead head, Optional<Leaves> read)
      throws LogUnavailableException, BadAnswerException;
}
