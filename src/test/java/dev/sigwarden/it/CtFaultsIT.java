package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeCtEntry;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedCt;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a Certificate Transparency log can answer wrongly: nothing is passed over in silence, no
/// log stands still without a word, and trouble is not taken for a lie.
class CtFaultsIT {
  private static final String API = "ct";
  private static final String TILES = "static-ct";
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private CtProgram ct;

  private CtProgram open(String protocol) {
    ct = new CtProgram(folder, protocol);
    return ct;
  }

  @AfterEach
  void close() {
    ct.close();
  }

  private static Fault leaves(Fault fault) {
    return fault.on(SimulatedCt::leaves);
  }

  /// Changes the page of entries that the API answers.
  private static Fault page(Consumer<ArrayNode> change) {
    return leaves((_, honest) -> {
      try {
        ObjectNode answer = (ObjectNode) JSON.readTree(honest.body());
        change.accept((ArrayNode) answer.get("entries"));
        return honest.withBody(JSON.writeValueAsBytes(answer));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void honest_logs_are_read_whole_and_alert_on_what_is_watched(String protocol) {
    open(protocol).others(300);
    long index = ct.watched("in plain sight");
    ct.startedAt(700);
    Finding finding = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(index);
    assertThat(WholeProgram.evidence(finding, "inclusion.json")).contains("treeSize");
    assertThat(ct.program().findings()).hasSize(1);
    assertThat(ct.program().daemon().conditions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_page_cut_in_the_middle(String protocol) {
    open(protocol).startedAt(100);
    ct.simulated()
        .inject(
            leaves((_, honest) ->
                honest.withBody(Arrays.copyOf(honest.body(), honest.body().length / 2))));
    // Of a tile, what stands before the cut is read.
    ct.others(120);
    ct.assertToldAsOutage(protocol.equals(API) ? "page of entries" : "expected");
    ct.assertHeals(120);
  }

  @Test
  void a_page_with_surplus_entries_is_refused() {
    open(API).startedAt(100);
    ct.simulated().inject(page(entries -> entries.add(entries.get(0))));
    ct.others(120);
    ct.assertToldAsOutage("entries (expected: as many as asked for)");
    ct.assertHeals(120);
  }

  @Test
  void a_tile_with_surplus_leaves_is_refused() {
    open(TILES).startedAt(100);
    ct.simulated()
        .inject(
            leaves((_, honest) -> {
              byte[] twice = Arrays.copyOf(honest.body(), 2 * honest.body().length);
              System.arraycopy(honest.body(), 0, twice, honest.body().length, honest.body().length);
              return honest.withBody(twice);
            }));
    ct.others(120);
    ct.assertToldAsOutage("bytes after the last of 120 leaves");
    ct.assertHeals(120);
  }

  @Test
  void pages_that_end_early_are_continued() {
    open(API);
    ct.simulated()
        .inject(
            page(entries -> {
              while (entries.size() > 7) {
                entries.remove(entries.size() - 1);
              }
            }));
    ct.startedAt(300);
    assertThat(ct.program().findings()).isEmpty();
    assertThat(ct.program().daemon().conditions()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_wrong_leaf_inside_is_a_lie(String protocol) {
    open(protocol).startedAt(100);
    Fault wrong =
        protocol.equals(API)
            ? page(entries ->
                ((ObjectNode) entries.get(entries.size() - 1))
                    .set("leaf_input", entries.get(0).get("leaf_input")))
            : leaves((_, honest) -> changed(honest, "entry 110", "entry 666"));
    ct.simulated().inject(wrong);
    ct.others(120);
    Finding lie = ct.program().awaitFinding(Kind.LEAVES_MISMATCH);
    if (protocol.equals(TILES)) {
      assertThat(WholeProgram.evidence(lie, "why.txt")).contains("first at index 110");
    }
    assertThat(ct.program().position()).isEqualTo(100);
    ct.simulated().heal();
    ct.program().awaitPosition(120);
  }

  private static Answer changed(Answer honest, String from, String to) {
    String text = new String(honest.body(), StandardCharsets.ISO_8859_1).replace(from, to);
    return honest.withBody(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void bytes_behind_a_leaf_of_the_api_are_no_part_of_the_tree() {
    open(API).startedAt(100);
    ct.simulated()
        .inject(
            page(entries -> {
              ObjectNode last = (ObjectNode) entries.get(entries.size() - 1);
              byte[] leaf = Base64.getDecoder().decode(last.get("leaf_input").asText());
              last.put("leaf_input", Arrays.copyOf(leaf, leaf.length + 1));
            }));
    ct.others(120);
    ct.program().awaitFinding(Kind.LEAVES_MISMATCH);
    assertThat(ct.program().position()).isEqualTo(100);
  }

  @Test
  void a_tile_torn_in_the_middle_hides_no_leaf_before_the_tear() {
    open(TILES).startedAt(100);
    ct.watched("before the tear");
    ct.others(120);
    Fault torn = (_, honest) -> changed(honest, "entry 110", "entry");
    ct.simulated().inject(leaves(torn));
    ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    ct.program().until("a failed turn", () -> !ct.program().status().error().isEmpty());
    ct.program().awaitPosition(110);
  }

  @Test
  void an_entry_of_unknown_type_is_proven_and_judged_where_its_end_is_known() {
    open(API).startedAt(100);
    ct.simulated()
        .log()
        .append(PracticeCtEntry.unknown(7, "new kind".getBytes(StandardCharsets.UTF_8)));
    ct.others(120);
    ct.program().awaitPosition(120);
    assertThat(ct.program().findings()).isEmpty();
  }

  @Test
  void an_entry_of_unknown_type_is_told_where_its_end_is_not_known() {
    open(TILES).startedAt(100);
    ct.watched("before the unknown");
    ct.simulated()
        .log()
        .append(PracticeCtEntry.unknown(7, "new kind".getBytes(StandardCharsets.UTF_8)));
    ct.others(120);
    ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    ct.program().awaitPosition(101);
    ct.program()
        .until(
            "a failed turn",
            () -> ct.program().status().error().contains("leaf 101 of the log: entry type 7"));
    ct.program().clock().pass(Duration.ofMinutes(11));
    ct.program().awaitCondition(Kind.LOG_UNREACHABLE);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void gzip_that_nobody_asked_for(String protocol) {
    open(protocol);
    ct.simulated()
        .inject((_, honest) ->
            honest.status() == 200
                ? honest.withBody(gzip(honest.body())).with("Content-Encoding", "gzip")
                : honest);
    ct.startedAt(300);
    assertThat(ct.program().daemon().conditions()).isEmpty();
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_log_that_wants_to_be_left_alone_is_left_alone(String protocol) {
    open(protocol).startedAt(100);
    ct.simulated().inject((_, _) -> Answer.of(429).with("Retry-After", "7"));
    ct.others(120);
    // Longer than a request may take, so that it is not even tried.
    ct.program().until("left alone", () -> ct.program().status().error().contains("left alone"));
    long asked = ct.simulated().requests(_ -> true);
    ct.program().clock().pass(Duration.ofMinutes(11));
    ct.program().awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(ct.simulated().requests(_ -> true)).isEqualTo(asked);
    ct.assertHeals(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {API, TILES})
  void a_front_end_behind_the_head_is_waited_for(String protocol) {
    open(protocol).startedAt(100);
    // What no head covered when the fault began is not there yet.
    ct.simulated()
        .inject((path, honest) ->
            SimulatedCt.leaves(path)
                ? Answer.of(protocol.equals(API) ? 400 : 404)
                    .withBody("need tree size 120, only got 100".getBytes(StandardCharsets.UTF_8))
                : honest);
    ct.others(120);
    ct.assertToldAsOutage(protocol.equals(API) ? "only got 100" : "not found");
    assertThat(ct.program().position()).isEqualTo(100);
    ct.assertHeals(120);
  }

  @Test
  void a_log_that_proves_only_between_its_heads_is_read_and_proven_chunk_by_chunk() {
    open(API).startedAt(100);
    ct.simulated()
        .inject((path, honest) ->
            path.startsWith("ct/v1/get-sth-consistency") && !path.contains("first=100&")
                ? Answer.of(400)
                : honest);
    long index = ct.watched("in the first of several chunks");
    ct.others(3_000);
    ct.program().awaitPosition(3_000);
    assertThat(ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE).index()).isEqualTo(index);
    assertThat(ct.program().findings()).hasSize(1);
    assertThat(ct.program().status().error()).isEmpty();
  }

  @Test
  void an_answer_without_entries_is_no_end_of_the_log() {
    open(API).startedAt(100);
    ct.simulated().inject(page(ArrayNode::removeAll));
    ct.others(120);
    ct.assertToldAsOutage("no entry (expected: at least one");
    ct.assertHeals(120);
  }

  @Test
  void json_of_another_shape_teaches_nothing() throws IOException {
    open(API).startedAt(100);
    JsonNode none = JSON.createObjectNode().put("error", "maintenance");
    byte[] body = JSON.writeValueAsBytes(none);
    ct.simulated().inject((_, honest) -> honest.withBody(body));
    ct.others(120);
    ct.assertToldAsOutage("tree_size");
    ct.assertHeals(120);
  }
}
