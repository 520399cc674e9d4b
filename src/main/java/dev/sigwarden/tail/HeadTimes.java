package dev.sigwarden.tail;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.View;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What is wrong with the times that a log signs into its heads, whatever our own clock says. RFC
/// 6962 section 3.5: each head is dated after the one before, and after every entry that it covers.
/// Logs that state no times are none of this class's concern. Used by one thread at a time.
final class HeadTimes {
  private final LogSettings log;
  private final Reports reports;

  /// The head whose time was read last, and that time.
  private Optional<SeenHead> read = Optional.empty();

  private Optional<Instant> time = Optional.empty();

  HeadTimes(LogSettings log, Reports reports) {
    this.log = log;
    this.reports = reports;
  }

  /// Whether a head that states `signedAt` was signed after the newest of the proven history.
  boolean later(View known, Optional<Instant> signedAt) {
    Optional<Instant> before = of(known.head());
    return before.isPresent() && signedAt.isPresent() && signedAt.get().isAfter(before.get());
  }

  /// The finding that a larger head is dated before the newest of the proven history.
  ///
  /// @param signedAt the time that `shown` states
  Optional<Filing> objection(View known, SeenHead shown, Optional<Instant> signedAt) {
    Optional<Instant> before = of(known.head());
    long size = known.head().head().size();
    if (before.isEmpty()
        || signedAt.isEmpty()
        || shown.head().size() <= size
        || !signedAt.get().isBefore(before.get())) {
      return Optional.empty();
    }
    return Optional.of(
        reports.headInvalid(
            "time",
            0,
            "the head of %d entries is dated %s, before the head of %d entries, dated %s"
                .formatted(shown.head().size(), signedAt.get(), size, before.get()),
            Reports.bothHeads(known.head(), shown),
            shown.seen()));
  }

  /// The finding that a head is not the last one that the log has, by the word of whoever lists it:
  /// a log that takes no entries any more ends there and nowhere else.
  Optional<Filing> pastTheEnd(SeenHead shown) {
    Optional<TreeHead> last = log.source().finalHead();
    if (last.isEmpty()
        || shown.head().size() < last.get().size()
        || shown.head().equals(last.get())) {
      return Optional.empty();
    }
    return Optional.of(
        reports.headInvalid(
            "final-head",
            0,
            "the head has %d entries and root %s, the log's last head is listed with %d and root %s"
                .formatted(
                    shown.head().size(), shown.head().root(), last.get().size(), last.get().root()),
            List.of(Reports.text("checkpoint.note", shown.note())),
            shown.seen()));
  }

  /// The finding that a head covers an entry that was taken after it.
  ///
  /// @param leaves proven to be in the view's head
  Optional<Filing> objection(View view, Leaves leaves, Instant now) {
    Optional<Instant> signedAt = of(view.head());
    OptionalLong later =
        signedAt.isPresent() ? leaves.loggedAfter(signedAt.get()) : OptionalLong.empty();
    if (later.isEmpty()) {
      return Optional.empty();
    }
    int number = (int) (later.getAsLong() - leaves.from());
    return Optional.of(
        reports.headInvalid(
            "time",
            view.branch(),
            "entry %d is dated %s, after the head of %d entries that has it, dated %s"
                .formatted(
                    later.getAsLong(),
                    leaves.loggedAt(number).orElseThrow(),
                    view.head().head().size(),
                    signedAt.get()),
            List.of(
                new Evidence("entry.bin", leaves.copy(number)),
                Reports.text("checkpoint.note", view.head().note())),
            now));
  }

  /// The time that a head states.
  Optional<Instant> of(SeenHead head) {
    if (!read.equals(Optional.of(head))) {
      read = Optional.of(head);
      time = stated(head.note());
    }
    return time;
  }

  private Optional<Instant> stated(String text) {
    try {
      SignedNote note = SignedNote.parse(text.getBytes(StandardCharsets.UTF_8));
      for (VerifierKey key : log.trusted().keys()) {
        if (note.check(key) instanceof SignatureCheck.Valid valid && valid.timed()) {
          return Optional.of(valid.time());
        }
      }
    } catch (MalformedNoteException e) {
      throw new IllegalStateException("a head that was believed", e);
    }
    return Optional.empty();
  }
}
