package dev.sigwarden.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.cose.CborWriter;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.tuf.RefusedException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceKeysTest {
  private static final KeyPair KEY = ScittForge.ec("secp384r1");

  private static byte[] coordinate(boolean x) {
    ECPublicKey key = (ECPublicKey) KEY.getPublic();
    BigInteger value = x ? key.getW().getAffineX() : key.getW().getAffineY();
    byte[] bytes = value.toByteArray();
    byte[] fixed = new byte[48];
    int length = Math.min(48, bytes.length);
    System.arraycopy(bytes, bytes.length - length, fixed, 48 - length, length);
    return fixed;
  }

  private static String jwk() {
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    return "{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"k1\",\"x\":\"%s\",\"y\":\"%s\"}"
        .formatted(
            base64.encodeToString(coordinate(true)), base64.encodeToString(coordinate(false)));
  }

  private static CborWriter coseKey(CborWriter writer) {
    return writer
        .map(5)
        .integer(1)
        .integer(2)
        .integer(2)
        .text("k1")
        .integer(-1)
        .integer(2)
        .integer(-2)
        .bytes(coordinate(true))
        .integer(-3)
        .bytes(coordinate(false));
  }

  @Test
  void same_key_is_read_from_each_form() throws Exception {
    CoseKey key = CoseKey.of(KEY.getPublic());
    var named = Optional.of(ReceiptKeys.ofText("k1"));
    String pem = CertificateForge.pem("PUBLIC KEY", KEY.getPublic().getEncoded());

    assertThat(ServiceKeys.read(("{\"keys\":[%s]}".formatted(jwk())).getBytes(UTF_8)))
        .containsExactly(new ReceiptKeys.Entry(key, "", named));
    assertThat(
            ServiceKeys.read(("{\"a.example\":{\"keys\":[%s]}}".formatted(jwk())).getBytes(UTF_8)))
        .containsExactly(new ReceiptKeys.Entry(key, "a.example", named));
    assertThat(ServiceKeys.read(pem.getBytes(US_ASCII)))
        .containsExactly(new ReceiptKeys.Entry(key, "", Optional.empty()));
    assertThat(ServiceKeys.read(coseKey(new CborWriter().array(1)).toBytes()))
        .containsExactly(new ReceiptKeys.Entry(key, "", named));
    assertThat(
            ServiceKeys.read(
                coseKey(new CborWriter().map(1).text("a.example").map(1).integer(1).array(1))
                    .toBytes()))
        .containsExactly(new ReceiptKeys.Entry(key, "a.example", named));
  }

  @Test
  void certificate_stands_for_its_key() throws Exception {
    ScittForge forge = new ScittForge();
    byte[] der = forge.leafCertificate();
    CoseKey key = CoseKey.of(forge.leafKey().getPublic());
    String json =
        "{\"parameters\":[{\"serviceCertificate\":\"%s\"}]}"
            .formatted(Base64.getEncoder().encodeToString(der));

    assertThat(ServiceKeys.read(json.getBytes(UTF_8)))
        .containsExactly(new ReceiptKeys.Entry(key, "", Optional.empty()));
    assertThat(ServiceKeys.pem(CertificateForge.pem("CERTIFICATE", der).getBytes(US_ASCII)))
        .isEqualTo(key);
  }

  @Test
  void ed25519_is_read_from_both_forms() throws Exception {
    KeyPair key = ScittForge.key("Ed25519", 0);
    byte[] spki = key.getPublic().getEncoded();
    byte[] raw = java.util.Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    String json =
        "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}]}"
            .formatted(Base64.getUrlEncoder().withoutPadding().encodeToString(raw));
    byte[] cbor =
        new CborWriter()
            .array(1)
            .map(3)
            .integer(1)
            .integer(1)
            .integer(-1)
            .integer(6)
            .integer(-2)
            .bytes(raw)
            .toBytes();

    for (byte[] file : List.of(json.getBytes(UTF_8), cbor)) {
      assertThat(ServiceKeys.read(file).getFirst().key()).isEqualTo(CoseKey.of(key.getPublic()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                              | none
          {"keys":[{"kty":"RSA"}]}                                        | expected: EC on P-256
          {"keys":[{"kty":"EC","crv":"P-384","x":"AA","y":"AA"}]}         | coordinates of 1 and 1
          {"keys":[{"kty":"EC","crv":"P-384","x":"A","y":"AA"}]}          | unpadded base64url
          {"parameters":[{"serviceCertificate":"AAAA"}]}                  | cannot be read
          {"a":1}                                                         | a
          x                                                               | first byte 0x78
          -----BEGIN NOTHING-----                                         | PEM
          """)
  void other_forms_are_refused(String file, String because) {
    assertThatThrownBy(() -> ServiceKeys.read(file.getBytes(UTF_8)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(because);
  }

  @Test
  void private_keys_and_empty_files_are_refused() {
    byte[] secret =
        new CborWriter()
            .array(1)
            .map(2)
            .integer(1)
            .integer(2)
            .integer(-4)
            .bytes(new byte[48])
            .toBytes();

    assertThatThrownBy(() -> ServiceKeys.read(secret)).hasMessageContaining("a private key");
    assertThatThrownBy(() -> ServiceKeys.read(new byte[0])).hasMessageContaining("0 bytes");
    assertThatThrownBy(() -> ServiceKeys.read(new byte[ServiceKeys.MAX_BYTES + 1]))
        .hasMessageContaining("expected: 1 to");
  }

  @Test
  void two_keys_of_one_name_are_refused() throws Exception {
    var name = Optional.of(ReceiptKeys.ofText("k1"));
    var one = new ReceiptKeys.Entry(CoseKey.of(KEY.getPublic()), "", name);
    var other = new ReceiptKeys.Entry(CoseKey.of(ScittForge.ec("secp384r1").getPublic()), "", name);

    assertThat(ReceiptKeys.of(List.of(one, one)).entries()).containsExactly(one);
    assertThatThrownBy(() -> ReceiptKeys.of(List.of(one, other)))
        .hasMessage("keys: two different ones of the same name");
  }
}
