package dev.sigwarden.tail;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Hashes, decodes and matches the entries of a chunk on all cores. Keeps nothing of an entry that
/// no watch selects.
public final class ChunkJudge {
  /// Entries that one core takes at once: enough to outweigh the hand-over, few enough to share a
  /// chunk evenly.
  private static final int PART = 128;

  private final EntryDecoder decoder;

  /// A judge of entries in the decoder's format.
  public ChunkJudge(EntryDecoder decoder) {
    this.decoder = decoder;
  }

  /// The leaf hashes, in order.
  public List<Hash> hash(Leaves leaves) {
    Hash[] hashes = new Hash[leaves.count()];
    parts(leaves)
        .forEach(part -> {
          for (int i = part * PART; i < Math.min(leaves.count(), (part + 1) * PART); i++) {
            hashes[i] = Hash.ofLeaf(leaves.buffer(i), leaves.offset(i), leaves.length(i));
          }
        });
    return Arrays.asList(hashes);
  }

  /// What the watches say of entries that were proven to be in the log, in index order.
  ///
  /// @param hashes the leaf hashes of `leaves`
  /// @param now when the entries were seen
  public List<Judgement> judge(Leaves leaves, List<Hash> hashes, Watches watches, Instant now) {
    return parts(leaves)
        .mapToObj(part -> {
          List<Judgement> found = new ArrayList<>(0);
          for (int i = part * PART; i < Math.min(leaves.count(), (part + 1) * PART); i++) {
            EntryBytes entry = new EntryBytes(leaves.buffer(i), leaves.offset(i), leaves.length(i));
            judge(leaves.from() + i, hashes.get(i), entry, leaves.loggedAt(i), watches, now, found);
          }
          return found;
        })
        .flatMap(List::stream)
        .toList();
  }

  private void judge(
      long index,
      Hash leaf,
      EntryBytes entry,
      Optional<Instant> loggedAt,
      Watches watches,
      Instant now,
      List<Judgement> found) {
    switch (decoder.decode(entry)) {
      case Decoded.Event(SigningEvent event) -> {
        List<Hit> hits = watches.select(event);
        if (hits.isEmpty()) {
          return;
        }
        // The chunk's buffers are not kept alive by the few entries that are written down.
        EntryBytes kept = EntryBytes.of(entry.toBytes());
        Map<String, Judgement.Signature> worst = new LinkedHashMap<>();
        for (Hit hit : hits) {
          Verdict verdict = watches.judge(hit, event, now, now);
          Judgement.Signature next =
              new Judgement.Signature(index, leaf, kept, loggedAt, event, hit, verdict);
          worst.merge(hit.watch().name(), next, ChunkJudge::worse);
        }
        found.addAll(worst.values());
      }
      case Decoded.Undecodable(String reason) ->
          found.add(
              new Judgement.Undecodable(
                  index,
                  leaf,
                  EntryBytes.of(entry.toBytes()),
                  loggedAt,
                  reason,
                  watches.literalsIn(entry)));
    }
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
