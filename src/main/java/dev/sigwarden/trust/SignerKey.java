package dev.sigwarden.trust;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.x509.Signatures;
import java.security.GeneralSecurityException;
import java.security.ProviderException;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;

/// The public key in a signer's certificate, for checking what it signed. Which hash goes with an
/// elliptic curve differs between clients: SHA-256, SHA-384 and SHA-512 are all tried.
public final class SignerKey {
  private static final List<String> ECDSA =
      List.of("SHA256withECDSA", "SHA384withECDSA", "SHA512withECDSA");

  private final PublicKey key;

  private SignerKey(PublicKey key) {
    this.key = key;
  }

  /// The certificate's key; empty if it is of no kind that can be checked with.
  public static Optional<SignerKey> of(CertificateSigner certificate) {
    try {
      return Signatures.key(X509Parts.read(certificate.toDer()).spki()).map(SignerKey::new);
    } catch (MalformedDerException _) {
      return Optional.empty();
    }
  }

  /// Whether `signature` is the key's over `message`.
  public boolean signed(byte[] message, byte[] signature) {
    List<String> algorithms =
        key.getAlgorithm().equals("EC") ? ECDSA : List.of(Signatures.usual(key));
    return algorithms.stream().anyMatch(one -> Signatures.holds(one, key, message, signature));
  }

  /// Whether `signature` is the key's over a message of this digest: never for an Ed25519 key,
  /// which signs no digest.
  public boolean signed(Digest digest, byte[] signature) {
    return switch (key.getAlgorithm()) {
      case "EC" -> Signatures.holds("NONEwithECDSA", key, digest.toBytes(), signature);
      case "RSA" -> rsa(digest, signature);
      default -> false;
    };
  }

  /// RFC 8017 section 8.2.2, with the digest in the place of step 2's.
  private boolean rsa(Digest digest, byte[] signature) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/PKCS1Padding");
      cipher.init(Cipher.DECRYPT_MODE, key);
      return HexFormat.of()
          .formatHex(cipher.doFinal(signature))
          .equals(prefix(digest.algorithm()) + digest.toHex());
    } catch (GeneralSecurityException | ProviderException _) {
      // Of another length, or without the padding of a signature.
      return false;
    }
  }

  /// The DER before a digest in a DigestInfo, in hex. RFC 8017 section 9.2, note 1.
  private static String prefix(Digest.Algorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> "3031300d060960864801650304020105000420";
      case SHA384 -> "3041300d060960864801650304020205000430";
      case SHA512 -> "3051300d060960864801650304020305000440";
    };
  }
}
