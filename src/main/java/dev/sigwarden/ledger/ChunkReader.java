package dev.sigwarden.ledger;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/// Reads one file of a CCF ledger, transaction by transaction, in memory that does not grow with
/// the file: the public part of one transaction, at most 8 MiB, and no more. CCF
/// `src/host/ledger.h`; numbers are little-endian. Not thread-safe.
///
/// ```
/// file        = u64 offset of the positions (0: still being written) | transaction* | u32 position*
/// transaction = version u8 | flags u8 | size u48 | `size` bytes:
///               tag 16 | IV 12 = place u64, view u32 | public size u64 | public part | private part
/// ```
public final class ChunkReader {
  /// The largest file in bytes: services cut them at some MiB.
  public static final long MAX_FILE = 10L << 30;

  /// The longest public part in bytes: services take statements of 1 MiB, and the largest of the
  /// real samples, a constitution, has 110 KiB.
  private static final int MAX_PUBLIC = 8 << 20;

  private static final int FILE_HEADER = 8;
  private static final int TX_HEADER = 8;

  /// Tag, IV and the size of the public part.
  private static final int FRAME = 36;

  private static final int BUFFER = 1 << 16;

  /// The view in an IV; the bit above says that the entry is a snapshot.
  private static final long VIEW_MASK = 0x7fff_ffff;

  private final InputStream in;
  private final long size;
  private final Set<String> wanted;
  private final MessageDigest sha256 = sha256();

  /// Over the positions that were met, to compare with those that the file ends with.
  private final MessageDigest positions = sha256();

  private final byte[] frame = new byte[TX_HEADER + FRAME];
  private byte[] buffer = new byte[BUFFER];
  private final long end;
  private long at = FILE_HEADER;
  private long count;

  /// A reader at the first transaction.
  ///
  /// @param size the file's size in bytes
  /// @param wanted the tables whose writes are kept
  public ChunkReader(InputStream in, long size, Set<String> wanted)
      throws IOException, MalformedLedgerException {
    this.in = in;
    this.size = size;
    this.wanted = Set.copyOf(wanted);
    if (size < FILE_HEADER || size > MAX_FILE) {
      throw new MalformedLedgerException(
          "ledger file: %d bytes (expected: %d to %d)".formatted(size, FILE_HEADER, MAX_FILE));
    }
    byte[] header = in.readNBytes(FILE_HEADER);
    long offset = header.length < FILE_HEADER ? -1 : PublicDomain.littleEndian(header, 0, 8);
    if (offset != 0 && (offset < FILE_HEADER || offset > size)) {
      throw new MalformedLedgerException(
          "positions at byte %s (expected: 0, or 8 to %d)"
              .formatted(Long.toUnsignedString(offset), size));
    }
    this.end = offset;
  }

  /// Whether the file is still being written: then it may end anywhere.
  public boolean unfinished() {
    return end == 0;
  }

  /// The next transaction; empty at the end, where the file's own list of positions was found to be
  /// that of what was read. A transaction that is cut by the end of an unfinished file is no
  /// transaction yet.
  public Optional<LedgerTransaction> next() throws IOException, MalformedLedgerException {
    if (!unfinished() && at == end) {
      checkPositions();
      return Optional.empty();
    }
    int read = in.readNBytes(frame, 0, frame.length);
    if (read < frame.length) {
      return cut("%d bytes of a transaction's header".formatted(read));
    }
    long length = PublicDomain.littleEndian(frame, 2, 6);
    long publicLength = PublicDomain.littleEndian(frame, TX_HEADER + 28, 8);
    if (frame[0] != 1) {
      throw malformed("version: %d (expected: 1)".formatted(frame[0] & 0xff));
    }
    if (publicLength < 0 || publicLength > MAX_PUBLIC || length < FRAME + publicLength) {
      throw malformed(
          "public part: %s bytes of %d (expected: at most %d)"
              .formatted(Long.toUnsignedString(publicLength), length, MAX_PUBLIC));
    }
    if (length > (unfinished() ? size : end) - at - TX_HEADER) {
      return cut("a transaction of %d bytes".formatted(length));
    }
    addPosition();
    Hash record = hashed((int) publicLength, length - FRAME - publicLength);
    PublicDomain domain = PublicDomain.read(buffer, (int) publicLength, wanted);
    TxId id = id();
    at += TX_HEADER + length;
    count++;
    return Optional.of(
        new LedgerTransaction(id, leaf(record, domain), domain.claims(), domain.writes()));
  }

  private Optional<LedgerTransaction> cut(String what) throws MalformedLedgerException {
    if (unfinished()) {
      return Optional.empty();
    }
    throw malformed("%s (expected: %d bytes more)".formatted(what, end - at));
  }

  private TxId id() throws MalformedLedgerException {
    long place = PublicDomain.littleEndian(frame, TX_HEADER + 16, 8);
    long view = PublicDomain.littleEndian(frame, TX_HEADER + 24, 4) & VIEW_MASK;
    if (place < 1 || view < 1) {
      throw malformed("transaction %d.%d (expected: >= 1 each)".formatted(view, place));
    }
    return new TxId(view, place);
  }

  /// SHA-256 of the whole record; leaves the public part in the buffer.
  private Hash hashed(int publicLength, long privateLength)
      throws IOException, MalformedLedgerException {
    if (buffer.length < publicLength) {
      buffer = new byte[Math.max(publicLength, 2 * buffer.length)];
    }
    sha256.update(frame);
    if (in.readNBytes(buffer, 0, publicLength) < publicLength) {
      throw malformed("the file ends in a public part");
    }
    sha256.update(buffer, 0, publicLength);
    byte[] piece = privateLength == 0 ? frame : new byte[BUFFER];
    for (long left = privateLength; left > 0; ) {
      int read = in.read(piece, 0, (int) Math.min(left, piece.length));
      if (read < 0) {
        throw malformed("the file ends in a private part");
      }
      sha256.update(piece, 0, read);
      left -= read;
    }
    return Hash.of(sha256.digest());
  }

  /// The record's hash with those of its evidence and claims, in this order.
  private Hash leaf(Hash record, PublicDomain domain) {
    if (domain.claims().isEmpty() && domain.evidence().isEmpty()) {
      return record;
    }
    sha256.update(record.toBytes());
    domain.evidence().ifPresent(hash -> sha256.update(hash.toBytes()));
    domain.claims().ifPresent(hash -> sha256.update(hash.toBytes()));
    return Hash.of(sha256.digest());
  }

  private void addPosition() {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      positions.update((byte) (at >>> shift));
    }
  }

  private void checkPositions() throws IOException, MalformedLedgerException {
    if (size - end != Integer.BYTES * count) {
      throw malformed(
          "%d bytes of positions (expected: %d, for %d transactions)"
              .formatted(size - end, Integer.BYTES * count, count));
    }
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      sha256.update(buffer, 0, read);
    }
    if (!Arrays.equals(sha256.digest(), positions.digest())) {
      throw malformed("positions that are not those of the transactions");
    }
  }

  private MalformedLedgerException malformed(String what) {
    return new MalformedLedgerException("byte %d of the file: ".formatted(at) + what);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}
