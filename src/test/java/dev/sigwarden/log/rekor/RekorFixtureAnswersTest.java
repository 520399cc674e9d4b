package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.VerifierKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Answers that the real server gave: `fixtures/rekor-v1`.
class RekorFixtureAnswersTest {
  private static final Path FIXTURE = Path.of("src/test/resources/fixtures/rekor-v1");

  private static byte[] file(String name) throws Exception {
    return Files.readAllBytes(FIXTURE.resolve(name));
  }

  private static LogInfo info(int stage) throws Exception {
    return LogInfo.parse("log", file("log." + stage + ".json"));
  }

  private static VerifierKey key() throws Exception {
    return VerifierKey.parse(Files.readString(FIXTURE.resolve("vkey")).strip());
  }

  @Test
  void each_shard_is_signed_by_the_instance() throws Exception {
    for (int stage = 1; stage <= 3; stage++) {
      for (LogInfo.Shard shard : info(stage).shards()) {
        assertThat(shard.note().check(key())).isInstanceOf(SignatureCheck.Valid.class);
      }
    }
    assertThat(info(2).shards()).hasSize(1);
    assertThat(info(3).shards()).extracting(LogInfo.Shard::size).containsExactly(27L, 12L);
    assertThat(info(3).shards().getFirst().treeId()).isEqualTo(info(2).shards().getLast().treeId());
  }

  @Test
  void its_consistency_proof_holds() throws Exception {
    TreeHead older = info(1).shards().getLast().checkpoint().head();
    TreeHead newer = info(2).shards().getLast().checkpoint().head();
    List<Hash> path = RekorApi.proofHashes("proof", file("proof.3-27.json"));

    assertThat(new ConsistencyProof(path).holds(older, newer)).isTrue();
    assertThat(new ConsistencyProof(path).holds(newer, older)).isFalse();
  }

  @Test
  void every_entry_is_included_and_timed() throws Exception {
    LogInfo last = info(3);
    for (int global = 0; global < 39; global++) {
      RekorEntry entry = RekorEntry.parse("entry", file("entries/" + global + ".json"));
      String tree = entry.treeId().orElseThrow();
      long index = global - last.offset(tree).orElseThrow();

      assertThat(entry.globalIndex()).isEqualTo(global);
      assertThat(entry.inclusion("entry", index).orElseThrow().head())
          .isEqualTo(last.shard(tree).orElseThrow().checkpoint().head());
      assertThat(entry.timestamp("entry").orElseThrow().verified(TimestampKey.of(List.of(key()))))
          .isPresent();
    }
  }

  @Test
  void what_is_not_there_is_left_out_of_a_list() throws Exception {
    assertThat(RekorEntry.parseAll("entries", file("retrieve.json")))
        .extracting(RekorEntry::globalIndex)
        .containsExactly(26L, 27L);
  }
}
