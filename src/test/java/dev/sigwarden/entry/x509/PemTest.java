package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.x509.CertificateForge.pem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.Signer;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private static final String KEY = pem("PUBLIC KEY", CertificateForge.KEY);

  @Test
  void reads_a_certificate_and_a_key() throws Exception {
    assertThat(signer(new CertificateForge().pem())).isInstanceOf(CertificateSigner.class);
    assertThat(signer(KEY))
        .isEqualTo(
            new KeySigner(
                Digest.sha256(CertificateForge.KEY, 0, CertificateForge.KEY.length), "EC P-256"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2048, 3072})
  void identifies_an_rsa_key_alike_in_both_forms(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits);
    PublicKey key = generator.generateKeyPair().getPublic();
    byte[] spki = key.getEncoded();
    byte[] pkcs1 = SubjectPublicKeyInfo.getInstance(spki).parsePublicKey().getEncoded();
    Signer expected = signer(pem("PUBLIC KEY", spki));
    assertThat(signer(pem("RSA PUBLIC KEY", pkcs1))).isEqualTo(expected);
    assertThat(expected)
        .isEqualTo(new KeySigner(Digest.sha256(spki, 0, spki.length), "RSA " + bits));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "EC secp256r1=EC P-256",
        "EC secp384r1=EC P-384",
        "EC secp521r1=EC P-521",
        "Ed25519=Ed25519",
        "Ed448=Ed448",
        "ML-DSA-65=ML-DSA-65",
        "DSA=DSA",
        "X25519=1.3.101.110"
      })
  void tells_the_kind_of_key(String row) throws Exception {
    String[] parts = row.split("=");
    String[] names = parts[0].split(" ");
    KeyPairGenerator generator = KeyPairGenerator.getInstance(names[0]);
    if (names.length == 2) {
      generator.initialize(new java.security.spec.ECGenParameterSpec(names[1]));
    }
    byte[] spki = generator.generateKeyPair().getPublic().getEncoded();
    assertThat(PublicKeys.read(spki, null).keyType()).isEqualTo(parts[1]);
    assertThat(PublicKeys.read(spki, "PKIX_SOMETHING").keyType()).isEqualTo("PKIX_SOMETHING");
  }

  @Test
  void accepts_any_line_length_and_line_ending() throws Exception {
    assertThat(signer(KEY.replace("\n", "\r\n"))).isEqualTo(signer(KEY));
    assertThat(signer("\n \n" + KEY.stripTrailing())).isEqualTo(signer(KEY));
    String oneLine = KEY.replaceAll("(?<=[^-])\n(?=[^-])", "");
    assertThat(signer(oneLine)).isEqualTo(signer(KEY));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-----BEGIN ",
        "-----BEGIN CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END PUBLIC KEY-----",
        "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE",
        "-----BEGIN CERTIFICATE-----\nProc-Type: 4\n\nMA==\n-----END CERTIFICATE-----",
        "-----BEGIN PRIVATE KEY-----\nMA==\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PUBLIC KEY-----\nMA==\n-----END RSA PUBLIC KEY-----",
        "-----BEGIN PUBLIC KEY-----\n====\n-----END PUBLIC KEY-----"
      })
  void refuses_what_is_no_key_or_certificate(String text) {
    assertThatThrownBy(() -> signer(text)).isInstanceOf(MalformedSignerException.class);
  }

  @Test
  void refuses_text_in_which_readers_could_find_different_blocks() {
    String certificate = new CertificateForge().pem();
    assertThatThrownBy(() -> signer("x" + certificate)).hasMessageContaining("outside");
    assertThatThrownBy(() -> signer(certificate + "x")).hasMessageContaining("outside");
    assertThatThrownBy(() -> signer(KEY + certificate)).hasMessageContaining("after a block");
    assertThatThrownBy(() -> signer(certificate + KEY)).hasMessageContaining("after a block");
    assertThatThrownBy(() -> signer(KEY + KEY)).hasMessageContaining("after a block");
    assertThatThrownBy(() -> signer(certificate + "-----BEGIN CERTIFICATE-----"))
        .hasMessageContaining("no -----END");
  }

  @Test
  void refuses_a_key_followed_by_anything() {
    byte[] longer = java.util.Arrays.copyOf(CertificateForge.KEY, CertificateForge.KEY.length + 1);
    assertThatThrownBy(() -> PublicKeys.read(longer, null)).hasMessageContaining("follow the key");
  }

  private static Signer signer(String text) throws MalformedSignerException {
    return Pem.signer(text.getBytes(UTF_8));
  }
}
