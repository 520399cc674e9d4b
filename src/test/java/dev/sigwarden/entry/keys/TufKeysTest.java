package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TufKeysTest {
  @Test
  void a_key_is_the_same_signer_in_pem_and_hex() throws Exception {
    Digest digest = sha256(CertificateForge.KEY);
    assertThat(read(TufSamples.PEM)).isEqualTo(new KeySigner(digest, "EC P-256"));
    assertThat(read(TufSamples.HEX)).isEqualTo(new KeySigner(digest, "EC P-256"));
    byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + "d7".repeat(32));
    assertThat(read(TufSamples.ED25519)).isEqualTo(new KeySigner(sha256(spki), "Ed25519"));
  }

  @Test
  void takes_a_certificate_as_its_key() throws Exception {
    byte[] certificate = new CertificateForge().der();
    String pem = CertificateForge.pem("CERTIFICATE", certificate).replace("\n", "\\n");
    assertThat(read(TufSamples.key("ecdsa", pem)).keySha256())
        .isEqualTo(sha256(CertificateForge.KEY));
  }

  @Test
  void has_the_id_that_the_metadata_gives_it() throws Exception {
    assertThat(TufKeys.read("abc", bytes(TufSamples.HEX)).keyIds())
        .containsExactly(new KeyId(KeyId.Scheme.TUF, "abc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"keytype\":\"sigstore-oidc\",\"keyval\":{\"identity\":\"a\",\"issuer\":\"b\"}}",
        "{\"keytype\":\"ml-dsa\",\"keyval\":{\"public\":\"00\"}}",
        "{}"
      })
  void a_kind_that_is_not_known_is_known_by_its_text(String key) throws Exception {
    assertThat(read(key).keySha256()).isEqualTo(sha256(key.getBytes(UTF_8)));
    assertThat(read(key).keyType()).startsWith("TUF ");
  }

  @ParameterizedTest
  @CsvSource({
    "ed25519, 00, with 1 bytes",
    "ed25519, xyz, PEM or hex",
    "ecdsa, 0400, a point of 2 bytes",
    "ecdsa-sha2-nistp256, zz, PEM or hex",
    "rsa, -----BEGIN PUBLIC KEY-----, no -----END",
  })
  void refuses_a_key_that_is_none_of_its_kind(String type, String value, String reason) {
    assertThatThrownBy(() -> read(TufSamples.key(type, value)))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refuses_a_compressed_point() {
    String hex = "02" + HexFormat.of().formatHex(TufSamples.POINT).substring(2);
    assertThatThrownBy(() -> read(TufSamples.key("ecdsa", hex)))
        .hasMessageContaining("uncompressed");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"keyval\":7}", "{} {}", "{\"keytype\":1}"})
  void refuses_what_is_no_key_object(String key) {
    assertThatThrownBy(() -> read(key)).isInstanceOf(MalformedJsonException.class);
  }

  private static KeySigner read(String key) throws Exception {
    return TufKeys.read(null, bytes(key));
  }

  private static EntryBytes bytes(String key) {
    return EntryBytes.of(key.getBytes(UTF_8));
  }

  private static Digest sha256(byte[] bytes) {
    return Digest.sha256(bytes, 0, bytes.length);
  }
}
