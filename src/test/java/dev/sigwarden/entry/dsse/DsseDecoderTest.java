package dev.sigwarden.entry.dsse;

import static dev.sigwarden.entry.RekorSamples.certificate;
import static dev.sigwarden.entry.RekorSamples.certificateVerifier;
import static dev.sigwarden.entry.RekorSamples.dsseV1;
import static dev.sigwarden.entry.RekorSamples.dsseV2;
import static dev.sigwarden.entry.RekorSamples.keyVerifier;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.EntryDecoderContract;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.x509.CertificateForge;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DsseDecoderTest extends EntryDecoderContract {
  private static final String CERTIFICATE = CertificateForge.pem("CERTIFICATE", certificate());
  private static final String KEY = CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY);

  @Override
  protected EntryDecoder decoder() {
    return new DsseDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(
        dsseV1(CERTIFICATE),
        dsseV1(KEY, CERTIFICATE),
        dsseV2(certificateVerifier(certificate()), keyVerifier(CertificateForge.KEY)));
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(
        dsseV1(Collections.nCopies(300, KEY).toArray(String[]::new)),
        dsseV2(Collections.nCopies(400, keyVerifier(CertificateForge.KEY)).toArray(String[]::new)));
  }

  @Test
  void takes_every_signature_as_a_signer_in_order() {
    SigningEvent v1 = event(dsseV1(KEY, CERTIFICATE, KEY));
    assertThat(v1.signers()).hasSize(3);
    assertThat(v1.signers().get(0)).isInstanceOf(KeySigner.class);
    assertThat(v1.signers().get(1)).isInstanceOf(CertificateSigner.class);
    assertThat(v1.signers().get(2)).isEqualTo(v1.signers().get(0));
    assertThat(event(samples().get(2)).signers()).hasSize(2);
  }

  @Test
  void tells_payload_from_envelope() {
    assertThat(event(dsseV1(KEY)).artifacts())
        .extracting(ArtifactDigest::role)
        .containsExactly(ArtifactDigest.Role.ENVELOPE, ArtifactDigest.Role.PAYLOAD);
    assertThat(event(dsseV1(KEY)).artifacts().getFirst().digest().toHex())
        .isEqualTo("ab".repeat(32));
    assertThat(event(dsseV2(keyVerifier(CertificateForge.KEY))).artifacts())
        .extracting(ArtifactDigest::role)
        .containsExactly(ArtifactDigest.Role.PAYLOAD);
  }

  @Test
  void refuses_an_entry_of_which_one_signer_cannot_be_read() {
    assertThat(reason(dsseV1(CERTIFICATE, "nothing"))).contains("PEM");
    assertThat(reason(dsseV2(keyVerifier(CertificateForge.KEY), "{}"))).contains("neither");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "signatures":[{    | "signatures":[],"x":[{      | 0 signers
          "signatures":[{    | "signatures":[7,{           | an object
          "signatures":[{    | "signatures":{"x":[{        | an array
          "verifier"         | "x"                         | without verifier
          sha256             | md5                         | md5
          "value":"7e        | "value":"7g                 | not hex
          "value":"7e        | "value":"                   | 31 bytes
          "envelopeHash"     | "payloadHash"               | Duplicate
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    String entry = new String(dsseV1(KEY), UTF_8);
    assertThat(entry).contains(part);
    assertThat(reason(entry.replace(part, replacement).getBytes(UTF_8))).contains(reason);
  }

  private static SigningEvent event(byte[] entry) {
    Decoded decoded = new DsseDecoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Event.class);
    return ((Decoded.Event) decoded).event();
  }

  private static String reason(byte[] entry) {
    Decoded decoded = new DsseDecoder().decode(EntryBytes.of(entry));
    assertThat(decoded).isInstanceOf(Decoded.Undecodable.class);
    return ((Decoded.Undecodable) decoded).reason();
  }
}
