package dev.sigwarden.trust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.practice.PracticeIdentity;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignerKeyTest {
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
  private static final byte[] MESSAGE = "message".getBytes(StandardCharsets.UTF_8);
  private static final byte[] OTHER = "another".getBytes(StandardCharsets.UTF_8);

  private static SignerKey certified(KeyPair key) throws MalformedSignerException {
    TestAuthority authority = new TestAuthority(NOW);
    byte[] certificate =
        authority.issue(PracticeIdentity.uri("https://a", "https://b"), authority.shape(NOW), key);
    return SignerKey.of(Certificates.read(certificate)).orElseThrow();
  }

  private static byte[] signed(KeyPair key, String algorithm) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key.getPrivate());
    signature.update(MESSAGE);
    return signature.sign();
  }

  private static Digest digest(Digest.Algorithm algorithm, byte[] message)
      throws GeneralSecurityException {
    String name = algorithm.name().replace("SHA", "SHA-");
    return Digest.of(algorithm, MessageDigest.getInstance(name).digest(message));
  }

  private static KeyPair key(String family, int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(family);
    if (bits > 0) {
      generator.initialize(bits);
    }
    return generator.generateKeyPair();
  }

  @ParameterizedTest
  @CsvSource({
    "EC, 256, SHA256withECDSA, SHA256",
    "EC, 384, SHA384withECDSA, SHA384",
    "EC, 384, SHA256withECDSA, SHA256",
    "EC, 521, SHA512withECDSA, SHA512",
    "RSA, 2048, SHA256withRSA, SHA256",
    "RSA, 3072, SHA512withRSA, SHA512"
  })
  void digest_that_was_signed_is_told_from_another(
      String family, int bits, String algorithm, Digest.Algorithm hash)
      throws GeneralSecurityException, MalformedSignerException {
    KeyPair key = key(family, bits);
    SignerKey signer = certified(key);
    byte[] signature = signed(key, algorithm);

    assertThat(signer.signed(digest(hash, MESSAGE), signature)).isTrue();
    assertThat(signer.signed(digest(hash, OTHER), signature)).isFalse();
    assertThat(certified(key(family, bits)).signed(digest(hash, MESSAGE), signature)).isFalse();
    signature[signature.length - 1] ^= 1;
    assertThat(signer.signed(digest(hash, MESSAGE), signature)).isFalse();
    assertThat(signer.signed(digest(hash, MESSAGE), new byte[0])).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "EC, 256, SHA256withECDSA",
    "EC, 384, SHA384withECDSA",
    "RSA, 2048, SHA256withRSA",
    "Ed25519, 0, Ed25519"
  })
  void message_that_was_signed_is_told_from_another(String family, int bits, String algorithm)
      throws GeneralSecurityException, MalformedSignerException {
    KeyPair key = key(family, bits);
    SignerKey signer = certified(key);
    byte[] signature = signed(key, algorithm);

    assertThat(signer.signed(MESSAGE, signature)).isTrue();
    assertThat(signer.signed(OTHER, signature)).isFalse();
    assertThat(signer.signed(MESSAGE, new byte[0])).isFalse();
  }

  @Test
  void digest_of_another_algorithm_than_was_signed_is_not_taken()
      throws GeneralSecurityException, MalformedSignerException {
    KeyPair rsa = key("RSA", 2048);

    assertThat(
            certified(rsa)
                .signed(digest(Digest.Algorithm.SHA512, MESSAGE), signed(rsa, "SHA256withRSA")))
        .isFalse();
  }

  @Test
  void ed25519_key_signs_no_digest() throws GeneralSecurityException, MalformedSignerException {
    KeyPair key = key("Ed25519", 0);

    assertThat(
            certified(key).signed(digest(Digest.Algorithm.SHA256, MESSAGE), signed(key, "Ed25519")))
        .isFalse();
  }

  @Test
  void key_that_signs_nothing_is_none() throws GeneralSecurityException, MalformedSignerException {
    TestAuthority authority = new TestAuthority(NOW);
    byte[] certificate =
        authority.issue(
            PracticeIdentity.uri("https://a", "https://b"), authority.shape(NOW), key("X25519", 0));

    assertThat(SignerKey.of(Certificates.read(certificate))).isEmpty();
  }
}
