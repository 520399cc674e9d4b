package dev.sigwarden.log.ct;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;

/// The framing of a `TimestampedEntry`, RFC 6962 section 3.4: time, entry type, certificate or
/// TBSCertificate, extensions. What is inside is the decoder's concern.
final class TimestampedEntry {
  /// The entry type of a certificate.
  static final int CERTIFICATE = 0;

  /// The entry type of a precertificate.
  static final int PRECERTIFICATE = 1;

  /// Bytes of a MerkleTreeLeaf before its `TimestampedEntry`: version v1 and leaf type
  /// timestamped_entry, both zero.
  static final int PREFIX_BYTES = 2;

  private static final int ISSUER_KEY_HASH_BYTES = 32;

  /// The first millisecond of the year 10000: a later time is none, and people and databases cannot
  /// write it.
  private static final long MAX_MILLIS = 253_402_300_800_000L;

  /// Bytes of the one extension that is read: type, length, and an index of 40 bits.
  private static final int LEAF_INDEX_BYTES = 8;

  private static final int LEAF_INDEX_TYPE = 0;
  private static final int LEAF_INDEX_LENGTH = 5;

  private TimestampedEntry() {}

  /// Passes over one that stands at index `index` of a static-ct log.
  ///
  /// @return its time, in milliseconds since 1970
  static long skip(ByteBuffer in, long index) throws MalformedLeafException {
    require(in, Long.BYTES + Short.BYTES, "timestamp and entry type");
    long millis = in.getLong();
    if (millis < 0 || millis >= MAX_MILLIS) {
      throw new MalformedLeafException(
          "timestamp %d (expected: before the year 10000)".formatted(millis));
    }
    int type = Short.toUnsignedInt(in.getShort());
    switch (type) {
      case CERTIFICATE -> skipVector(in, 3, "certificate");
      case PRECERTIFICATE -> {
        require(in, ISSUER_KEY_HASH_BYTES, "issuer key hash");
        in.position(in.position() + ISSUER_KEY_HASH_BYTES);
        skipVector(in, 3, "TBSCertificate");
      }
      default ->
          throw new MalformedLeafException(
              "entry type %d (expected: 0 or 1); where it ends is not known".formatted(type));
    }
    int length = skipVector(in, 2, "extensions");
    checkExtensions(in.duplicate().position(in.position() - length), length, index);
    return millis;
  }

  /// The time of a MerkleTreeLeaf; empty if these bytes have none.
  static Optional<Instant> timeOf(byte[] leaf) {
    if (leaf.length < PREFIX_BYTES + Long.BYTES || leaf[0] != 0 || leaf[1] != 0) {
      return Optional.empty();
    }
    long millis = ByteBuffer.wrap(leaf).getLong(PREFIX_BYTES);
    return millis < 0 || millis >= MAX_MILLIS
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(millis));
  }

  /// Passes over a vector with its length in `lengthBytes` bytes before it.
  ///
  /// @return that length
  static int skipVector(ByteBuffer in, int lengthBytes, String what) throws MalformedLeafException {
    require(in, lengthBytes, "length of " + what);
    int length = 0;
    for (int i = 0; i < lengthBytes; i++) {
      length = (length << Byte.SIZE) | Byte.toUnsignedInt(in.get());
    }
    require(in, length, what);
    in.position(in.position() + length);
    return length;
  }

  private static void require(ByteBuffer in, int bytes, String what) throws MalformedLeafException {
    if (in.remaining() < bytes) {
      throw new MalformedLeafException(
          "%s: cut after %d bytes (expected: %d)".formatted(what, in.remaining(), bytes));
    }
  }

  /// Checks the extensions of a leaf: none, as logs have them that were archived from RFC 6962, or
  /// the index of the leaf, which must be its own. c2sp.org/static-ct-api#sct-extension.
  private static void checkExtensions(ByteBuffer in, int length, long index)
      throws MalformedLeafException {
    if (length == 0) {
      return;
    }
    if (length != LEAF_INDEX_BYTES
        || in.get() != LEAF_INDEX_TYPE
        || in.getShort() != LEAF_INDEX_LENGTH) {
      throw new MalformedLeafException(
          "extensions of %d bytes (expected: leaf_index alone)".formatted(length));
    }
    long said =
        (Byte.toUnsignedLong(in.get()) << Integer.SIZE) | Integer.toUnsignedLong(in.getInt());
    if (said != index) {
      throw new MalformedLeafException(
          "leaf_index: %d (expected: %d, its place in the log)".formatted(said, index));
    }
  }
}
