package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.keys.TufSamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.Random;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KeyFileTest {
  private static KeyPair pair(String algorithm, String detail) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (algorithm) {
      case "EC" -> generator.initialize(new ECGenParameterSpec(detail));
      case "RSA" -> generator.initialize(Integer.parseInt(detail));
      default -> {}
    }
    return generator.generateKeyPair();
  }

  private static Digest spkiDigest(PublicKey key) {
    byte[] spki = key.getEncoded();
    return Digest.sha256(spki, 0, spki.length);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + label
        + "-----\n";
  }

  private static String openSsh(String name, PublicKey key) throws Exception {
    byte[] blob =
        OpenSSHPublicKeyUtil.encodePublicKey(PublicKeyFactory.createKey(key.getEncoded()));
    return name + " " + Base64.getEncoder().encodeToString(blob);
  }

  @ParameterizedTest
  @CsvSource({
    "Ed25519, '', ssh-ed25519",
    "EC, secp256r1, ecdsa-sha2-nistp256",
    "EC, secp384r1, ecdsa-sha2-nistp384",
    "EC, secp521r1, ecdsa-sha2-nistp521",
    "RSA, 2048, ssh-rsa",
  })
  void a_key_has_one_fingerprint_in_every_form(String algorithm, String detail, String ssh)
      throws Exception {
    PublicKey key = pair(algorithm, detail).getPublic();
    Digest expected = spkiDigest(key);
    String line = openSsh(ssh, key);
    for (String text :
        new String[] {
          pem("PUBLIC KEY", key.getEncoded()),
          "comment\n" + pem("PUBLIC KEY", key.getEncoded()).replace("\n", "\r\n"),
          line,
          line + " someone@acme.example\n",
          "# our key\n\n" + line + "\n",
        }) {
      assertThat(keySha256(text)).as(text).isEqualTo(expected);
    }
  }

  @Test
  void reads_rsa_keys_of_their_own_form_and_certificates() throws Exception {
    KeyPair pair = pair("RSA", "2048");
    byte[] pkcs1 =
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded())
            .parsePublicKey()
            .getEncoded();
    assertThat(keySha256(pem("RSA PUBLIC KEY", pkcs1))).isEqualTo(spkiDigest(pair.getPublic()));
    X500Name name = new X500Name("CN=test");
    byte[] certificate =
        new JcaX509v3CertificateBuilder(
                name, BigInteger.ONE, new Date(0), new Date(1_000_000), name, pair.getPublic())
            .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()))
            .getEncoded();
    assertThat(keySha256(pem("CERTIFICATE", certificate))).isEqualTo(spkiDigest(pair.getPublic()));
  }

  @Test
  void reads_verifier_keys() throws Exception {
    PublicKey ed25519 = pair("Ed25519", "").getPublic();
    byte[] raw = Arrays.copyOfRange(ed25519.getEncoded(), 12, 44);
    PublicKey ec = pair("EC", "secp256r1").getPublic();
    PublicKey mlDsa = pair("ML-DSA-44", "").getPublic();
    byte[] rawMlDsa = Arrays.copyOfRange(mlDsa.getEncoded(), 22, mlDsa.getEncoded().length);
    assertThat(vkey(SignatureType.ED25519, raw)).isEqualTo(spkiDigest(ed25519));
    assertThat(vkey(SignatureType.COSIGNATURE, raw)).isEqualTo(spkiDigest(ed25519));
    assertThat(vkey(SignatureType.ECDSA, ec.getEncoded())).isEqualTo(spkiDigest(ec));
    assertThat(vkey(SignatureType.ML_DSA_44_COSIGNATURE, rawMlDsa)).isEqualTo(spkiDigest(mlDsa));
  }

  private static Digest keySha256(String text) throws MalformedKeyException {
    Set<Digest> digests = KeyFile.keySha256s(text);
    assertThat(digests).hasSize(1);
    return digests.iterator().next();
  }

  private static Digest vkey(SignatureType type, byte[] key) throws Exception {
    return keySha256(VerifierKey.of("log.example/acme", type, key) + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   \n\n",
        "hello",
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-ed25519 not*base64",
        "ssh-dss AAAAB3NzaC1kc3M=",
        "sk-ssh-ed25519@openssh.com AAAA",
        "name+00000000+AAAA",
        "a+b",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n",
        "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
      })
  void refuses_what_is_no_public_key(String text) {
    assertThatThrownBy(() -> KeyFile.keySha256s(text)).isInstanceOf(MalformedKeyException.class);
  }

  @Test
  void refuses_two_keys_and_a_line_of_another_kind() throws Exception {
    PublicKey key = pair("Ed25519", "").getPublic();
    String line = openSsh("ssh-ed25519", key);
    assertThatThrownBy(() -> KeyFile.keySha256s(line + "\n" + line + "\n"))
        .hasMessage("2 lines with keys");
    assertThatThrownBy(() -> KeyFile.keySha256s(line.replace("ssh-ed25519", "ssh-rsa")))
        .isInstanceOf(MalformedKeyException.class);
    String both = pem("PUBLIC KEY", key.getEncoded());
    assertThatThrownBy(() -> KeyFile.keySha256s(both + both))
        .isInstanceOf(MalformedKeyException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "-----BEGIN PRIVATE KEY-----, private key",
    "-----BEGIN OPENSSH PRIVATE KEY-----, private key",
    "-----BEGIN PGP PRIVATE KEY BLOCK-----, private key",
    "-----BEGIN PGP PUBLIC KEY BLOCK-----, OpenPGP",
    "untrusted comment: minisign public key, minisign",
    "{ \"keyval\": , TUF key",
    "{ \"private\": , private key",
  })
  void says_which_other_kind_of_file_it_is_without_repeating_it(String text, String said) {
    assertThatThrownBy(() -> KeyFile.keySha256s(text + "\nc2VjcmV0\n"))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessageContaining(said)
        .hasMessageNotContaining("c2VjcmV0");
  }

  @Test
  void reads_an_openpgp_key_with_its_subkeys_and_refuses_two_keys() throws Exception {
    PgpForge sub = PgpForge.key("RSA 2048");
    PgpForge key = PgpForge.usual("Acme <sign@acme.example>").subkey(sub);
    String text = new String(key.armored(), StandardCharsets.US_ASCII);
    assertThat(KeyFile.keySha256s("\n" + text))
        .containsExactlyInAnyOrder(key.keySha256(), sub.keySha256());
    String two =
        new String(
            PgpForge.usual("a").raw(PgpForge.usual("b").bytes()).armored(),
            StandardCharsets.US_ASCII);
    assertThatThrownBy(() -> KeyFile.keySha256s(two)).hasMessage("2 OpenPGP keys");
  }

  @Test
  void refuses_a_file_that_is_too_long_for_a_key() {
    assertThatThrownBy(() -> KeyFile.keySha256s("x".repeat(262_145)))
        .hasMessageContaining("at most 262144");
  }

  @Test
  void changed_keys_are_read_or_refused() throws Exception {
    long seed = 17L;
    Random random = new Random(seed);
    String[] samples = {
      pem("PUBLIC KEY", pair("EC", "secp256r1").getPublic().getEncoded()),
      openSsh("ssh-rsa", pair("RSA", "2048").getPublic()),
      openSsh("ecdsa-sha2-nistp256", pair("EC", "secp256r1").getPublic()),
      openSsh("ssh-ed25519", pair("Ed25519", "").getPublic()),
      new String(PgpForge.usual("Acme").armored(), StandardCharsets.US_ASCII),
      "untrusted comment: x\n" + KeySamples.MINISIGN,
      KeySamples.MINISIGN,
      TufSamples.HEX,
      TufSamples.PEM,
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    };
    for (int round = 0; round < 4_000; round++) {
      byte[] valid = samples[round % samples.length].getBytes(StandardCharsets.UTF_8);
      String changed = new String(Mutation.of(valid, random), StandardCharsets.UTF_8);
      try {
        assertThat(KeyFile.keySha256s(changed)).isNotEmpty();
      } catch (MalformedKeyException expected) {
        assertThat(expected.getMessage()).as("seed %d, round %d", seed, round).isNotBlank();
      }
    }
  }

  @Test
  void reads_as_many_characters_as_it_says() throws Exception {
    PublicKey key = pair("EC", "secp256r1").getPublic();
    String pem = pem("PUBLIC KEY", key.getEncoded());
    String longest = "\n".repeat(262_144 - pem.length()) + pem;
    assertThat(KeyFile.keySha256s(longest)).containsExactly(spkiDigest(key));
    assertThatThrownBy(() -> KeyFile.keySha256s("\n" + longest))
        .isInstanceOf(MalformedKeyException.class)
        .hasMessageContaining("at most 262144");
  }
}
