package dev.sigwarden.entry.rekord;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.rekord;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RekordDecoderTest extends KindContract {
  private static final String NAME = "Acme <sign@acme.example>";
  private static final PgpForge PGP = PgpForge.usual(NAME);

  @Override
  protected EntryDecoder decoder() {
    return new RekordDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(
        rekord("x509", KEY.getBytes(US_ASCII)),
        rekord("x509", CERTIFICATE.getBytes(US_ASCII)),
        rekord("pgp", PGP.armored()),
        rekord("pgp", PGP.bytes()),
        rekord("ssh", KeySamples.sshLine("ssh-ed25519").getBytes(US_ASCII)),
        rekord("minisign", KeySamples.MINISIGN.getBytes(US_ASCII)));
  }

  @Override
  protected List<byte[]> costly() {
    PgpForge names = PgpForge.key("Ed25519 legacy");
    PgpForge keys = PgpForge.key("Ed25519 legacy");
    PgpForge signatures = PgpForge.key("Ed25519 legacy").userId(NAME);
    for (int i = 0; i < 450; i++) {
      names.userId("");
      keys.subkey(keys);
    }
    for (int i = 0; i < 20_000; i++) {
      signatures.raw(PgpForge.packet(2, new byte[0]));
    }
    return List.of(
        rekord("pgp", names.armored()),
        rekord("pgp", keys.armored()),
        rekord("pgp", signatures.bytes()),
        rekord("minisign", new byte[100_000]),
        rekord("ssh", "ssh-rsa ".repeat(20_000).getBytes(US_ASCII)));
  }

  @Test
  void reads_the_key_in_the_form_that_the_format_says() {
    assertThat(signer(samples().get(1))).isInstanceOf(CertificateSigner.class);
    assertThat(signer(samples().get(2)))
        .isInstanceOfSatisfying(
            PgpSigner.class, one -> assertThat(one.userIds()).containsExactly(NAME));
    assertThat(signer(samples().get(4)).keyIds()).containsExactly(KeySamples.sshId("ssh-ed25519"));
    assertThat(signer(samples().get(5)).keyIds())
        .containsExactly(new KeyId(KeyId.Scheme.MINISIGN, KeySamples.MINISIGN_ID));
    for (byte[] sample : samples()) {
      assertThat(artifacts(event(sample))).containsExactly("ARTIFACT sha256:" + HEX);
    }
  }

  @Test
  void takes_every_openpgp_key_of_a_block_as_a_signer() {
    PgpForge two = PgpForge.usual("one").raw(PgpForge.usual("two").bytes());
    assertThat(event(rekord("pgp", two.armored())).signers()).hasSize(2);
  }

  @Test
  void reads_a_signature_whose_format_comes_last() {
    String entry = new String(samples().get(4), UTF_8);
    String moved =
        entry.replace("\"format\":\"ssh\",", "").replace("}}}}", "},\"format\":\"ssh\"}}}");
    assertThat(moved).isNotEqualTo(entry);
    assertThat(signer(moved.getBytes(UTF_8)).keyIds()).isEqualTo(signer(samples().get(4)).keyIds());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "format":"ssh"         | "format":"pgp"     | PUBLIC KEY BLOCK
          "format":"ssh"         | "format":"minisign" | minisign key
          "format":"ssh"         | "format":"x509"    | PEM
          "format":"ssh"         | "format":"tuf"     | signature format tuf
          "format":"ssh"         | "format":7         | a string
          "format"               | "x"                | without format
          "publicKey"            | "x"                | without format or publicKey
          "publicKey":{"content" | "publicKey":{"url" | without format or publicKey
          "data"                 | "x"                | 0 digests
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(samples().get(4), part, replacement))).contains(reason);
  }
}
