package dev.sigwarden.entry.x509;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Map;
import java.util.Optional;

/// Checks signatures by keys that are trusted, over bytes and with signatures that may be anything.
public final class Signatures {
  /// Of certificates, by signature algorithm. RFC 5758 section 3.2, RFC 8017 appendix C, RFC 8410.
  private static final Map<String, String> BY_OID =
      Map.of(
          "1.2.840.10045.4.3.2", "SHA256withECDSA",
          "1.2.840.10045.4.3.3", "SHA384withECDSA",
          "1.2.840.10045.4.3.4", "SHA512withECDSA",
          "1.2.840.113549.1.1.11", "SHA256withRSA",
          "1.2.840.113549.1.1.12", "SHA384withRSA",
          "1.2.840.113549.1.1.13", "SHA512withRSA",
          "1.3.101.112", "Ed25519");

  private Signatures() {}

  /// The JDK's name of a certificate's signature algorithm; empty if it is none that we accept.
  public static Optional<String> named(String oid) {
    return Optional.ofNullable(BY_OID.get(oid));
  }

  /// The key that a SubjectPublicKeyInfo holds; empty if it is of no kind that we can check with.
  public static Optional<PublicKey> key(byte[] spki) {
    for (String family : new String[] {"EC", "Ed25519", "RSA"}) {
      try {
        return Optional.of(
            KeyFactory.getInstance(family).generatePublic(new X509EncodedKeySpec(spki)));
      } catch (GeneralSecurityException _) {
        // Of another kind, or of none.
      }
    }
    return Optional.empty();
  }

  /// The JDK's name of the algorithm that a kind of key usually signs with.
  public static String usual(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> "Ed25519";
    };
  }

  /// Whether `signature` is the key's over `message`.
  public static boolean holds(String algorithm, PublicKey key, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException | ProviderException _) {
      // A key of another kind or that is no point of its curve, or bytes that have not the shape of
      // a signature; providers throw the second kind, unchecked, for some of them.
      return false;
    }
  }
}
