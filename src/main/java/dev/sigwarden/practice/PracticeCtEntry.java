package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/// What is submitted to a Certificate Transparency log, and the forms in which the log serves it.
/// RFC 6962 section 3.4, c2sp.org/static-ct-api#log-entries. A class and not a record for its
/// arrays, which are not to be written to.
public final class PracticeCtEntry {
  private static final int CERTIFICATE = 0;
  private static final int PRECERTIFICATE = 1;

  /// Bytes of a MerkleTreeLeaf before its TimestampedEntry.
  private static final int LEAF_PREFIX_BYTES = 2;

  private static final int LENGTH_3 = 3;
  private static final int LENGTH_2 = 2;

  private final int type;
  private final byte[] signedEntry;
  private final byte[] precertificate;
  private final List<byte[]> issuers;

  private PracticeCtEntry(
      int type, byte[] signedEntry, byte[] precertificate, List<byte[]> issuers) {
    this.type = type;
    this.signedEntry = signedEntry;
    this.precertificate = precertificate;
    this.issuers = List.copyOf(issuers);
  }

  /// A certificate in DER, with the certificates above it.
  public static PracticeCtEntry certificate(byte[] certificate, List<byte[]> issuers) {
    return new PracticeCtEntry(CERTIFICATE, vector(LENGTH_3, certificate), new byte[0], issuers);
  }

  /// A precertificate.
  ///
  /// @param issuerKeyHash SHA-256 of the issuer's SubjectPublicKeyInfo
  /// @param tbs the TBSCertificate without the poison
  /// @param precertificate as it was submitted
  public static PracticeCtEntry precertificate(
      Hash issuerKeyHash, byte[] tbs, byte[] precertificate, List<byte[]> issuers) {
    ByteArrayOutputStream entry = new ByteArrayOutputStream();
    entry.writeBytes(issuerKeyHash.toBytes());
    entry.writeBytes(vector(LENGTH_3, tbs));
    return new PracticeCtEntry(
        PRECERTIFICATE, entry.toByteArray(), precertificate.clone(), issuers);
  }

  /// An entry of a type that no document has.
  public static PracticeCtEntry unknown(int type, byte[] content) {
    return new PracticeCtEntry(type, content.clone(), new byte[0], List.of());
  }

  /// The certificates above it.
  List<byte[]> issuers() {
    return issuers;
  }

  /// The MerkleTreeLeaf at that index, taken at that time.
  byte[] leaf(long index, long millis) {
    ByteArrayOutputStream leaf = new ByteArrayOutputStream();
    leaf.writeBytes(new byte[LEAF_PREFIX_BYTES]);
    leaf.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(millis).array());
    leaf.write(0);
    leaf.write(type);
    leaf.writeBytes(signedEntry);
    // leaf_index: type 0, 5 bytes.
    leaf.writeBytes(
        vector(
            LENGTH_2,
            ByteBuffer.allocate(Long.BYTES).putLong(index).put(0, new byte[] {0, 0, 5}).array()));
    return leaf.toByteArray();
  }

  /// The TileLeaf with that MerkleTreeLeaf.
  byte[] tileLeaf(byte[] leaf) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(leaf, LEAF_PREFIX_BYTES, leaf.length - LEAF_PREFIX_BYTES);
    if (type == PRECERTIFICATE) {
      out.writeBytes(vector(LENGTH_3, precertificate));
    }
    ByteArrayOutputStream fingerprints = new ByteArrayOutputStream();
    issuers.forEach(issuer -> fingerprints.writeBytes(Hash.ofData(issuer).toBytes()));
    out.writeBytes(vector(LENGTH_2, fingerprints.toByteArray()));
    return out.toByteArray();
  }

  /// The extra_data of RFC 6962 section 4.6.
  byte[] extraData() {
    ByteArrayOutputStream chain = new ByteArrayOutputStream();
    issuers.forEach(issuer -> chain.writeBytes(vector(LENGTH_3, issuer)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (type == PRECERTIFICATE) {
      out.writeBytes(vector(LENGTH_3, precertificate));
    }
    out.writeBytes(vector(LENGTH_3, chain.toByteArray()));
    return out.toByteArray();
  }

  /// `content` behind its length in `lengthBytes` bytes.
  private static byte[] vector(int lengthBytes, byte[] content) {
    byte[] vector = new byte[lengthBytes + content.length];
    for (int i = 0; i < lengthBytes; i++) {
      vector[i] = (byte) (content.length >>> (Byte.SIZE * (lengthBytes - 1 - i)));
    }
    System.arraycopy(content, 0, vector, lengthBytes, content.length);
    return vector;
  }
}
