package dev.sigwarden.log.ct;

import dev.sigwarden.log.Chain;
import dev.sigwarden.merkle.Hash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// What a log keeps beside a leaf of what was submitted with it, in both protocols' forms. Reads
/// strictly: each form is all of its bytes.
final class SubmittedEntry {
  private static final int LENGTH_3 = 3;

  private static final int LENGTH_2 = 2;

  private SubmittedEntry() {}

  /// The chain of an entry of the API: its certificate or precertificate, and those above it. RFC
  /// 6962 section 4.6.
  ///
  /// @param leaf the MerkleTreeLeaf
  static Chain ofExtraData(byte[] leaf, byte[] extraData) throws MalformedLeafException {
    ByteBuffer in = ByteBuffer.wrap(extraData);
    ChainBuilder chain = new ChainBuilder();
    submitted(chain, leaf, in);
    ByteBuffer above = ByteBuffer.wrap(vector(in, LENGTH_3, "chain"));
    end(in);
    for (int number = 1; above.hasRemaining(); number++) {
      if (number > ChainBuilder.MAX_CERTIFICATES) {
        chain.without("more than %d certificates".formatted(ChainBuilder.MAX_CERTIFICATES));
        break;
      }
      chain.add("issuer " + number, vector(above, LENGTH_3, "issuer " + number));
    }
    return chain.build();
  }

  /// Adds what stands behind the TimestampedEntry in a TileLeaf, and returns the fingerprints of
  /// the certificates above it. c2sp.org/static-ct-api#log-entries.
  ///
  /// @param leaf the MerkleTreeLeaf
  /// @param behind begins behind its TimestampedEntry; afterwards at the next TileLeaf
  static List<Hash> readTileLeaf(ChainBuilder chain, byte[] leaf, ByteBuffer behind)
      throws MalformedLeafException {
    submitted(chain, leaf, behind);
    ByteBuffer fingerprints = ByteBuffer.wrap(vector(behind, LENGTH_2, "chain"));
    List<Hash> issuers = new ArrayList<>();
    while (fingerprints.hasRemaining()) {
      if (fingerprints.remaining() < Hash.LENGTH) {
        throw new MalformedLeafException("chain: a fingerprint of less than 32 bytes");
      }
      byte[] fingerprint = new byte[Hash.LENGTH];
      fingerprints.get(fingerprint);
      issuers.add(Hash.of(fingerprint));
    }
    return issuers;
  }

  /// The certificate is in the leaf, a precertificate beside it.
  private static void submitted(ChainBuilder chain, byte[] leaf, ByteBuffer beside)
      throws MalformedLeafException {
    ByteBuffer in = ByteBuffer.wrap(leaf);
    int header = TimestampedEntry.PREFIX_BYTES + Long.BYTES;
    if (in.remaining() < header + Short.BYTES) {
      throw new MalformedLeafException("leaf: %d bytes (expected: more)".formatted(leaf.length));
    }
    int type = in.position(header).getShort();
    switch (type) {
      case TimestampedEntry.CERTIFICATE ->
          chain.add("certificate", vector(in, LENGTH_3, "certificate"));
      case TimestampedEntry.PRECERTIFICATE ->
          chain.add("precertificate", vector(beside, LENGTH_3, "precertificate"));
      default ->
          throw new MalformedLeafException("entry type %d (expected: 0 or 1)".formatted(type));
    }
  }

  private static byte[] vector(ByteBuffer in, int lengthBytes, String what)
      throws MalformedLeafException {
    int length = TimestampedEntry.skipVector(in, lengthBytes, what);
    byte[] content = new byte[length];
    in.get(in.position() - length, content);
    return content;
  }

  private static void end(ByteBuffer in) throws MalformedLeafException {
    if (in.hasRemaining()) {
      throw new MalformedLeafException(
          "%d bytes after the chain (expected: none)".formatted(in.remaining()));
    }
  }
}
