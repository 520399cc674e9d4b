package dev.sigwarden.tail;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.LedgerEntry;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Entries of a ledger's files by place, until a root proves them and the list was read to them.
/// Whoever serves the files decides how many that are, so that there are bounds. Used by one
/// thread.
final class HeldEntries {
  /// While so many bytes of statements wait for the list to come up to them, no further file is
  /// begun: services cut files at some MiB.
  private static final long AHEAD_BYTES = 8L << 20;

  /// Bytes of statements at most: services sign each second, or each few thousand transactions.
  private static final long MAX_BYTES = 32L << 20;

  /// Entries at most, whatever their length.
  private static final int MAX_ENTRIES = 100_000;

  /// Entries, and bytes of statements, that are compared at once.
  private static final int COMPARED = 1_000;

  private static final long COMPARED_BYTES = 4L << 20;

  private final TreeMap<Long, Held> entries = new TreeMap<>();
  private long bytes;
  private int added;
  private long bytesAdded;

  /// An entry of a file.
  ///
  /// @param claims the digest of the statement
  /// @param known what the service proved at the place
  /// @param statement empty if that has the same digest
  record Held(
      TxId id,
      Hash leaf,
      Hash claims,
      Optional<LedgerEntry> known,
      Optional<Cbor.Bytes> statement) {
    static Held of(TxId id, Hash leaf, byte[] statement, Optional<LedgerEntry> known) {
      Hash claims = Hash.ofData(statement);
      return new Held(
          id,
          leaf,
          claims,
          known,
          known.filter(it -> it.claims().equals(claims)).isPresent()
              ? Optional.empty()
              : Optional.of(Cbor.Bytes.of(statement)));
    }

    private long bytes() {
      return statement.map(it -> (long) it.length()).orElse(0L);
    }
  }

  void add(Held entry) {
    entries.put(entry.id().seqno(), entry);
    bytes += entry.bytes();
    added++;
    bytesAdded += entry.bytes();
  }

  /// Whether so many came since the last comparison that it is time for another.
  boolean due() {
    return added >= COMPARED || bytesAdded >= COMPARED_BYTES;
  }

  /// A comparison begins.
  void compared() {
    added = 0;
    bytesAdded = 0;
  }

  /// Whether the list is to be waited for.
  boolean ahead() {
    return bytes > AHEAD_BYTES;
  }

  /// Why no more is taken; empty if it is.
  Optional<String> tooMany() {
    return bytes <= MAX_BYTES && entries.size() <= MAX_ENTRIES
        ? Optional.empty()
        : Optional.of(
            "%d entries, of %d bytes, that nothing signed covers or the list was not read to (expected: at most %d, of %d)"
                .formatted(entries.size(), bytes, MAX_ENTRIES, MAX_BYTES));
  }

  boolean has(long place) {
    return entries.containsKey(place);
  }

  int size() {
    return entries.size();
  }

  /// Those before a place, in order.
  List<Held> before(long place) {
    return List.copyOf(entries.headMap(place, false).values());
  }

  /// Drops those before a place.
  void drop(long place) {
    bytes -= entries.headMap(place, false).values().stream().mapToLong(Held::bytes).sum();
    entries.headMap(place, false).clear();
  }

  void clear() {
    entries.clear();
    bytes = 0;
    compared();
  }
}
