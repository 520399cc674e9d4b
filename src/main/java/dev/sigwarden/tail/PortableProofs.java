package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chain;
import dev.sigwarden.log.Chains;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.Inclusion;
import dev.sigwarden.verify.TrustedLog;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Inclusion proofs, and chains of certificates, that go with findings, so that they stand without
/// the log. They are a courtesy: the log must not be able to hold up its own turn by answering
/// slowly, so the findings of one chunk get only so many, for so long, and none after the first
/// that failed. Thread-safe.
final class PortableProofs {
  /// Proofs asked for one chunk: more than a theft shows at first, few enough for a log that is
  /// flooded.
  static final int MAX_PER_CHUNK = 20;

  /// How long the proofs of one chunk are asked for; a request under way then still ends at its own
  /// deadline.
  static final Duration LONGEST = Duration.ofSeconds(10);

  /// After this, findings at the same position may ask again: those of reviews, long after the
  /// chunk.
  static final Duration RENEWED = Duration.ofMinutes(1);

  /// What came of asking.
  sealed interface Asked {
    /// A proof that holds, in a tree that the log signed and that fits the one known.
    record Proof(Inclusion proof) implements Asked {}

    /// No proof, in words.
    record None(String why) implements Asked {}
  }

  /// Heads beside proofs that are kept to be placed, until the next turn places them.
  private static final int MAX_STRANGERS = 4;

  private final LogClient client;
  private final TrustedLog log;
  private final BooleanSupplier stopping;
  private final Clock clock;

  private final Allowance inclusion = new Allowance();

  /// Chains have their own: one that is missing says nothing of the log's proofs.
  private final Allowance chains = new Allowance();

  // Guarded by this.
  private final List<SeenHead> strangers = new ArrayList<>();

  /// @param log whose notes beside proofs are believed
  /// @param stopping whether the daemon is stopping, so that nothing more is asked
  PortableProofs(LogClient client, TrustedLog log, BooleanSupplier stopping, Clock clock) {
    this.client = client;
    this.log = log;
    this.stopping = stopping;
    this.clock = clock;
  }

  /// The proof for an entry found while `view` was what is known of the log: the same for all of a
  /// chunk.
  Asked of(View view, Judgement judgement) {
    Optional<String> refusal = inclusion.refusal(view);
    if (refusal.isPresent()) {
      return new Asked.None("no inclusion proof was asked for: " + refusal.get());
    }
    TreeHead head = view.head().head();
    try {
      Inclusion proof = client.inclusion(judgement.index(), head);
      Optional<String> objection =
          proof.objection(log, judgement.index(), judgement.leaf(), head, clock.instant());
      if (objection.isEmpty() && proof.note().isPresent() && !continues(head, proof.head())) {
        stranger(proof);
        objection =
            Optional.of(
                "the log proved it in a signed tree of %d entries that is not shown to continue"
                        .formatted(proof.head().size())
                    + " the one known");
      }
      if (objection.isEmpty()) {
        return new Asked.Proof(proof);
      }
      inclusion.fail();
      return new Asked.None(objection.get());
    } catch (LogUnavailableException | BadAnswerException e) {
      inclusion.fail();
      return new Asked.None("no inclusion proof was had: " + e.getMessage());
    }
  }

  /// The certificates above an entry, of a log that keeps any; empty for others.
  ///
  /// @param read leaves of the log, the entry's among them, if they are at hand
  Optional<Chain> chain(View view, Judgement judgement, Optional<Leaves> read) {
    Optional<Chains> kept = client.chains();
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> refusal = chains.refusal(view);
    if (refusal.isPresent()) {
      return Optional.of(new Chain("", "no chain was asked for: " + refusal.get()));
    }
    try {
      return Optional.of(
          kept.get().of(judgement.index(), judgement.leaf(), view.head().head(), read));
    } catch (LogUnavailableException | BadAnswerException e) {
      chains.fail();
      return Optional.of(new Chain("", "no chain was had: " + e.getMessage()));
    }
  }

  private boolean continues(TreeHead known, TreeHead other)
      throws LogUnavailableException, BadAnswerException {
    TreeHead older = known.size() <= other.size() ? known : other;
    TreeHead newer = older.equals(known) ? other : known;
    return older.size() == newer.size()
        ? older.root().equals(newer.root())
        : client.consistency(older.size(), newer.size()).holds(older, newer);
  }

  private synchronized void stranger(Inclusion proof) {
    String note = new String(proof.note().orElseThrow().toBytes(), StandardCharsets.UTF_8);
    if (strangers.size() < MAX_STRANGERS) {
      strangers.add(new SeenHead(proof.head(), note, clock.instant()));
    }
  }

  /// Heads that the log signed and sent beside proofs, and did not show to continue what is known:
  /// to be placed like any other head that it shows. Each is handed out once.
  synchronized List<SeenHead> strangers() {
    List<SeenHead> seen = List.copyOf(strangers);
    strangers.clear();
    return seen;
  }

  /// How much is still asked for the findings of one chunk.
  private final class Allowance {
    // Guarded by this.
    private Optional<View> view = Optional.empty();
    private Instant began = Instant.MIN;
    private int asked;
    private boolean failed;

    private synchronized void fail() {
      failed = true;
    }

    /// Why the log is not asked; empty if it is.
    private synchronized Optional<String> refusal(View now) {
      Instant time = clock.instant();
      if (view.isEmpty() || !view.get().equals(now) || !time.isBefore(began.plus(RENEWED))) {
        view = Optional.of(now);
        began = time;
        asked = 0;
        failed = false;
      }
      if (stopping.getAsBoolean()) {
        return Optional.of("Sigwarden was being stopped");
      }
      if (failed) {
        return Optional.of("the one asked for before, for another finding, failed");
      }
      if (asked >= MAX_PER_CHUNK) {
        return Optional.of(MAX_PER_CHUNK + " findings at the same time have one");
      }
      if (time.isAfter(began.plus(LONGEST))) {
        return Optional.of("the log took too long over those of other findings");
      }
      asked++;
      return Optional.empty();
    }
  }
}
