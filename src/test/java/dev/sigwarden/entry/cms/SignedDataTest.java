package dev.sigwarden.entry.cms;

import static dev.sigwarden.entry.cms.CmsForge.certificate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignedDataTest {
  private static final byte[] KEY_ID = {1, 2, 3, 4};

  @Test
  void finds_the_signer_by_issuer_and_serial_number() throws Exception {
    SignedData message = SignedData.read(CmsForge.usual().der());
    assertThat(message.signers())
        .extracting(CertificateSigner::subjectDn)
        .containsExactly("CN=signer");
    assertThat(message.contentType()).isEqualTo("1.2.840.113549.1.7.1");
    assertThat(message.content()).isEmpty();
  }

  @Test
  void finds_the_signer_by_its_key_identifier() throws Exception {
    CertificateForge signer =
        certificate("CN=signer", 7)
            .extension("2.5.29.19", true, new byte[] {0x30, 0})
            .extension("2.5.29.14", false, CertificateForge.der(new SubjectKeyIdentifier(KEY_ID)));
    CmsForge forge = new CmsForge().holds(certificate("CN=other", 7).der()).holds(signer.der());
    assertThat(SignedData.read(forge.signedByKeyId(KEY_ID).der()).signers())
        .extracting(CertificateSigner::subjectDn)
        .containsExactly("CN=signer");
  }

  @Test
  void takes_every_certificate_that_fits_so_that_none_hides_behind_another() throws Exception {
    SignedData message =
        SignedData.read(
            CmsForge.usual()
                .holds(certificate("CN=twin", 7).der())
                .holds(certificate("CN=twin", 7).der())
                .der());
    assertThat(message.signers())
        .extracting(CertificateSigner::subjectDn)
        .containsExactly("CN=signer", "CN=twin");
  }

  @Test
  void takes_every_signer_once() throws Exception {
    SignedData message =
        SignedData.read(
            CmsForge.usual().signedBy("CN=authority", 1).signedBy("CN=authority", 7).der());
    assertThat(message.signers()).hasSize(2);
  }

  @Test
  void tells_a_certificate_that_did_not_sign_from_one_that_it_does_not_hold() throws Exception {
    SignedData message = SignedData.read(CmsForge.usual().der());
    assertThat(message.isBystander(read(certificate("CN=authority", 1)))).isTrue();
    assertThat(message.isBystander(read(certificate("CN=signer", 7)))).isFalse();
    assertThat(message.signs(read(certificate("CN=signer", 7)))).isTrue();
    assertThat(message.isBystander(read(certificate("CN=stranger", 1)))).isFalse();
  }

  @Test
  void passes_over_elements_that_are_no_certificates() throws Exception {
    CmsForge forge = CmsForge.usual().holds(new DERTaggedObject(false, 1, new DERSequence()));
    assertThat(SignedData.read(forge.der()).signers()).hasSize(1);
  }

  @Test
  void refuses_a_signer_without_its_certificate() {
    assertThatThrownBy(() -> SignedData.read(CmsForge.usual().signedBy("CN=authority", 8).der()))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining("not among the 2 in it");
    assertThatThrownBy(() -> SignedData.read(CmsForge.usual().signedBy("CN=other", 7).der()))
        .hasMessageContaining("not among");
    assertThatThrownBy(() -> SignedData.read(CmsForge.usual().signedByKeyId(KEY_ID).der()))
        .hasMessageContaining("not among");
    assertThatThrownBy(() -> SignedData.read(CmsForge.usual().signedByKeyId(new byte[0]).der()))
        .as("a certificate without key identifier has none, not an empty one")
        .hasMessageContaining("not among");
  }

  @Test
  void refuses_more_than_its_limits() {
    CmsForge certificates = CmsForge.usual();
    for (int i = 0; i < SignedData.MAX_CERTIFICATES; i++) {
      certificates.holds(certificate("CN=more", 100 + i).der());
    }
    assertThatThrownBy(() -> SignedData.read(certificates.der()))
        .hasMessageContaining("more than 64 certificates");
    CmsForge signers = CmsForge.usual();
    for (int i = 0; i < SignedData.MAX_SIGNERS; i++) {
      signers.signedBy("CN=authority", 7);
    }
    assertThatThrownBy(() -> SignedData.read(signers.der()))
        .hasMessageContaining("more than 16 signers");
  }

  @Test
  void refuses_a_message_without_signer_and_a_signer_without_name() {
    assertThatThrownBy(
            () -> SignedData.read(new CmsForge().holds(certificate("CN=a", 1).der()).der()))
        .hasMessageContaining("no signer");
    assertThatThrownBy(() -> SignedData.read(CmsForge.usual().signedBy(new ASN1Integer(1)).der()))
        .hasMessageContaining("tag 0x02");
  }

  @Test
  void refuses_bytes_behind_the_message() {
    byte[] message = CmsForge.usual().der();
    assertThatThrownBy(() -> SignedData.read(Arrays.copyOf(message, message.length + 1)))
        .hasMessageContaining("bytes follow");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "3080", "3003020101", "300b06092a864886f70d010701"})
  void refuses_what_is_no_message(String hex) {
    byte[] bytes = hex.length() < 2 ? new byte[0] : HexFormat.of().parseHex(hex);
    assertThatThrownBy(() -> SignedData.read(bytes)).isInstanceOf(MalformedSignerException.class);
  }

  private static CertificateSigner read(CertificateForge forge) throws Exception {
    return Certificates.read(forge.der());
  }
}
