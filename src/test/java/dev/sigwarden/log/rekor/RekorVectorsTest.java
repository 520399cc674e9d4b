package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.verify.Inclusion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Answers of the public instance.
class RekorVectorsTest {
  private static final String TREE = "1193050959916656506";

  private static byte[] live(String name) throws Exception {
    return Files.readAllBytes(Vectors.dir("rekor/rekor-v1/live").resolve(name));
  }

  private static VerifierKey key() throws Exception {
    Path root = Vectors.dir("sigstore-root").resolve("public-good/trusted_root.json");
    String raw =
        new JsonMapper().readTree(root.toFile()).at("/tlogs/0/publicKey/rawBytes").asText();
    return VerifierKey.of(
        "rekor.sigstore.dev", SignatureType.ECDSA, Base64.getDecoder().decode(raw));
  }

  @Test
  void the_shards_of_the_public_instance_are_signed_by_its_key() throws Exception {
    LogInfo info = LogInfo.parse("log", live("log-info-562247982.json"));

    assertThat(info.shards())
        .extracting(LogInfo.Shard::treeId)
        .containsExactly("3904496407287907110", TREE);
    assertThat(info.offset(TREE)).contains(4_163_431L);
    for (LogInfo.Shard shard : info.shards()) {
      assertThat(shard.note().check(key())).isInstanceOf(SignatureCheck.Valid.class);
    }
  }

  @Test
  void an_entry_beyond_32_bits_is_included_and_timed() throws Exception {
    RekorEntry entry = RekorEntry.parse("entry", live("entry-3078143996.json"));
    Inclusion inclusion = entry.inclusion("entry", 2_956_239_734L).orElseThrow();

    assertThat(entry.globalIndex()).isEqualTo(3_078_143_996L);
    assertThat(entry.treeId()).contains(TREE);
    assertThat(inclusion.note().orElseThrow().check(key()))
        .isInstanceOf(SignatureCheck.Valid.class);
    assertThat(entry.timestamp("entry").orElseThrow().verified(TimestampKey.of(List.of(key()))))
        .contains(Instant.ofEpochSecond(1_791_135_471L));
  }

  @Test
  void an_entry_of_an_old_server_has_a_time_and_no_proof() throws Exception {
    RekorEntry entry = RekorEntry.parse("entry", live("entry-1236200-rekord-ssh.json"));

    assertThat(entry.treeId()).isEmpty();
    assertThat(entry.inclusion("entry", 1_236_200)).isEmpty();
    assertThat(entry.timestamp("entry").orElseThrow().verified(TimestampKey.of(List.of(key()))))
        .isPresent();
  }
}
