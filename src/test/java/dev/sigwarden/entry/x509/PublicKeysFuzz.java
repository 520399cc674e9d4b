package dev.sigwarden.entry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// Any bytes are a key that its bytes identify, or malformed; what the platform reads and writes
/// again unchanged is a key, of the same size.
class PublicKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) throws IOException {
    Optional<KeySigner> signer = read(der);
    for (String algorithm : List.of("EC", "RSA", "Ed25519")) {
      Optional<PublicKey> key = decoded(algorithm, der);
      if (key.isPresent()) {
        assertThat(signer).isPresent();
      }
      if (key.isPresent() && key.get() instanceof RSAPublicKey rsa) {
        assertThat(signer.orElseThrow().keyType()).isEqualTo("RSA " + rsa.getModulus().bitLength());
      }
    }
    signer.ifPresent(
        found -> assertThat(found.keySha256()).isEqualTo(Digest.sha256(der, 0, der.length)));
    pkcs1(der);
  }

  private static Optional<KeySigner> read(byte[] der) {
    try {
      return Optional.of(PublicKeys.read(der, null));
    } catch (MalformedSignerException _) {
      return Optional.empty();
    }
  }

  private static void pkcs1(byte[] der) throws IOException {
    KeySigner signer;
    try {
      signer = PublicKeys.readPkcs1(der);
    } catch (MalformedSignerException _) {
      return;
    }
    byte[] spki;
    try {
      var key = org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(der);
      if (!Arrays.equals(key.getEncoded("DER"), der)) {
        return;
      }
      var rsa = new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      spki = new SubjectPublicKeyInfo(rsa, key).getEncoded("DER");
    } catch (RuntimeException _) {
      return;
    }
    assertThat(signer.keySha256()).isEqualTo(Digest.sha256(spki, 0, spki.length));
  }

  /// The key if the platform takes it in exactly this form.
  private static Optional<PublicKey> decoded(String algorithm, byte[] spki) {
    try {
      PublicKey key =
          KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(spki));
      return Arrays.equals(key.getEncoded(), spki) ? Optional.of(key) : Optional.empty();
    } catch (GeneralSecurityException | RuntimeException _) {
      return Optional.empty();
    }
  }
}
