package dev.sigwarden.entry.ct;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The parts of a MerkleTreeLeaf. RFC 6962 section 3.4.
///
/// ```
/// u8 version = 0 | u8 leaf_type = 0 | u64 timestamp | u16 entry_type
/// 0: u24 length, certificate
/// 1: issuer_key_hash[32] | u24 length, TBSCertificate without the poison
/// u16 length, extensions
/// ```
///
/// @param issuerKey SHA-256 of the issuer's SubjectPublicKeyInfo; null for an x509_entry
/// @param certificate the certificate, or the TBSCertificate of a precertificate; a view
record CtLeaf(@Nullable Digest issuerKey, EntryBytes certificate) {
  private static final int X509_ENTRY = 0;
  private static final int PRECERT_ENTRY = 1;

  /// Bytes before the entry's own: version, leaf type, timestamp, entry type.
  private static final int HEADER = 12;

  private static final int KEY_HASH = 32;

  /// Bytes are not such a leaf. Has no stack trace, since an entry can provoke it at will.
  static final class MalformedLeafException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedLeafException(String message) {
      super(message, null, false, false);
    }
  }

  /// The leaf that is all of these bytes; one byte form only.
  static CtLeaf read(EntryBytes leaf) throws MalformedLeafException {
    byte[] bytes = leaf.buffer();
    int at = leaf.offset();
    int end = at + leaf.length();
    need(HEADER, end - at, "the head");
    if (bytes[at] != 0 || bytes[at + 1] != 0) {
      throw new MalformedLeafException(
          "version %d, leaf type %d (expected: 0, 0)"
              .formatted(bytes[at] & 0xff, bytes[at + 1] & 0xff));
    }
    int type = (bytes[at + 10] & 0xff) << 8 | (bytes[at + 11] & 0xff);
    at += HEADER;
    Digest issuerKey = null;
    if (type == PRECERT_ENTRY) {
      need(KEY_HASH, end - at, "the issuer's key hash");
      issuerKey = Digest.of(Digest.Algorithm.SHA256, Arrays.copyOfRange(bytes, at, at + KEY_HASH));
      at += KEY_HASH;
    } else if (type != X509_ENTRY) {
      throw new MalformedLeafException("entry type %d (expected: 0 or 1)".formatted(type));
    }
    need(3, end - at, "the certificate's length");
    int length = (bytes[at] & 0xff) << 16 | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    at += 3;
    need(length, end - at, "the certificate");
    EntryBytes certificate = new EntryBytes(bytes, at, length);
    at += length;
    need(2, end - at, "the extensions' length");
    int extensions = (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
    if (end - at - 2 != extensions) {
      throw new MalformedLeafException(
          "%d bytes of extensions (expected: %d)".formatted(end - at - 2, extensions));
    }
    return new CtLeaf(issuerKey, certificate);
  }

  private static void need(int wanted, int left, String what) throws MalformedLeafException {
    if (left < wanted) {
      throw new MalformedLeafException(
          "%d bytes left for %s (expected: %d)".formatted(left, what, wanted));
    }
  }
}
