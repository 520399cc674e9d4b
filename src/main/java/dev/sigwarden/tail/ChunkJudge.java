package dev.sigwarden.tail;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHasher;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Lookalike;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Hashes, decodes and matches the entries of a chunk on all cores: all that can be done before the
/// chunk is proven. Keeps nothing of an entry that no watch selects. Thread-safe.
public final class ChunkJudge {
  /// Entries that one core takes at once: enough to outweigh the hand-over, few enough to share a
  /// chunk evenly.
  private static final int PART = 128;

  private final EntryDecoder decoder;
  private final Supplier<Watches> watches;
  private final Function<CertificateSigner, CertificateTrust> check;
  private final Clock clock;

  /// A judge of entries in the decoder's format.
  ///
  /// @param watches those in force
  /// @param check what a certificate is worth; asked only for entries that a watch selected
  public ChunkJudge(
      EntryDecoder decoder,
      Supplier<Watches> watches,
      Function<CertificateSigner, CertificateTrust> check,
      Clock clock) {
    this.decoder = decoder;
    this.watches = watches;
    this.check = check;
    this.clock = clock;
  }

  /// What the watches in force say of the leaves as of now.
  public JudgedLeaves judge(Leaves leaves) {
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
        event
            .unread()
            .flatMap(reason -> unread(leaves, hashes, i, entry, reason, hits, inForce))
            .ifPresent(found::add);
        for (Lookalike lookalike : inForce.lookalikes(event, hits)) {
          found.add(
              new Judgement.Resembling(
                  leaves.from() + i, hashes.get(i), entry, leaves.loggedAt(i), event, lookalike));
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

  /// What is said of an entry of which a part could not be read: that it was not, and whose names
  /// occur in it; empty if only watches are concerned that selected it by the rest.
  private static Optional<Judgement> unread(
      Leaves leaves,
      LeafHashes hashes,
      int i,
      EntryBytes entry,
      String reason,
      List<Hit> hits,
      Watches inForce) {
    Set<Watch> told = hits.stream().map(Hit::watch).collect(Collectors.toSet());
    List<Watch> mentioned =
        inForce.literalsIn(entry).stream().filter(watch -> !told.contains(watch)).toList();
    return mentioned.isEmpty() && !hits.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Judgement.Undecodable(
                leaves.from() + i, hashes.get(i), entry, leaves.loggedAt(i), reason, mentioned));
  }

  /// The gravest judgement of each watch that selects the event.
  private List<Judgement.Signature> signatures(
      Leaves leaves,
      LeafHashes hashes,
      int i,
      SigningEvent event,
      List<Hit> hits,
      Watches inForce,
      Instant now) {
    Map<String, Opinion> worst = new LinkedHashMap<>();
    for (Hit hit : hits) {
      worst.merge(
          hit.watch().name(),
          Opinion.of(inForce, check, hit, event, now, now),
          (one, other) -> other.gravity() > one.gravity() ? other : one);
    }
    return worst.values().stream()
        .map(it ->
            new Judgement.Signature(
                leaves.from() + i,
                hashes.get(i),
                event.entry(),
                leaves.loggedAt(i),
                event,
                it.hit(),
                it.trust(),
                it.verdict()))
        .toList();
  }

  private static IntStream parts(Leaves leaves) {
    return IntStream.range(0, (leaves.count() + PART - 1) / PART).parallel();
  }
}
