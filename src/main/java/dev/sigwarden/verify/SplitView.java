package dev.sigwarden.verify;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.note.WitnessPolicy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What proves, without the log, that it signed two heads which no one history has.
///
/// @param origin the log's origin
/// @param keys the log's keys, at least one
/// @param known the signed note of the one head
/// @param shown the signed note of the other
/// @param consistency what the larger head's tree has at the smaller size; empty if both have one
///   size
/// @param parting where the two histories part; empty if that is not known
public record SplitView(
    String origin,
    List<VerifierKey> keys,
    String known,
    String shown,
    Optional<Consistency> consistency,
    Optional<Parting> parting) {
  /// The most leaves of each history in a parting, and so the widest that names one leaf.
  public static final int MAX_LEAVES = 1_024;

  public SplitView {
    keys = List.copyOf(keys);
  }

  /// That the larger head's tree has, at the smaller head's size, another root than was signed.
  ///
  /// @param root the root that it has there
  /// @param proof that it has
  public record Consistency(Hash root, ConsistencyProof proof) {}

  /// The subtrees of both histories, and the leaves in the first that differs.
  ///
  /// @param smaller the compact range of the smaller head
  /// @param larger the compact range of the larger head's tree, at the same size
  /// @param smallerLeaves the leaf hashes of the smaller head's first subtree that differs; none if
  ///   they are not known
  /// @param largerLeaves the same of the larger head's tree
  public record Parting(
      List<Hash> smaller, List<Hash> larger, List<Hash> smallerLeaves, List<Hash> largerLeaves) {
    public Parting {
      smaller = List.copyOf(smaller);
      larger = List.copyOf(larger);
      smallerLeaves = List.copyOf(smallerLeaves);
      largerLeaves = List.copyOf(largerLeaves);
    }
  }

  /// Where two histories part: the first leaf that differs is in `[from, to)`.
  public record Range(long from, long to) {}

  /// What the evidence is worth.
  public sealed interface Answer {
    /// The log signed both.
    ///
    /// @param known the one head
    /// @param shown the other
    /// @param parts where their histories part, if the evidence proves that too
    record Proven(TreeHead known, TreeHead shown, Optional<Range> parts) implements Answer {}

    /// The log signed a smaller tree after a larger one.
    record WentBack(TreeHead known, TreeHead shown) implements Answer {}

    /// It proves nothing.
    record Refused(String why) implements Answer {}
  }

  /// Checks all of it; asks nobody.
  public Answer check() {
    TrustedLog log = new TrustedLog(origin, origin, keys, WitnessPolicy.none());
    HeadVerdict one = HeadCheck.check(log, bytes(known), Instant.EPOCH);
    HeadVerdict other = HeadCheck.check(log, bytes(shown), Instant.EPOCH);
    if (!(one instanceof HeadVerdict.Believed knownHead)) {
      return refused("known head", one);
    }
    if (!(other instanceof HeadVerdict.Believed shownHead)) {
      return refused("shown head", other);
    }
    TreeHead first = knownHead.checkpoint().head();
    TreeHead second = shownHead.checkpoint().head();
    Optional<String> objection = objection(first, second);
    if (objection.isEmpty()) {
      return parting.isEmpty()
          ? new Answer.Proven(first, second, Optional.empty())
          : parts(first, second, parting.get());
    }
    boolean later =
        knownHead.signedAt().isPresent()
            && shownHead.signedAt().isPresent()
            && shownHead.signedAt().get().isAfter(knownHead.signedAt().get());
    return second.size() < first.size() && later
        ? new Answer.WentBack(first, second)
        : new Answer.Refused(objection.get());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Answer refused(String which, HeadVerdict verdict) {
    return switch (verdict) {
      case HeadVerdict.Believed _ -> throw new IllegalArgumentException("a head that is believed");
      case HeadVerdict.Unreadable(String why) -> new Answer.Refused(which + ": " + why);
      case HeadVerdict.Untrusted(String why, _) -> new Answer.Refused(which + ": " + why);
      case HeadVerdict.Unwitnessed(String why, _) -> new Answer.Refused(which + ": " + why);
    };
  }

  /// Why the two heads do not contradict each other; empty if they do.
  private Optional<String> objection(TreeHead first, TreeHead second) {
    if (first.size() == second.size()) {
      return first.root().equals(second.root())
          ? Optional.of("both heads are of the same tree")
          : Optional.empty();
    }
    TreeHead older = first.size() < second.size() ? first : second;
    TreeHead newer = older.equals(first) ? second : first;
    if (consistency.isEmpty()) {
      return Optional.of("heads of two sizes, and no proof that they contradict each other");
    }
    TreeHead had = new TreeHead(older.size(), consistency.get().root());
    if (had.root().equals(older.root())) {
      return Optional.of("the larger tree has the smaller one in it");
    }
    return consistency.get().proof().holds(had, newer)
        ? Optional.empty()
        : Optional.of("the consistency proof does not hold");
  }

  private Answer parts(TreeHead first, TreeHead second, Parting parting) {
    TreeHead older = first.size() <= second.size() ? first : second;
    Hash had = consistency.map(Consistency::root).orElse(second.root());
    long size = older.size();
    int subtrees = Long.bitCount(size);
    if (parting.smaller.size() != subtrees
        || parting.larger.size() != subtrees
        || !CompactRange.of(size, parting.smaller).root().equals(older.root())
        || !CompactRange.of(size, parting.larger).root().equals(had)) {
      return new Answer.Refused("subtrees that are not those of the two trees");
    }
    Range range = firstDifference(size, parting.smaller, parting.larger);
    if (parting.smallerLeaves.isEmpty() && parting.largerLeaves.isEmpty()) {
      return new Answer.Proven(first, second, Optional.of(range));
    }
    int subtree = Long.bitCount(size & -(range.to - range.from) << 1);
    if (!folds(parting.smallerLeaves, range, parting.smaller.get(subtree))
        || !folds(parting.largerLeaves, range, parting.larger.get(subtree))) {
      return new Answer.Refused("leaves that are not those of the subtrees that differ");
    }
    int leaf = 0;
    while (parting.smallerLeaves.get(leaf).equals(parting.largerLeaves.get(leaf))) {
      leaf++;
    }
    long index = range.from + leaf;
    return new Answer.Proven(first, second, Optional.of(new Range(index, index + 1)));
  }

  /// The first subtree that differs between two compact ranges over `size` leaves that differ.
  public static Range firstDifference(long size, List<Hash> one, List<Hash> other) {
    long from = 0;
    for (int i = 0; i < one.size(); i++) {
      long to = from + Long.highestOneBit(size - from);
      if (!one.get(i).equals(other.get(i))) {
        return new Range(from, to);
      }
      from = to;
    }
    throw new IllegalArgumentException("two ranges: the same (expected: different)");
  }

  private static boolean folds(List<Hash> leaves, Range range, Hash subtree) {
    if (leaves.size() != range.to - range.from || leaves.size() > MAX_LEAVES) {
      return false;
    }
    CompactRange folded = CompactRange.empty();
    leaves.forEach(folded::append);
    return folded.root().equals(subtree);
  }
}
