package dev.sigwarden.entry.tuf;

import static dev.sigwarden.entry.KindSamples.tuf;
import static dev.sigwarden.entry.KindSamples.tufInPlace;
import static dev.sigwarden.entry.KindSamples.tufMetadata;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.keys.TufSamples;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TufDecoderTest extends KindContract {
  private static final String ROOT =
      tufMetadata(
          "{\"_type\":\"root\",\"keys\":{\"aa\":%s,\"bb\":%s,\"cc\":%s},\"roles\":{}}"
              .formatted(TufSamples.PEM, TufSamples.HEX, TufSamples.ED25519),
          "aa");
  private static final String METADATA =
      tufMetadata("{\"_type\":\"timestamp\",\"version\":3}", "bb", "cc", "zz");

  @Override
  protected EntryDecoder decoder() {
    return new TufDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(tuf(METADATA, ROOT), tufInPlace(METADATA, ROOT), tuf(ROOT, ROOT));
  }

  @Override
  protected List<byte[]> costly() {
    String[] ids = IntStream.range(0, 200).mapToObj(i -> "id" + i).toArray(String[]::new);
    StringBuilder keys = new StringBuilder();
    for (String id : ids) {
      keys.append(keys.isEmpty() ? "" : ",").append("\"%s\":%s".formatted(id, TufSamples.PEM));
    }
    String root = tufMetadata("{\"keys\":{%s}}".formatted(keys));
    return List.of(tuf(tufMetadata("{}", ids), root), tufInPlace(tufMetadata("{}", ids), root));
  }

  @Test
  void takes_the_keys_of_the_root_that_signed() {
    for (byte[] entry : List.of(tuf(METADATA, ROOT), tufInPlace(METADATA, ROOT))) {
      assertThat(event(entry).signers())
          .extracting(one -> one.keyIds().getFirst())
          .containsExactly(new KeyId(KeyId.Scheme.TUF, "bb"), new KeyId(KeyId.Scheme.TUF, "cc"));
      assertThat(artifacts(event(entry)))
          .containsExactly(
              "ENVELOPE "
                  + Digest.sha256(METADATA.getBytes(UTF_8), 0, METADATA.getBytes(UTF_8).length));
    }
  }

  @Test
  void names_metadata_by_role_and_version() {
    for (byte[] entry : List.of(tuf(METADATA, ROOT), tufInPlace(METADATA, ROOT))) {
      assertThat(event(entry).claimed()).isEqualTo(ClaimedArtifact.named("timestamp", "3"));
    }
    String text = tufMetadata("{\"_type\":\"targets\",\"version\":\"3\"}", "bb");
    assertThat(event(tuf(text, ROOT)).claimed()).isEqualTo(ClaimedArtifact.NONE);
    assertThat(event(tuf(tufMetadata("{}", "bb"), ROOT)).claimed()).isEqualTo(ClaimedArtifact.NONE);
  }

  @Test
  void one_key_is_one_signer_in_pem_and_hex() {
    KeySigner pem = (KeySigner) signer(tuf(tufMetadata("{}", "aa"), ROOT));
    KeySigner hex = (KeySigner) signer(tuf(tufMetadata("{}", "bb"), ROOT));
    assertThat(hex.keySha256()).isEqualTo(pem.keySha256());
    assertThat(hex.keyType()).isEqualTo("EC P-256");
  }

  @Test
  void refuses_metadata_that_no_key_of_the_root_signed() {
    assertThat(reason(tuf(tufMetadata("{}", "zz"), ROOT))).contains("0 signers");
    assertThat(reason(tuf(tufMetadata("{}"), ROOT))).contains("0 signers");
  }

  @Test
  void refuses_a_root_of_which_a_key_that_signed_cannot_be_read() {
    String broken =
        ROOT.replace(
            "\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"",
            "\"keytype\":\"ed25519\",\"keyval\":{\"public\":\"x");
    assertThat(reason(tuf(METADATA, broken))).contains("TUF key: ed25519");
    assertThat(event(tuf(tufMetadata("{}", "aa"), broken)).signers()).hasSize(1);
  }

  @Test
  void refuses_more_signatures_than_its_limit() {
    String[] ids =
        IntStream.rangeClosed(0, Metadata.MAX_SIGNATURES)
            .mapToObj(i -> "id" + i)
            .toArray(String[]::new);
    assertThat(reason(tuf(tufMetadata("{}", ids), ROOT))).contains("more than 256 signatures");
  }

  @Test
  void refuses_a_repeated_key_since_readers_differ_in_which_they_take() {
    assertThat(reason(tuf(METADATA, ROOT.replace("\"cc\":", "\"bb\":")))).contains("Duplicate");
    assertThat(reason(tufInPlace(METADATA, ROOT.replace("\"cc\":", "\"bb\":"))))
        .contains("Duplicate");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "metadata":   | "x":           | without metadata
          "root":       | "x":           | without metadata or root
          "content":"   | "content":7,"x":" | object
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(tuf(METADATA, ROOT), part, replacement))).contains(reason);
  }
}
