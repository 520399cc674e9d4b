package dev.sigwarden.entry.helm;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.helm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.openpgp.PgpForge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HelmDecoderTest extends KindContract {
  private static final PgpForge PGP = PgpForge.usual("Acme <sign@acme.example>");

  @Override
  protected EntryDecoder decoder() {
    return new HelmDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(helm(PGP.armored()), helm(PGP.bytes()));
  }

  @Override
  protected List<byte[]> costly() {
    PgpForge names = PgpForge.key("Ed25519 legacy");
    for (int i = 0; i < 450; i++) {
      names.userId("");
    }
    return List.of(helm(names.armored()));
  }

  @Test
  void names_the_openpgp_key_and_the_chart() {
    PgpSigner signer = (PgpSigner) signer(helm(PGP.armored()));
    assertThat(signer.keyIds().getFirst().value()).isEqualTo(PGP.fingerprint());
    assertThat(signer.userIds()).containsExactly("Acme <sign@acme.example>");
    assertThat(artifacts(event(helm(PGP.armored())))).containsExactly("ARTIFACT sha256:" + HEX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "publicKey":{"content":"  | "publicKey":{"content":"AAAA | PUBLIC KEY BLOCK
          "publicKey"               | "x"                          | 0 signers
          "publicKey":{             | "publicKey":[],"x":{         | an object
          "hash"                    | "x"                          | 0 digests
          sha256                    | md5                          | md5
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(helm(PGP.armored()), part, replacement))).contains(reason);
  }
}
