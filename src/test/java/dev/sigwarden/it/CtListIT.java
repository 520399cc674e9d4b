package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.PracticeCtLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.RawHttp;
import dev.sigwarden.sim.Request;
import dev.sigwarden.sim.SimulatedCt;
import dev.sigwarden.store.View;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole program with a list of Certificate Transparency logs as its one section of logs.
class CtListIT {
  @TempDir private Path folder;

  private WholeProgram program;
  private RawHttp server;
  private final Queue<Integer> answered = new ConcurrentLinkedQueue<>();
  private final List<SimulatedCt> logs = new ArrayList<>();
  private volatile String list = "{\"operators\":[]}";
  private volatile byte[] signature = new byte[0];

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    server = new RawHttp(this::serve);
    program
        .config()
        .log("protocol", "ct-list")
        .log("url", server.url() + "/list.json")
        .log("refresh", "1s")
        .log("entries", "raw")
        .without("key");
  }

  @AfterEach
  void close() {
    program.close();
    server.close();
    logs.forEach(SimulatedCt::close);
  }

  private Answer serve(Request request) {
    if (request.path().equals("/list.sig")) {
      return Answer.ok(signature);
    }
    byte[] body = list.getBytes(StandardCharsets.UTF_8);
    String tag = "\"" + Hash.ofData(body).toHex() + "\"";
    Answer answer =
        tag.equals(request.headers().get("if-none-match"))
            ? Answer.of(304).withBody(new byte[0])
            : Answer.ok(body);
    answered.add(answer.status());
    return answer.with("ETag", tag);
  }

  /// A log at the end of that path; not listed yet.
  private SimulatedCt log(String path, long size) {
    SimulatedCt log =
        new SimulatedCt(new PracticeCtLog("ct.example/" + path, program.clock())).growTo(size);
    logs.add(log);
    return log;
  }

  /// Lists these logs, each with its state as JSON; the even ones by their tiles.
  private void list(Map<SimulatedCt, String> states) {
    List<String> api = new ArrayList<>();
    List<String> tiled = new ArrayList<>();
    states.forEach((log, state) -> {
      String key = log.log().publicKey();
      String id = Hash.ofData(Base64.getDecoder().decode(key)).toBase64();
      String common =
          "\"description\":\"d\",\"log_id\":\"%s\",\"key\":\"%s\",\"mmd\":86400,\"state\":{%s}"
              .formatted(id, key, state);
      if (logs.indexOf(log) % 2 == 0) {
        tiled.add(
            "{%s,\"submission_url\":\"https://%s/\",\"monitoring_url\":\"%s/\"}"
                .formatted(common, log.log().origin(), log.url()));
      } else {
        api.add("{%s,\"url\":\"%s/\"}".formatted(common, log.url()));
      }
    });
    list =
        "{\"operators\":[{\"name\":\"o\",\"logs\":[%s],\"tiled_logs\":[%s]}]}"
            .formatted(String.join(",", api), String.join(",", tiled));
  }

  private static String usable() {
    return "\"usable\":{\"timestamp\":\"2026-01-01T00:00:00Z\"}";
  }

  private static String ended(String state, TreeHead last) {
    return ("\"%s\":{\"timestamp\":\"2026-01-01T00:00:00Z\",\"final_tree_head\":"
            + "{\"tree_size\":%d,\"sha256_root_hash\":\"%s\"}}")
        .formatted(state, last.size(), last.root().toBase64());
  }

  private static Map<SimulatedCt, String> states(Object... pairs) {
    Map<SimulatedCt, String> states = new TreeMap<>((a, b) -> a.url().compareTo(b.url()));
    for (int i = 0; i < pairs.length; i += 2) {
      states.put((SimulatedCt) pairs[i], (String) pairs[i + 1]);
    }
    return states;
  }

  /// What the log is called; empty if it is not followed.
  private String name(SimulatedCt log) {
    String key = log.log().publicKey();
    String id = Hash.ofData(Base64.getDecoder().decode(key)).toHex().substring(0, 8);
    return program.daemon().logs().stream()
        .map(status -> status.log())
        .filter(name -> name.endsWith("-" + id))
        .findFirst()
        .orElse("");
  }

  private long position(SimulatedCt log) {
    List<View> views = name(log).isEmpty() ? List.of() : program.daemon().store().views(name(log));
    return views.isEmpty() ? -1 : views.getFirst().position().head().size();
  }

  private void awaitPosition(SimulatedCt log, long size) {
    program.until("position " + size, () -> position(log) == size);
  }

  @Test
  void every_usable_log_is_followed_and_a_new_one_from_its_first_entry() {
    SimulatedCt tiles = log("2026h1", 100);
    SimulatedCt api = log("2026h2", 50);
    SimulatedCt rejected = log("test", 10);
    list(states(tiles, usable(), api, usable(), rejected, "\"rejected\":{}"));
    program.config().log("start", "head");
    program.start();
    awaitPosition(tiles, 100);
    awaitPosition(api, 50);
    assertThat(name(rejected)).isEmpty();

    SimulatedCt joined = log("2027h1", 5);
    joined.log().append(SimulatedCt.entry("stolen words before it was listed"));
    joined.growTo(10);
    list(states(tiles, usable(), api, usable(), joined, usable()));
    awaitPosition(joined, 10);
    assertThat(program.awaitFinding(Kind.LOG_APPEARED).alert().log()).isEqualTo(name(joined));
    Finding found = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(found.alert().log()).isEqualTo(name(joined));
    assertThat(found.index()).isEqualTo(5);
    assertThat(program.findings()).hasSize(2);
    // The list was asked for again and again, and sent twice.
    program.until("a list that did not change", () -> answered.contains(304));
    assertThat(answered.stream().filter(status -> status == 200)).hasSize(2);
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void a_new_log_is_read_from_its_head_where_that_is_wanted() {
    SimulatedCt first = log("2026h1", 20);
    list(states(first, usable()));
    program.config().log("start-new", "head");
    program.start();
    awaitPosition(first, 20);
    SimulatedCt joined = log("2027h1", 0);
    joined.log().append(SimulatedCt.entry("stolen words before it was listed"));
    joined.growTo(10);
    list(states(first, usable(), joined, usable()));
    awaitPosition(joined, 10);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).isEmpty();
  }

  @Test
  void a_log_that_moves_is_followed_to_where_it_went() {
    SimulatedCt log = log("2026h1", 20);
    list(states(log, usable()));
    program.start();
    awaitPosition(log, 20);
    PracticeCtLog same = log.log().fork(20);
    same.publish();
    SimulatedCt moved = new SimulatedCt(same);
    logs.add(moved);
    logs.set(0, moved);
    log.close();
    list(states(moved, usable()));
    moved.growTo(30);
    awaitPosition(moved, 30);
    assertThat(program.findings()).isEmpty();
  }

  @Test
  void a_log_that_vanishes_is_told() {
    SimulatedCt stays = log("2026h1", 20);
    SimulatedCt goes = log("2026h2", 20);
    list(states(stays, usable(), goes, usable()));
    program.start();
    awaitPosition(stays, 20);
    awaitPosition(goes, 20);
    String gone = name(goes);
    list(states(stays, usable()));
    Alert delisted = program.awaitCondition(Kind.LOG_DELISTED);
    assertThat(delisted.log()).isEqualTo(gone);
    assertThat(delisted.why()).doesNotContain("not judged");
  }

  @Test
  void a_log_that_vanishes_with_a_backlog_says_how_much_of_it_is_not_judged() {
    SimulatedCt stays = log("2026h1", 20);
    SimulatedCt goes = log("2026h2", 20);
    list(states(stays, usable(), goes, usable()));
    program.start();
    awaitPosition(stays, 20);
    awaitPosition(goes, 20);
    goes.inject((path, honest) -> SimulatedCt.leaves(path) ? Answer.of(503) : honest);
    goes.growTo(50);
    program.until(
        "its head",
        () ->
            program.daemon().logs().stream()
                .anyMatch(status -> status.log().equals(name(goes)) && status.head() == 50));
    list(states(stays, usable()));
    Alert delisted = program.awaitCondition(Kind.LOG_DELISTED);
    assertThat(WholeProgram.field(delisted.what(), "entries-not-judged")).isEqualTo("30");
  }

  @Test
  void a_log_that_retires_is_read_to_its_end() {
    SimulatedCt log = log("2026h1", 20);
    list(states(log, usable()));
    program.start();
    awaitPosition(log, 20);
    log.growTo(40);
    list(states(log, "\"retired\":{\"timestamp\":\"2026-01-01T00:00:00Z\"}"));
    awaitPosition(log, 40);
    program.clock().pass(Duration.ofDays(2));
    program.until("another look", () -> answered.stream().filter(s -> s == 304).count() > 1);
    assertThat(program.conditionKinds())
        .doesNotContain(Kind.CHECKPOINT_STALE, Kind.MERGE_DELAY_MISSED, Kind.LOG_DELISTED);
  }

  @Test
  void a_log_that_retired_is_read_to_its_end_after_a_restart_too() {
    SimulatedCt log = log("2026h1", 20);
    list(states(log, usable()));
    program.start();
    awaitPosition(log, 20);
    log.inject((path, honest) -> SimulatedCt.leaves(path) ? Answer.of(503) : honest);
    log.growTo(40);
    list(states(log, "\"retired\":{\"timestamp\":\"2026-01-01T00:00:00Z\"}"));
    int lists = answered.size();
    program.until("the list", () -> answered.size() > lists);
    program.restart();
    log.heal();
    awaitPosition(log, 40);
    assertThat(program.conditionKinds()).doesNotContain(Kind.LOG_DELISTED);
  }

  @Test
  void logs_are_followed_after_a_restart_while_nobody_serves_the_list() {
    SimulatedCt tiles = log("2026h1", 20);
    SimulatedCt api = log("2026h2", 20);
    list(states(tiles, usable(), api, usable()));
    program.start();
    awaitPosition(tiles, 20);
    awaitPosition(api, 20);
    program.stop();
    server.close();
    tiles.log().append(SimulatedCt.entry("stolen words while the list is away"));
    tiles.growTo(40);
    api.growTo(40);
    program.start();
    awaitPosition(tiles, 40);
    awaitPosition(api, 40);
    assertThat(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert().log())
        .isEqualTo(name(tiles));
    program.clock().pass(Duration.ofMinutes(11));
    assertThat(program.awaitCondition(Kind.LOG_UNREACHABLE).log()).isEqualTo(ConfigFile.LOG);
    assertThat(program.conditionKinds()).doesNotContain(Kind.LOG_DELISTED);
  }

  @Test
  void the_last_head_of_a_log_is_compared_with_the_one_listed() {
    SimulatedCt honest = log("2026h1", 20);
    SimulatedCt grows = log("2026h2", 20);
    list(
        states(
            honest,
            ended("readonly", honest.log().treeAt(20)),
            grows,
            ended("readonly", grows.log().treeAt(20))));
    program.start();
    awaitPosition(honest, 20);
    awaitPosition(grows, 20);
    assertThat(program.findings()).isEmpty();
    grows.growTo(21);
    program.clock().pass(Duration.ofMinutes(6));
    Finding lie = program.awaitFinding(Kind.CHECKPOINT_INVALID);
    assertThat(lie.alert().log()).isEqualTo(name(grows));
    assertThat(WholeProgram.evidence(lie, "why.txt")).contains("the log's last head is listed");
  }

  @Test
  void a_list_is_believed_only_with_its_signature() throws GeneralSecurityException {
    KeyPair key = KeyPairGenerator.getInstance("EC").generateKeyPair();
    SimulatedCt log = log("2026h1", 20);
    list(states(log, usable()));
    signature = sign(key);
    program
        .config()
        .log("signature", server.url() + "/list.sig")
        .log("signed-by", Base64.getEncoder().encodeToString(key.getPublic().getEncoded()));
    program.start();
    awaitPosition(log, 20);

    SimulatedCt forged = log("2027h1", 20);
    list(states(log, usable(), forged, usable()));
    program.until(
        "refused for long",
        () -> {
          program.clock().pass(Duration.ofMinutes(1));
          return program.conditionKinds().contains(Kind.LOG_UNREACHABLE);
        });
    Alert refused = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(refused.what(), "last-error")).contains("not the signature");
    assertThat(name(forged)).isEmpty();
    log.growTo(30);
    awaitPosition(log, 30);
  }

  private byte[] sign(KeyPair key) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("SHA256withECDSA");
    signer.initSign(key.getPrivate());
    signer.update(list.getBytes(StandardCharsets.UTF_8));
    return signer.sign();
  }
}
