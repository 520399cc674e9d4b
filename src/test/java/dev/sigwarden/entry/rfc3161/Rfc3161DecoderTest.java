package dev.sigwarden.entry.rfc3161;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.rfc3161;
import static dev.sigwarden.entry.rfc3161.TimeStampForge.SHA256;
import static dev.sigwarden.entry.rfc3161.TimeStampForge.TST_INFO;
import static dev.sigwarden.entry.rfc3161.TimeStampForge.info;
import static dev.sigwarden.entry.rfc3161.TimeStampForge.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.RekorSamples;
import dev.sigwarden.entry.cms.CmsForge;
import dev.sigwarden.entry.x509.CertificateForge;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Rfc3161DecoderTest extends KindContract {
  private static final byte[] RESPONSE = response(SHA256, RekorSamples.DIGEST);

  @Override
  protected EntryDecoder decoder() {
    return new Rfc3161Decoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(rfc3161(RESPONSE));
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(rfc3161(response(CmsForge.usual().content(TST_INFO, new byte[100_000]).der())));
  }

  @Test
  void the_authority_is_the_signer_and_what_it_stamped_the_artifact() {
    assertThat(((CertificateSigner) signer(rfc3161(RESPONSE))).subjectDn()).isEqualTo("CN=signer");
    assertThat(artifacts(event(rfc3161(RESPONSE))))
        .containsExactly(
            "ARTIFACT sha256:" + HEX, "ENVELOPE " + Digest.sha256(RESPONSE, 0, RESPONSE.length));
  }

  @ParameterizedTest
  @CsvSource({
    "2.16.840.1.101.3.4.2.2, 48, sha384",
    "2.16.840.1.101.3.4.2.3, 64, sha512",
  })
  void reads_imprints_of_the_longer_hashes(String oid, int length, String label) {
    assertThat(artifacts(event(rfc3161(response(oid, new byte[length])))).getFirst())
        .isEqualTo("ARTIFACT %s:%s".formatted(label, "00".repeat(length)));
  }

  @Test
  void names_the_response_alone_if_it_stamps_a_hash_that_has_no_place() {
    assertThat(artifacts(event(rfc3161(response("1.3.14.3.2.26", new byte[20])))))
        .hasSize(1)
        .allSatisfy(one -> assertThat(one).startsWith("ENVELOPE "));
  }

  @Test
  void refuses_an_imprint_of_another_length() {
    assertThat(reason(rfc3161(response(SHA256, new byte[20]))))
        .contains("imprint of 20 bytes (expected: 32)");
  }

  @Test
  void refuses_a_response_that_does_not_say_whose_it_is() {
    byte[] anonymous =
        new CmsForge()
            .content(TST_INFO, info(SHA256, RekorSamples.DIGEST))
            .signedBy("CN=authority", 7)
            .der();
    assertThat(reason(rfc3161(response(anonymous)))).contains("not among the 0 in it");
  }

  @Test
  void refuses_a_refusal_and_a_message_of_another_kind() {
    byte[] refusal = CertificateForge.der(new DERSequence(new DERSequence(new ASN1Integer(2))));
    assertThat(reason(rfc3161(refusal))).contains("no timeStampToken");
    assertThat(reason(rfc3161(response(CmsForge.usual().der())))).contains("token of type");
    assertThat(reason(rfc3161(response(CmsForge.usual().content(TST_INFO, new byte[3]).der()))))
        .contains("TSTInfo");
    assertThat(reason(rfc3161(Arrays.copyOf(RESPONSE, RESPONSE.length + 2))))
        .contains("bytes follow");
  }
}
