package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chain;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.merkle.Hash;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One entry as the API sends it: the leaf, and beside it what was submitted. RFC 6962 section 4.6.
/// A class and not a record for its arrays.
final class SentEntry {
  private final byte[] leaf;
  private final byte @Nullable [] extraData;

  /// @param extraData null if none was sent
  SentEntry(byte[] leaf, byte @Nullable [] extraData) {
    this.leaf = leaf;
    this.extraData = extraData;
  }

  /// The members of an object that is an entry, or has the members of one beside others. Anything
  /// else in it is passed over.
  static final class Members {
    private byte @Nullable [] leaf;
    private byte @Nullable [] extraData;

    /// Takes the value of the member `name`, or passes over it.
    void take(String name, AnswerReader json) throws BadAnswerException {
      switch (name) {
        case "leaf_input" -> leaf = json.bytes();
        case "extra_data" -> extraData = json.bytes();
        default -> json.skip();
      }
    }

    /// The entry; empty if the object had no leaf.
    Optional<SentEntry> entry() {
      return leaf == null ? Optional.empty() : Optional.of(new SentEntry(leaf, extraData));
    }
  }

  Hash leafHash() {
    return Hash.ofLeaf(leaf);
  }

  /// The certificates that it was submitted with.
  ///
  /// @param resource where it was sent, for messages
  Chain chain(String resource) throws BadAnswerException {
    if (extraData == null) {
      throw new BadAnswerException(resource, "no chain (expected: extra_data)");
    }
    try {
      return SubmittedEntry.ofExtraData(leaf, extraData);
    } catch (MalformedLeafException e) {
      throw new BadAnswerException(resource, "extra_data: " + e.getMessage());
    }
  }
}
