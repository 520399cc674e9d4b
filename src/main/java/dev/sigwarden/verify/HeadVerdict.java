package dev.sigwarden.verify;

import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.Cosignature;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Whether bytes that a log served as its head may be believed.
public sealed interface HeadVerdict {
  /// A checkpoint of the right origin, signed by a trusted key, with the quorum of witnesses.
  ///
  /// @param checkpoint what it says
  /// @param note the signed note as received
  /// @param cosignatures the valid ones of configured witnesses
  /// @param signedAt when, as the log's signature states it; empty if it states no time
  record Believed(
      Checkpoint checkpoint,
      String note,
      List<Cosignature> cosignatures,
      Optional<Instant> signedAt)
      implements HeadVerdict {
    public Believed {
      cosignatures = List.copyOf(cosignatures);
    }
  }

  /// Not a checkpoint at all: an error page, a cut body. Nothing was learnt of the log.
  ///
  /// @param why what was found and what was expected
  record Unreadable(String why) implements HeadVerdict {}

  /// A checkpoint that a trusted key did not sign, or signed wrongly, or that belongs to another
  /// log.
  ///
  /// @param why what was found and what was expected
  /// @param note the note as received
  record Untrusted(String why, String note) implements HeadVerdict {}

  /// Signed by the log, but the witnesses that the operator asked for have not (all) cosigned it.
  ///
  /// @param why which are missing
  /// @param note the note as received
  record Unwitnessed(String why, String note) implements HeadVerdict {}
}
