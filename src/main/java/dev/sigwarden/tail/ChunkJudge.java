package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHasher;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Hashes, decodes and matches the entries of a chunk on all cores: all that can be done before the
/// chunk is proven. Keeps nothing of an entry that no watch selects. Thread-safe.
public final class ChunkJudge {
  /// Entries that one core takes at once: enough to outweigh the hand-over, few enough to share a
  /// chunk evenly.
  private static final int PART = 128;

  private final EntryDecoder decoder;
  private final Supplier<Watches> watches;
  private final Clock clock;

  /// A judge of entries in the decoder's format.
  ///
  /// @param watches those in force
  public ChunkJudge(EntryDecoder decoder, Supplier<Watches> watches, Clock clock) {
    this.decoder = decoder;
    this.watches = watches;
    this.clock = clock;
  }

  /// What the watches in force say of the leaves as of now.
  JudgedLeaves judge(Leaves leaves) {
    LeafHashes hashes = hash(leaves);
    return new JudgedLeaves(leaves, hashes, judge(leaves, hashes, watches.get(), clock.instant()));
  }

  /// The leaf hashes, in order.
  public static LeafHashes hash(Leaves leaves) {
    LeafHashes hashes = new LeafHashes(leaves.count());
    parts(leaves)
        .forEach(part -> {
          TreeHasher hasher = new TreeHasher();
          for (int i = part * PART; i < Math.min(leaves.count(), (part + 1) * PART); i++) {
            hashes.hash(i, hasher, leaves.buffer(i), leaves.offset(i), leaves.length(i));
          }
        });
    return hashes;
  }

  private List<Judgement> judge(Leaves leaves, LeafHashes hashes, Watches inForce, Instant now) {
    return parts(leaves)
        .mapToObj(part -> {
          List<Judgement> found = new ArrayList<>(0);
          for (int i = part * PART; i < Math.min(leaves.count(), (part + 1) * PART); i++) {
            judge(leaves, hashes, i, inForce, now, found);
          }
          return found;
        })
        .flatMap(List::stream)
        .toList();
  }

  /// Adds to `found` what the watches say of leaf number `i`.
  private void judge(
      Leaves leaves,
      LeafHashes hashes,
      int i,
      Watches inForce,
      Instant now,
      List<Judgement> found) {
    EntryBytes entry = new EntryBytes(leaves.buffer(i), leaves.offset(i), leaves.length(i));
    switch (decoder.decode(entry)) {
      case Decoded.Event(SigningEvent event) -> {
        List<Hit> hits = inForce.select(event);
        if (!hits.isEmpty()) {
          found.addAll(signatures(leaves, hashes, i, event, hits, inForce, now));
        }
      }
      case Decoded.Undecodable(String reason) ->
          found.add(
              new Judgement.Undecodable(
                  leaves.from() + i,
                  hashes.get(i),
                  entry,
                  leaves.loggedAt(i),
                  reason,
                  inForce.literalsIn(entry)));
    }
  }

  /// The gravest judgement of each watch that selects the event.
  private static Collection<Judgement.Signature> signatures(
      Leaves leaves,
      LeafHashes hashes,
      int i,
      SigningEvent event,
      List<Hit> hits,
      Watches inForce,
      Instant now) {
    Hash leaf = hashes.get(i);
    Map<String, Judgement.Signature> worst = new LinkedHashMap<>();
    for (Hit hit : hits) {
      Verdict verdict = inForce.judge(hit, event, now, now);
      Judgement.Signature next =
          new Judgement.Signature(
              leaves.from() + i, leaf, event.entry(), leaves.loggedAt(i), event, hit, verdict);
      worst.merge(hit.watch().name(), next, ChunkJudge::worse);
    }
    return worst.values();
  }

  private static Judgement.Signature worse(Judgement.Signature one, Judgement.Signature other) {
    return gravity(other.verdict()) > gravity(one.verdict()) ? other : one;
  }

  private static int gravity(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Expected _ -> 0;
      case Verdict.Pending _ -> 1;
      case Verdict.Unexpected _ -> 2;
    };
  }

  private static IntStream parts(Leaves leaves) {
    return IntStream.range(0, (leaves.count() + PART - 1) / PART).parallel();
  }
}
