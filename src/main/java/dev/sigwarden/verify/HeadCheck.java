package dev.sigwarden.verify;

import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignatureCheck.Absent;
import dev.sigwarden.note.SignatureCheck.Invalid;
import dev.sigwarden.note.SignatureCheck.Valid;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy.Quorum;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/// Whether bytes served as a log's head are a checkpoint of that log: form, origin, log signature,
/// witnesses, in this order. Its relation to what was known before is `tail`'s question.
public final class HeadCheck {
  private HeadCheck() {}

  /// The verdict on `bytes`; never throws for anything a log can send.
  ///
  /// @param now against which the times of cosignatures are held
  public static HeadVerdict check(TrustedLog log, byte[] bytes, Instant now) {
    SignedNote note;
    Checkpoint checkpoint;
    try {
      note = SignedNote.parse(bytes);
      checkpoint = Checkpoint.parse(note.text());
    } catch (MalformedNoteException e) {
      return new HeadVerdict.Unreadable("not a checkpoint: " + e.getMessage());
    }
    String raw = new String(note.toBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (!checkpoint.origin().equals(log.origin())) {
      return new HeadVerdict.Untrusted(
          "origin: %s (expected: %s)".formatted(checkpoint.origin(), log.origin()), raw);
    }
    boolean signed = false;
    Optional<Instant> signedAt = Optional.empty();
    for (VerifierKey key : log.keys()) {
      SignatureCheck check = note.check(key);
      switch (check) {
        case Valid valid -> {
          signed = true;
          signedAt = valid.timed() ? Optional.of(valid.time()) : signedAt;
        }
        case Invalid(String why) -> {
          return new HeadVerdict.Untrusted(
              "signature of key %s+%08x: %s".formatted(key.name(), key.keyId(), why), raw);
        }
        case Absent _ -> {}
      }
    }
    if (!signed) {
      return new HeadVerdict.Untrusted(unknownSigners(log, note), raw);
    }
    Quorum quorum = log.witnesses().check(note, now);
    if (!quorum.met()) {
      return new HeadVerdict.Unwitnessed(String.join("; ", quorum.problems()), raw);
    }
    return new HeadVerdict.Believed(checkpoint, raw, quorum.valid(), signedAt);
  }

  private static String unknownSigners(TrustedLog log, SignedNote note) {
    String found =
        note.signatures().stream()
            .limit(10)
            .map(signature -> "%s+%08x".formatted(signature.name(), signature.keyId()))
            .collect(Collectors.joining(", "));
    String expected =
        log.keys().stream()
            .map(key -> "%s+%08x".formatted(key.name(), key.keyId()))
            .collect(Collectors.joining(" or "));
    return "signed by: %s (expected: %s)".formatted(found, expected);
  }
}
