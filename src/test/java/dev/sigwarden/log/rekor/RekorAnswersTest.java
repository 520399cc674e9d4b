package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.verify.Inclusion;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is read of answers, and what is refused.
class RekorAnswersTest {
  private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

  private final PracticeRekor rekor =
      new PracticeRekor("rekor.example", new SecureRandom(), Clock.fixed(TIME, ZoneOffset.UTC));

  private final List<VerifierKey> keys = List.of(rekor.verifierKey());

  @BeforeEach
  void fill() {
    rekor.append(utf8("old"));
    rekor.rotate();
    for (int i = 0; i < 12; i++) {
      rekor.append(utf8("entry " + i));
    }
    rekor.publish();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertBad(String expectation, ThrowingRead read) {
    assertThatThrownBy(read::read)
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining(expectation)
        .message()
        .doesNotContain("\n");
  }

  private interface ThrowingRead {
    Object read() throws BadAnswerException;
  }

  private LogInfo info(UnaryOperator<String> change) throws BadAnswerException {
    return LogInfo.parse("log", utf8(change.apply(rekor.logInfo())));
  }

  private RekorEntry entry(UnaryOperator<String> change) throws BadAnswerException {
    return RekorEntry.parse("entry", utf8(change.apply(rekor.entry(4).orElseThrow())));
  }

  @Test
  void shards_are_read_in_order_with_what_each_holds() throws Exception {
    LogInfo info = info(it -> it);

    assertThat(info.shards()).extracting(LogInfo.Shard::size).containsExactly(1L, 12L);
    assertThat(info.shards()).extracting(LogInfo.Shard::active).containsExactly(false, true);
    assertThat(info.offset(rekor.treeId(0))).contains(0L);
    assertThat(info.offset(rekor.treeId(1))).contains(1L);
    assertThat(info.offset("7")).isEmpty();
  }

  @Test
  void an_instance_without_inactive_shards_says_null() throws Exception {
    PracticeRekor young = new PracticeRekor("young.example", new SecureRandom(), Clock.systemUTC());
    String json = young.logInfo().replace("\"inactiveShards\":[]", "\"inactiveShards\":null");

    assertThat(LogInfo.parse("log", utf8(json)).shards()).hasSize(1);
  }

  @Test
  void what_stands_beside_a_note_must_agree_with_it() {
    assertBad(
        "what its signedTreeHead says",
        () -> info(it -> it.replace("\"treeSize\":12", "\"treeSize\":13")));
    assertBad(
        "what its signedTreeHead says",
        () -> info(it -> it.replace(rekor.head(1).root().toHex(), Hash.emptyRoot().toHex())));
    assertBad(
        "what its signedTreeHead says",
        () -> info(it -> it.replace("\"treeID\":\"" + rekor.treeId(1), "\"treeID\":\"77")));
  }

  @Test
  void shards_that_are_none_are_refused() {
    assertBad("listed twice", () -> info(it -> it.replace(rekor.treeId(1), rekor.treeId(0))));
    assertBad("decimal number", () -> info(it -> it.replace(rekor.treeId(1), "0")));
    assertBad("expected: rootHash", () -> info(_ -> "{}"));
    assertBad("JSON object or array", () -> info(_ -> "<html>"));
    assertBad("expected: nothing more", () -> info(it -> it + "{}"));
    assertBad(
        "not strict JSON",
        () -> info(it -> it.replace("\"treeSize\":12", "\"treeSize\":12,\"treeSize\":12")));
  }

  @Test
  void more_shards_than_there_can_be_are_refused() throws Exception {
    for (int shards = 2; shards < LogInfo.MAX_SHARDS; shards++) {
      rekor.rotate();
    }
    rekor.publish();
    assertThat(info(it -> it).shards()).hasSize(LogInfo.MAX_SHARDS);

    rekor.rotate();
    rekor.publish();
    assertBad("more than " + LogInfo.MAX_SHARDS + " shards", () -> info(it -> it));
  }

  @Test
  void an_entry_is_read_with_its_proof_and_its_time() throws Exception {
    RekorEntry entry = entry(it -> it);
    Inclusion inclusion = entry.inclusion("entry", 3).orElseThrow();

    assertThat(entry.leaf()).isEqualTo(utf8("entry 3"));
    assertThat(entry.globalIndex()).isEqualTo(4);
    assertThat(entry.treeId()).contains(rekor.treeId(1));
    assertThat(inclusion.head()).isEqualTo(rekor.head(1));
    assertThat(inclusion.note().orElseThrow().toBytes()).isEqualTo(rekor.note(1));
    assertThat(entry.timestamp("entry").orElseThrow().verified(TimestampKey.of(keys)))
        .contains(TIME);
  }

  @Test
  void an_id_of_old_servers_names_no_tree() throws Exception {
    String treeId = "%016x".formatted(Long.parseLong(rekor.treeId(1)));

    assertThat(entry(it -> it.replace(treeId, "")).treeId()).isEmpty();
  }

  @Test
  void a_time_counts_only_if_the_log_signed_it_for_this_entry() throws Exception {
    long seconds = TIME.getEpochSecond();
    for (UnaryOperator<String> change :
        List.<UnaryOperator<String>>of(
            it -> it.replace("" + seconds, "" + (seconds - 1)),
            it -> it.replace("\"logIndex\":4", "\"logIndex\":5"),
            it -> it.replaceAll("(signedEntryTimestamp\":\")[^\"]*", "$1QUFBQQ=="))) {
      assertThat(entry(change).timestamp("entry").orElseThrow().verified(TimestampKey.of(keys)))
          .isEmpty();
    }
    List<VerifierKey> others =
        List.of(
            new PracticeRekor("other.example", new SecureRandom(), Clock.systemUTC())
                .verifierKey());
    assertThat(entry(it -> it).timestamp("entry").orElseThrow().verified(TimestampKey.of(others)))
        .isEmpty();
    assertThat(entry(it -> it.replaceAll(",\"signedEntryTimestamp\":\"[^\"]*\"", "")).timestamp(""))
        .isEmpty();
  }

  @Test
  void entry_in_a_saved_answer_is_found_and_nothing_else_is_taken_for_one() throws Exception {
    String saved = rekor.entry(4).orElseThrow();

    assertThat(RekorProtocol.entryIn("saved", utf8(saved))).hasValue(utf8("entry 3"));
    for (String other : List.of("", "{}", "[" + saved + "]", "{\"kind\":\"hashedrekord\"}")) {
      assertThat(RekorProtocol.entryIn("saved", utf8(other))).as(other).isEmpty();
    }
    assertBad(
        "leaf hash",
        () ->
            RekorProtocol.entryIn(
                "saved", utf8(saved.replaceFirst("\"body\":\"....", "\"body\":\"AAAA"))));
  }

  @Test
  void a_body_that_is_not_the_one_of_its_id_is_refused() {
    assertBad(
        "leaf hash", () -> entry(it -> it.replaceFirst("\"body\":\"....", "\"body\":\"AAAA")));
    assertBad(
        "not base64", () -> entry(it -> it.replaceFirst("\"body\":\"....", "\"body\":\"*AAA")));
    assertBad("hex digits", () -> entry(it -> it.replaceFirst("\\{\"....", "{\"ABCD")));
    assertBad("with body", () -> entry(it -> it.replace("\"body\"", "\"bodi\"")));
    assertBad("expected: one", () -> entry(it -> it.substring(0, it.length() - 1) + ",\"x\":{}}"));
  }

  @Test
  void a_proof_of_another_index_or_tree_is_refused() {
    assertBad("holds for 4", () -> entry(it -> it).inclusion("entry", 4));
    assertBad(
        "holds for 3",
        () ->
            entry(it -> it.replace("],\"logIndex\":3", "],\"logIndex\":2")).inclusion("entry", 3));
    assertBad("beside it", () -> entry(it -> it.replace("\"treeSize\":12", "\"treeSize\":13")));
    assertBad(
        "expected: with checkpoint", () -> entry(it -> it.replace("\"checkpoint\"", "\"other\"")));
    assertBad(
        "the checkpoint of a proof",
        () -> entry(it -> it.replace("rekor.example - ", "rekor.example\\u0000- ")));
  }

  @Test
  void an_answer_with_more_entries_than_there_can_be_is_refused() throws Exception {
    String one = rekor.entry(4).orElseThrow();
    String ten = String.join(",", Collections.nCopies(10, one));

    assertThat(RekorEntry.parseAll("entries", utf8("[" + ten + "]"))).hasSize(10);
    assertBad(
        "at most 10", () -> RekorEntry.parseAll("entries", utf8("[" + ten + "," + one + "]")));
    assertBad("without an entry", () -> RekorEntry.parseAll("entries", utf8("[{}]")));
  }

  @Test
  void a_consistency_proof_is_its_hashes_whatever_root_stands_beside_them() throws Exception {
    String json = rekor.proof(rekor.treeId(1), 5, 9);
    TreeHead older = rekor.tree(1).headAt(5);
    TreeHead newer = rekor.tree(1).headAt(9);

    assertThat(new ConsistencyProof(RekorApi.proofHashes("proof", utf8(json))).holds(older, newer))
        .isTrue();
    assertThat(json).contains(rekor.head(1).root().toHex());
    assertThat(RekorApi.proofHashes("proof", utf8("{\"hashes\":null}"))).isEmpty();
    assertBad("with hashes", () -> RekorApi.proofHashes("proof", utf8("{\"rootHash\":\"\"}")));
    assertBad("lowercase hex", () -> RekorApi.proofHashes("proof", utf8("{\"hashes\":[\"AB\"]}")));
    String hash = "\"" + Hash.emptyRoot().toHex() + "\"";
    String many = String.join(",", Collections.nCopies(65, hash));
    assertBad(
        "more than 64", () -> RekorApi.proofHashes("proof", utf8("{\"hashes\":[" + many + "]}")));
  }
}
