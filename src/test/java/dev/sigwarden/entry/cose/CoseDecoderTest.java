package dev.sigwarden.entry.cose;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.cose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CoseDecoderTest extends KindContract {
  @Override
  protected EntryDecoder decoder() {
    return new CoseDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(cose(KEY), cose(CERTIFICATE));
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(cose(CERTIFICATE.repeat(60)));
  }

  @Test
  void names_the_signer_and_both_digests() {
    assertThat(signer(cose(KEY))).isInstanceOf(KeySigner.class);
    assertThat(signer(cose(CERTIFICATE))).isInstanceOf(CertificateSigner.class);
    assertThat(artifacts(event(cose(KEY))))
        .containsExactly("ENVELOPE sha256:" + "ab".repeat(32), "PAYLOAD sha256:" + HEX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "publicKey":"     | "publicKey":{},"x":"  | base64
          "publicKey"       | "key"                 | 0 signers
          "data":{          | "x":{                 | 0 digests
          "data":{          | "data":[],"x":{       | an object
          sha256            | sha1                  | sha1
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(cose(KEY), part, replacement))).contains(reason);
  }
}
