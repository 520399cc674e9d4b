package dev.sigwarden.entry.rpm;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.rpm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.openpgp.PgpForge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RpmDecoderTest extends KindContract {
  private static final PgpForge PGP = PgpForge.usual("Acme <sign@acme.example>");

  @Override
  protected EntryDecoder decoder() {
    return new RpmDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(rpm(PGP.armored()), rpm(PGP.bytes()));
  }

  @Override
  protected List<byte[]> costly() {
    PgpForge names = PgpForge.key("Ed25519 legacy");
    for (int i = 0; i < 450; i++) {
      names.userId("");
    }
    return List.of(rpm(names.armored()));
  }

  @Test
  void names_the_openpgp_key_and_the_package() {
    PgpSigner signer = (PgpSigner) signer(rpm(PGP.armored()));
    assertThat(signer.keyIds().getFirst().value()).isEqualTo(PGP.fingerprint());
    assertThat(signer.userIds()).containsExactly("Acme <sign@acme.example>");
    assertThat(artifacts(event(rpm(PGP.armored())))).containsExactly("ARTIFACT sha256:" + HEX);
  }

  @Test
  void tells_name_and_version_as_rpm_writes_them() {
    byte[] usual = rpm(PGP.armored());
    assertThat(event(usual).claimed()).isEqualTo(ClaimedArtifact.named("app", "1.4.2-3.el9"));
    assertThat(event(changed(usual, "\"Epoch\":\"0\"", "\"Epoch\":\"2\"")).claimed().version())
        .isEqualTo("2:1.4.2-3.el9");
    assertThat(event(changed(usual, "\"headers\":{", "\"tags\":{")).claimed())
        .isEqualTo(ClaimedArtifact.NONE);
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
    assertThat(reason(changed(rpm(PGP.armored()), part, replacement))).contains(reason);
  }
}
