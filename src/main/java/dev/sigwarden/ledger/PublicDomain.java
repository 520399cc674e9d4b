package dev.sigwarden.ledger;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.ledger.LedgerTransaction.Write;
import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The part of a transaction that is not encrypted. CCF `src/kv/serialised_entry_format.h`; numbers
/// are little-endian. Owned by one thread.
final class PublicDomain {
  /// What an entry's type says of it. Snapshots, of type 1, are in no ledger file.
  enum Type {
    WRITE_SET(false, false),
    WITH_CLAIMS(true, false),
    WITH_EVIDENCE(false, true),
    WITH_BOTH(true, true);

    private final boolean claims;
    private final boolean evidence;

    Type(boolean claims, boolean evidence) {
      this.claims = claims;
      this.evidence = evidence;
    }
  }

  /// The longest name of a table in bytes; real ones have under 100.
  private static final int MAX_NAME = 512;

  /// Writes of one transaction to the tables asked for: the first one of a service writes a
  /// certificate for each node.
  private static final int MAX_WRITES = 4_096;

  private final byte[] bytes;
  private final int end;
  private int at;
  private Optional<Hash> claims = Optional.empty();
  private Optional<Hash> evidence = Optional.empty();
  private final List<Write> writes = new ArrayList<>();

  private PublicDomain(byte[] bytes, int length) {
    this.bytes = bytes;
    this.end = length;
  }

  /// Reads `[0, length)` of `bytes`; what is kept of it is copied.
  ///
  /// @param wanted the tables whose writes are kept
  static PublicDomain read(byte[] bytes, int length, Set<String> wanted)
      throws MalformedLedgerException {
    PublicDomain domain = new PublicDomain(bytes, length);
    domain.header();
    while (domain.at < length) {
      domain.table(wanted);
    }
    return domain;
  }

  Optional<Hash> claims() {
    return claims;
  }

  /// The digest of the commit evidence.
  Optional<Hash> evidence() {
    return evidence;
  }

  List<Write> writes() {
    return writes;
  }

  private void header() throws MalformedLedgerException {
    need(1);
    int number = bytes[at++] & 0xff;
    Type type =
        switch (number) {
          case 0 -> Type.WRITE_SET;
          case 2 -> Type.WITH_CLAIMS;
          case 3 -> Type.WITH_EVIDENCE;
          case 4 -> Type.WITH_BOTH;
          default -> throw malformed("entry type: %d (expected: 0, 2, 3 or 4)".formatted(number));
        };
    skip(8); // the version, which the transaction's own header has too
    claims = type.claims ? Optional.of(hash()) : Optional.empty();
    evidence = type.evidence ? Optional.of(hash()) : Optional.empty();
    skip(8); // the newest conflicting version
  }

  private void table(Set<String> wanted) throws MalformedLedgerException {
    int nameLength = length("table name", MAX_NAME);
    String name = new String(bytes, at, nameLength, StandardCharsets.UTF_8);
    at += nameLength;
    skip(8); // the version read
    if (number() != 0) {
      throw malformed("reads of table %s (expected: none in a ledger)".formatted(shown(name)));
    }
    boolean keep = wanted.contains(name);
    for (long count = count("writes", 16); count > 0; count--) {
      Cbor.Bytes key = part(keep);
      Cbor.Bytes value = part(keep);
      if (keep) {
        if (writes.size() == MAX_WRITES) {
          throw malformed("over %d writes to tables of governance".formatted(MAX_WRITES));
        }
        writes.add(new Write(name, key, value));
      }
    }
    for (long count = count("removals", 8); count > 0; count--) {
      part(false);
    }
  }

  /// A key or value; empty unless it is kept.
  private Cbor.Bytes part(boolean keep) throws MalformedLedgerException {
    int length = length("key or value", Integer.MAX_VALUE);
    at += length;
    return Cbor.Bytes.of(keep ? Arrays.copyOfRange(bytes, at - length, at) : new byte[0]);
  }

  private int length(String name, int max) throws MalformedLedgerException {
    long length = number();
    if (length < 0 || length > max || length > end - at) {
      throw malformed(
          "%s: %s bytes (expected: at most %d)"
              .formatted(name, Long.toUnsignedString(length), Math.min(max, end - at)));
    }
    return (int) length;
  }

  /// A count of items that take `each` bytes at least.
  private long count(String name, int each) throws MalformedLedgerException {
    long count = number();
    if (count < 0 || count > (end - at) / each) {
      throw malformed(
          "%s: %s (expected: at most what %d bytes hold)"
              .formatted(name, Long.toUnsignedString(count), end - at));
    }
    return count;
  }

  private long number() throws MalformedLedgerException {
    need(8);
    long value = littleEndian(bytes, at, 8);
    at += 8;
    return value;
  }

  private Hash hash() throws MalformedLedgerException {
    need(Hash.LENGTH);
    at += Hash.LENGTH;
    return Hash.of(bytes, at - Hash.LENGTH);
  }

  private void skip(int count) throws MalformedLedgerException {
    need(count);
    at += count;
  }

  private void need(int count) throws MalformedLedgerException {
    if (end - at < count) {
      throw malformed("%d bytes are left (expected: %d)".formatted(end - at, count));
    }
  }

  private MalformedLedgerException malformed(String what) {
    return new MalformedLedgerException("byte %d of its public part: ".formatted(at) + what);
  }

  private static String shown(String name) {
    return dev.sigwarden.text.Sanitizer.clean(name, 80);
  }

  /// The unsigned number in `count` bytes.
  static long littleEndian(byte[] bytes, int from, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (bytes[from + i] & 0xff);
    }
    return value;
  }
}
