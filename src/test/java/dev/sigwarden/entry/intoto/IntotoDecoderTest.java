package dev.sigwarden.entry.intoto;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.intotoV1;
import static dev.sigwarden.entry.KindSamples.intotoV2;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.RekorSamples;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IntotoDecoderTest extends KindContract {
  @Override
  protected EntryDecoder decoder() {
    return new IntotoDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(
        intotoV1(CERTIFICATE), intotoV1(KEY), intotoV2(CERTIFICATE), intotoV2(KEY, CERTIFICATE));
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(
        intotoV2(Collections.nCopies(300, KEY).toArray(String[]::new)),
        intotoV2(Collections.nCopies(60, CERTIFICATE).toArray(String[]::new)));
  }

  @Test
  void takes_every_signature_as_a_signer_in_order() {
    assertThat(event(intotoV2(KEY, CERTIFICATE, KEY)).signers())
        .hasSize(3)
        .satisfiesExactly(
            one -> assertThat(one).isInstanceOf(KeySigner.class),
            two -> assertThat(two).isInstanceOf(CertificateSigner.class),
            three -> assertThat(three).isInstanceOf(KeySigner.class));
    assertThat(signer(intotoV1(CERTIFICATE)))
        .isInstanceOfSatisfying(
            CertificateSigner.class,
            one -> assertThat(one.subjects().getFirst().value()).isEqualTo(RekorSamples.URI));
  }

  @Test
  void tells_the_type_of_a_payload_that_is_not_in_the_log() {
    assertThat(event(intotoV2(KEY)).claimed())
        .isEqualTo(new ClaimedArtifact(List.of(), 0, "", "", "application/vnd.in-toto+json"));
    assertThat(event(intotoV1(KEY)).claimed()).isEqualTo(ClaimedArtifact.NONE);
  }

  @Test
  void tells_payload_from_envelope() {
    for (byte[] sample : samples()) {
      assertThat(artifacts(event(sample)))
          .containsExactly("ENVELOPE sha256:" + "ab".repeat(32), "PAYLOAD sha256:" + HEX);
    }
  }

  @Test
  void does_without_the_payload_hash_that_old_entries_lack() {
    assertThat(artifacts(event(changed(intotoV1(KEY), "\"payloadHash\"", "\"other\""))))
        .containsExactly("ENVELOPE sha256:" + "ab".repeat(32));
  }

  @Test
  void takes_no_key_of_one_version_in_the_place_of_the_other() {
    byte[] v2 = changed(intotoV2(KEY), "\"0.0.2\"", "\"0.0.1\"");
    assertThat(reason(v2)).contains("0 signers");
    byte[] v1 = changed(intotoV1(KEY), "\"0.0.1\"", "\"0.0.2\"");
    assertThat(reason(v1)).contains("0 signers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "signatures":[{    | "signatures":[],"x":[{      | 0 signers
          "signatures":[{    | "signatures":[7,{           | an object
          "signatures":[{    | "signatures":{"x":[{        | an array
          "publicKey"        | "keyid"                     | without publicKey
          "envelope":{       | "envelope":7,"x":{          | an object
          sha256             | md5                         | md5
          "value":"7e        | "value":"7g                 | not hex
          "value":"7e        | "value":"                   | 31 bytes
          LS0tLS1CRUdJTi     | LS0tLS1BRUdJTi              | PEM
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(intotoV2(KEY), part, replacement))).contains(reason);
  }
}
