package dev.sigwarden.tail;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Watches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Hashes, decodes and matches the entries of a chunk on all cores. Keeps nothing of an entry that
/// no watch selects.
public final class ChunkJudge {
  /// Entries that one core takes at once: enough to outweigh the hand-over, few enough to share a
  /// chunk evenly.
  private static final int PART = 128;

  private final EntryDecoder decoder;
  private final Function<CertificateSigner, CertificateTrust> check;

  /// A judge of entries in the decoder's format that checks no certificates.
  public ChunkJudge(EntryDecoder decoder) {
    this(decoder, _ -> new CertificateTrust.NotChecked("no trust was asked for"));
  }

  /// A judge of entries in the decoder's format.
  ///
  /// @param check what a certificate is worth; asked only for entries that a watch selected
  public ChunkJudge(EntryDecoder decoder, Function<CertificateSigner, CertificateTrust> check) {
    this.decoder = decoder;
    this.check = check;
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
            judge(leaves.from() + i, hashes.get(i), entry, watches, now, now, found);
          }
          return found;
        })
        .flatMap(List::stream)
        .toList();
  }

  /// What the watches say of one entry, first seen at `firstSeen`.
  public List<Judgement> judge(
      long index, Hash leaf, EntryBytes entry, Watches watches, Instant firstSeen, Instant now) {
    List<Judgement> found = new ArrayList<>(1);
    judge(index, leaf, entry, watches, firstSeen, now, found);
    return found;
  }

  private void judge(
      long index,
      Hash leaf,
      EntryBytes entry,
      Watches watches,
      Instant firstSeen,
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
        Map<String, Opinion> worst = new LinkedHashMap<>();
        for (Hit hit : hits) {
          Opinion next = Opinion.of(watches, check, hit, event, firstSeen, now);
          worst.merge(
              hit.watch().name(),
              next,
              (one, other) -> other.gravity() > one.gravity() ? other : one);
        }
        worst.values().stream()
            .map(it ->
                new Judgement.Signature(
                    index, leaf, kept, event, it.hit(), it.trust(), it.verdict()))
            .forEach(found::add);
      }
      case Decoded.Undecodable(String reason) ->
          found.add(
              new Judgement.Undecodable(
                  index, leaf, EntryBytes.of(entry.toBytes()), reason, watches.literalsIn(entry)));
    }
  }

  private static IntStream parts(Leaves leaves) {
    return IntStream.range(0, (leaves.count() + PART - 1) / PART).parallel();
  }
}
