package dev.sigwarden.log.rekor;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/// A key that signs the times of entries: ECDSA with SHA-256. Every entry has such a signature, and
/// Bouncy Castle checks five while the JDK checks one. Immutable.
final class TimestampKey {
  private final String logId;
  private final ECPublicKeyParameters key;

  private TimestampKey(String logId, ECPublicKeyParameters key) {
    this.logId = logId;
    this.key = key;
  }

  /// Those of these keys that are of the type which Rekor v1 signs with.
  static List<TimestampKey> of(List<VerifierKey> keys) {
    List<TimestampKey> found = new ArrayList<>();
    for (VerifierKey key : keys) {
      if (key.signatureType() == SignatureType.ECDSA) {
        byte[] spki = key.toBytes();
        try {
          found.add(
              new TimestampKey(
                  Hash.ofData(spki).toHex(),
                  (ECPublicKeyParameters) PublicKeyFactory.createKey(spki)));
        } catch (IOException e) {
          throw new IllegalStateException("a key that was decoded before", e);
        }
      }
    }
    return List.copyOf(found);
  }

  /// The SHA-256 of the key in hex.
  String logId() {
    return logId;
  }

  /// Whether the key signed the message.
  ///
  /// @param signature in DER
  boolean verifies(byte[] message, byte[] signature) {
    try {
      BigInteger[] pair =
          StandardDSAEncoding.INSTANCE.decode(key.getParameters().getN(), signature);
      ECDSASigner verifier = new ECDSASigner();
      verifier.init(false, key);
      return verifier.verifySignature(Hash.ofData(message).toBytes(), pair[0], pair[1]);
    } catch (IOException | IllegalArgumentException e) {
      // Bytes that are no signature at all.
      return false;
    }
  }
}
