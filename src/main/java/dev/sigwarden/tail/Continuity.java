package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.TreeHead;
import java.util.Optional;

/// Decides how a new head relates to a known one, asking the log for proofs. Equal, larger and
/// smaller are three cases.
final class Continuity {
  private final LogClient client;

  Continuity(LogClient client) {
    this.client = client;
  }

  /// The relation of `next` to `known`, both signed by the log.
  Relation relate(TreeHead known, TreeHead next)
      throws LogUnavailableException, BadAnswerException {
    if (next.size() == known.size()) {
      return next.root().equals(known.root())
          ? new Relation.Same()
          : new Relation.Contradicts(
              "two roots for %d entries: %s and %s"
                  .formatted(known.size(), known.root(), next.root()),
              Optional.of(next),
              Optional.empty());
    }
    return next.size() > known.size() ? larger(known, next) : smaller(known, next);
  }

  private Relation larger(TreeHead known, TreeHead next)
      throws LogUnavailableException, BadAnswerException {
    if (client.consistency(known.size(), next.size()).holds(known, next)) {
      return new Relation.Extends();
    }
    // Ask once more past every cache: what was cached may be what was altered.
    client.forget();
    ConsistencyProof proof = client.consistency(known.size(), next.size());
    if (proof.holds(known, next)) {
      return new Relation.Extends();
    }
    // The tree of `next` is a commitment: if it provably has another root at the known size, the
    // log signed two histories. If not even that can be shown, its nodes do not fit its own head.
    CompactRange other = client.range(known.size(), next);
    if (!other.root().equals(known.root()) && proof.holds(other.head(), next)) {
      return new Relation.Contradicts(
          "its tree of %d entries has root %s at size %d, where it had signed root %s"
              .formatted(next.size(), other.root(), known.size(), known.root()),
          Optional.of(other.head()),
          Optional.of(proof));
    }
    return new Relation.Unproven(
        "the nodes served do not fold to the signed head (%d entries, root %s)"
            .formatted(next.size(), next.root()));
  }

  private Relation smaller(TreeHead known, TreeHead next) {
    if (next.size() == 0) {
      return new Relation.Older(true);
    }
    try {
      ConsistencyProof proof = client.consistency(next.size(), known.size());
      if (proof.holds(next, known)) {
        return new Relation.Older(true);
      }
      CompactRange other = client.range(next.size(), known);
      if (!other.root().equals(next.root()) && proof.holds(other.head(), known)) {
        return new Relation.Contradicts(
            "it signed root %s for %d entries, where its tree of %d entries has root %s"
                .formatted(next.root(), next.size(), known.size(), other.root()),
            Optional.of(other.head()),
            Optional.of(proof));
      }
    } catch (LogUnavailableException | BadAnswerException e) {
      // A log that went back no longer has the nodes of the larger tree: nothing can be proven.
      // What is no proof at all acquits it as little.
      return new Relation.Older(false);
    }
    return new Relation.Older(false);
  }
}
