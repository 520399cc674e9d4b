package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.ByteArrayOutputStream;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshKeysTest {
  @ParameterizedTest
  @CsvSource({
    "Ed25519, 0, ssh-ed25519",
    "RSA, 2048, ssh-rsa",
    "EC, 384, ecdsa-sha2-nistp384",
    "EC, 521, ecdsa-sha2-nistp521",
    "DSA, 1024, ssh-dss"
  })
  void a_key_is_the_same_signer_as_in_its_x509_form(String algorithm, int size, String kind)
      throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    if (size > 0) {
      generator.initialize(size);
    }
    PublicKey key = generator.generateKeyPair().getPublic();
    byte[] blob =
        OpenSSHPublicKeyUtil.encodePublicKey(PublicKeyFactory.createKey(key.getEncoded()));
    KeySigner signer = read(kind + " " + Base64.getEncoder().encodeToString(blob));
    assertThat(signer.keySha256()).isEqualTo(sha256(key.getEncoded()));
    assertThat(signer.keyType()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "sk-ssh-ed25519@openssh.com, ssh-ed25519",
    "sk-ecdsa-sha2-nistp256@openssh.com, ecdsa-sha2-nistp256",
    "ssh-ed25519-cert-v01@openssh.com, ssh-ed25519",
    "ssh-rsa-cert-v01@openssh.com, ssh-rsa",
    "ssh-dss-cert-v01@openssh.com, ssh-dss",
    "ecdsa-sha2-nistp256-cert-v01@openssh.com, ecdsa-sha2-nistp256",
    "sk-ssh-ed25519-cert-v01@openssh.com, ssh-ed25519",
    "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com, ecdsa-sha2-nistp256",
  })
  void a_key_on_a_token_or_in_a_certificate_is_the_key_itself(String kind, String plain)
      throws Exception {
    KeySigner signer = read(KeySamples.sshLine(kind));
    assertThat(signer.keySha256()).isEqualTo(read(KeySamples.sshLine(plain)).keySha256());
    assertThat(signer.keyIds()).endsWith(KeySamples.sshId(kind));
  }

  @ParameterizedTest
  @CsvSource({
    "ssh-ed25519-cert-v01@openssh.com, ssh-ed25519",
    "ssh-rsa-cert-v01@openssh.com, ssh-rsa",
    "sk-ssh-ed25519-cert-v01@openssh.com, sk-ssh-ed25519@openssh.com",
  })
  void a_certificate_has_the_fingerprint_of_its_key_first(String kind, String plain)
      throws Exception {
    assertThat(read(KeySamples.sshLine(kind)).keyIds())
        .containsExactly(KeySamples.sshId(plain), KeySamples.sshId(kind));
  }

  @Test
  void a_kind_that_is_not_known_is_known_by_its_fingerprint() throws Exception {
    KeySigner signer = read(KeySamples.sshLine("ssh-falcon"));
    assertThat(signer.keyIds()).containsExactly(KeySamples.sshId("ssh-falcon"));
    assertThat(signer.keySha256()).isEqualTo(sha256(KeySamples.sshBlob("ssh-falcon")));
    assertThat(read(KeySamples.sshLine("x-cert-v01@openssh.com")).keyIds()).hasSize(1);
  }

  @Test
  void a_comment_is_passed_over() throws Exception {
    String line = KeySamples.sshLine("ssh-ed25519");
    assertThat(read("  " + line + " me@acme.example and more \n")).isEqualTo(read(line));
  }

  @Test
  void the_fingerprint_is_written_as_openssh_writes_it() throws Exception {
    KeyId id = read(KeySamples.sshLine("ssh-ed25519")).keyIds().getFirst();
    assertThat(id.value()).matches("SHA256:[A-Za-z0-9+/]{43}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ssh-ed25519",
        "ssh-rsa",
        "ssh-dss",
        "ecdsa-sha2-nistp256",
        "sk-ssh-ed25519@openssh.com",
        "ssh-ed25519-cert-v01@openssh.com"
      })
  void refuses_a_key_cut_anywhere_or_with_more_behind_it(String kind) {
    byte[] blob = KeySamples.sshBlob(kind);
    int end = kind.contains("cert") ? blob.length - 60 : blob.length;
    for (int length = 0; length < end; length++) {
      byte[] cut = Arrays.copyOf(blob, length);
      assertThatThrownBy(() -> read(kind + " " + Base64.getEncoder().encodeToString(cut)))
          .isInstanceOf(MalformedSignerException.class);
    }
    if (end == blob.length) {
      byte[] more = Arrays.copyOf(blob, length(blob));
      assertThatThrownBy(() -> read(kind + " " + Base64.getEncoder().encodeToString(more)))
          .hasMessageContaining("1 bytes follow");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                   | a line of 0 bytes
          ssh-ed25519                          | a line of 11 bytes
          ssh-ed25519 ****                     | not base64
          ssh-ed25519 AAAA                     | cut at byte 0
          ssh-ed25519 AAAA/////w==             | cut
          ssh-rsa AAAAC3NzaC1lZDI1NTE5         | not the one that the line says
          ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAAQE= | Ed25519 with 1 bytes
          """)
  void refuses_with_a_reason(String line, String reason) {
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refuses_two_lines_and_more_than_its_limit() {
    String line = KeySamples.sshLine("ssh-ed25519");
    assertThatThrownBy(() -> read(line + "\n" + line)).hasMessageContaining("more than one line");
    assertThatThrownBy(() -> read(line + "\r" + line)).hasMessageContaining("more than one line");
    assertThatThrownBy(() -> read("ssh-rsa " + "A".repeat(30_000)))
        .hasMessageContaining("at most 16384 bytes");
  }

  @Test
  void refuses_a_compressed_point_and_a_curve_of_another_kind() {
    byte[] point =
        Arrays.copyOfRange(
            CertificateForge.KEY,
            CertificateForge.KEY.length - 65,
            CertificateForge.KEY.length - 32);
    point[0] = 2;
    assertThatThrownBy(() -> read(ec("nistp256", point))).hasMessageContaining("uncompressed");
    assertThatThrownBy(() -> read(ec("nistp384", TufSamples.POINT)))
        .hasMessageContaining("on the curve of its kind");
    assertThatThrownBy(() -> read(ec("nistp", TufSamples.POINT)))
        .hasMessageContaining("unknown curve");
  }

  private static String ec(String curve, byte[] point) {
    var blob = new ByteArrayOutputStream();
    KeySamples.string(blob, "ecdsa-sha2-nistp256".getBytes(US_ASCII));
    KeySamples.string(blob, curve.getBytes(US_ASCII));
    KeySamples.string(blob, point);
    return "ecdsa-sha2-nistp256 " + Base64.getEncoder().encodeToString(blob.toByteArray());
  }

  private static int length(byte[] blob) {
    return blob.length + 1;
  }

  private static KeySigner read(String line) throws MalformedSignerException {
    return SshKeys.readLine(line.getBytes(US_ASCII));
  }

  private static Digest sha256(byte[] bytes) {
    return Digest.sha256(bytes, 0, bytes.length);
  }
}
