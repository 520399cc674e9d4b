package dev.sigwarden.trust;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the list of signed certificate timestamps that a certificate holds. RFC 6962 sections 3.2
/// and 3.3.
final class SctList {
  /// Timestamps in one certificate: browsers ask for 2 or 3, Fulcio embeds 1.
  private static final int MAX_SCTS = 16;

  private static final int LOG_ID_BYTES = 32;

  /// HashAlgorithm and SignatureAlgorithm of RFC 5246 section 7.4.1.4.1.
  private static final int SHA256 = 4;

  private static final int RSA = 1;
  private static final int ECDSA = 3;

  private SctList() {}

  /// A log's promise to hold a certificate. A class and not a record for its arrays.
  static final class Sct {
    private final byte[] logId;
    private final long millis;
    private final byte[] extensions;
    private final int algorithm;
    private final byte[] signature;

    private Sct(byte[] logId, long millis, byte[] extensions, int algorithm, byte[] signature) {
      this.logId = logId;
      this.millis = millis;
      this.extensions = extensions;
      this.algorithm = algorithm;
      this.signature = signature;
    }

    byte[] logId() {
      return logId;
    }

    Instant time() {
      return Instant.ofEpochMilli(millis);
    }

    /// The JDK's name of the algorithm; empty if it is none that RFC 6962 section 2.1.4 allows.
    Optional<String> algorithm() {
      return switch (algorithm) {
        case SHA256 << Byte.SIZE | ECDSA -> Optional.of("SHA256withECDSA");
        case SHA256 << Byte.SIZE | RSA -> Optional.of("SHA256withRSA");
        default -> Optional.empty();
      };
    }

    byte[] signature() {
      return signature;
    }

    /// What the log signed for an embedded timestamp. RFC 6962 section 3.2: `digitally-signed
    /// struct` with a `PreCert`.
    ///
    /// @param issuerKeySha256 of the issuer's SubjectPublicKeyInfo
    /// @param tbs the tbsCertificate without the list of timestamps
    byte[] signedData(byte[] issuerKeySha256, byte[] tbs) {
      ByteBuffer data =
          ByteBuffer.allocate(
              1 + 1 + 8 + 2 + issuerKeySha256.length + 3 + tbs.length + 2 + extensions.length);
      data.put((byte) 0); // sct_version: v1
      data.put((byte) 0); // signature_type: certificate_timestamp
      data.putLong(millis);
      data.putShort((short) 1); // entry_type: precert_entry
      data.put(issuerKeySha256);
      data.put((byte) (tbs.length >>> 16)).putShort((short) tbs.length);
      data.put(tbs);
      data.putShort((short) extensions.length);
      data.put(extensions);
      return data.array();
    }
  }

  /// The timestamps of version 1 in a `SignedCertificateTimestampList`; empty if it is malformed in
  /// any part.
  static Optional<List<Sct>> read(byte[] list) {
    try {
      ByteBuffer whole = ByteBuffer.wrap(list);
      ByteBuffer items = vector(whole);
      List<Sct> scts = new ArrayList<>();
      int count = 0;
      while (items.hasRemaining()) {
        ByteBuffer item = vector(items);
        // Of a version that is not known, nothing but the length can be told.
        boolean known = item.get() == 0;
        if (known) {
          scts.add(sct(item));
        }
        if (++count > MAX_SCTS || (known && item.hasRemaining())) {
          return Optional.empty();
        }
      }
      return whole.hasRemaining() ? Optional.empty() : Optional.of(scts);
    } catch (BufferUnderflowException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Sct sct(ByteBuffer item) {
    byte[] logId = new byte[LOG_ID_BYTES];
    item.get(logId);
    long millis = item.getLong();
    byte[] extensions = bytes(vector(item));
    int algorithm = item.getShort() & 0xffff;
    return new Sct(logId, millis, extensions, algorithm, bytes(vector(item)));
  }

  /// A vector with a length of two bytes. RFC 5246 section 4.3.
  private static ByteBuffer vector(ByteBuffer from) {
    int length = from.getShort() & 0xffff;
    ByteBuffer vector = from.slice(from.position(), length);
    from.position(from.position() + length);
    return vector;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
