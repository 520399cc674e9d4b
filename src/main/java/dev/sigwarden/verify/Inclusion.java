package dev.sigwarden.verify;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.SignedNote;
import java.time.Instant;
import java.util.Optional;

/// What a log shows to prove that a leaf is in a tree that it signed. Tile logs prove it in the
/// tree that is asked for; Rekor v1 proves it in its newest and sends that tree's note along.
///
/// @param head the tree of the proof
/// @param proof the path from the leaf to that tree's root
/// @param note the signed note of that tree; empty if it is the tree that was asked for
public record Inclusion(TreeHead head, InclusionProof proof, Optional<SignedNote> note) {
  /// A proof in the tree that was asked for.
  public static Inclusion in(TreeHead asked, InclusionProof proof) {
    return new Inclusion(asked, proof, Optional.empty());
  }

  /// Why this does not prove that `leaf` is the leaf hash at `index` in a tree that `log` signed;
  /// empty if it does.
  ///
  /// @param asked the head that a proof was asked for, which is believed already
  /// @param now against which the times of cosignatures are held
  public Optional<String> objection(
      TrustedLog log, long index, Hash leaf, TreeHead asked, Instant now) {
    if (note.isEmpty() && !head.equals(asked)) {
      return Optional.of("the log's inclusion proof is in another tree, without a note of it");
    }
    if (!proof.holds(index, leaf, head)) {
      return Optional.of("the log's inclusion proof did not hold");
    }
    return note.flatMap(signed -> objection(log, signed, now));
  }

  private Optional<String> objection(TrustedLog log, SignedNote signed, Instant now) {
    return switch (HeadCheck.check(log, signed.toBytes(), now)) {
      case HeadVerdict.Believed(var checkpoint, _, _, _) when checkpoint.head().equals(head) ->
          Optional.empty();
      case HeadVerdict.Believed _ ->
          Optional.of("the log's inclusion proof is not in the tree of the note beside it");
      case HeadVerdict.Unreadable(String why) -> Optional.of(why);
      case HeadVerdict.Untrusted(String why, _) -> Optional.of(why);
      case HeadVerdict.Unwitnessed(String why, _) -> Optional.of(why);
    };
  }
}
