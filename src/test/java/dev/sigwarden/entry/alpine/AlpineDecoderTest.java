package dev.sigwarden.entry.alpine;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.alpine;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindContract;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlpineDecoderTest extends KindContract {
  @Override
  protected EntryDecoder decoder() {
    return new AlpineDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(alpine(KEY), alpine(CERTIFICATE));
  }

  @Override
  protected List<byte[]> costly() {
    return List.of(alpine(CERTIFICATE.repeat(60)));
  }

  @Test
  void names_the_key_and_the_package() {
    assertThat(signer(alpine(KEY))).isInstanceOf(KeySigner.class);
    assertThat(artifacts(event(alpine(KEY)))).containsExactly("ARTIFACT sha256:" + HEX);
  }

  @Test
  void tells_name_and_version_as_the_package_claims_them() {
    assertThat(event(alpine(KEY)).claimed()).isEqualTo(ClaimedArtifact.named("app", "1.4.2-r0"));
    byte[] number = changed(alpine(KEY), "\"1.4.2-r0\"", "14");
    assertThat(event(number).claimed()).isEqualTo(ClaimedArtifact.named("app", ""));
    byte[] none = changed(alpine(KEY), "\"pkginfo\":{", "\"pkginfo\":[],\"x\":{");
    assertThat(event(none).claimed()).isEqualTo(ClaimedArtifact.NONE);
  }

  @Test
  void takes_no_digest_from_what_the_package_says_of_itself() {
    assertThat(event(alpine(KEY)).artifacts().toString()).doesNotContain("cd".repeat(32));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "content":"       | "content":7,"x":"    | base64
          "publicKey":{     | "publicKey":7,"x":{  | an object
          "content"         | "url"                | 0 signers
          "hash"            | "url"                | 0 digests
          sha256            | sha1                 | sha1
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(alpine(KEY), part, replacement))).contains(reason);
  }
}
