package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.sim.KafkaBroker;
import dev.sigwarden.store.AuditEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An allowlist from a topic of a real broker over TLS with a password: what records say counts
/// within seconds, and nothing that befalls the topic takes a line off or puts one on unseen.
class KafkaAllowlistIT {
  private static TestTls tls;
  private static KafkaBroker broker;

  @TempDir private static Path data;
  @TempDir private Path folder;

  private final String topic = "releases-" + UUID.randomUUID();
  private WholeProgram program;

  @BeforeAll
  static void startBroker() throws Exception {
    tls = new TestTls("localhost");
    broker = new KafkaBroker(data, tls.keyPem + tls.pem);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void create() {
    broker.create(topic);
    program = new WholeProgram(folder);
    configure(tls.pem);
    program.config().grace("1h");
    program.others(10);
  }

  private void configure(String ca) {
    program.config().write("ca.pem", ca);
    program.config().write("kafka.secret", KafkaBroker.PASSWORD);
    program
        .config()
        .allowlist(
            "{announce: low, kafka: {bootstrap: \"%s\", topic: %s, timeout: 3s, ca-file: ca.pem, sasl: {user: %s, password-file: kafka.secret}}}"
                .formatted(broker.tls(), topic, KafkaBroker.USER));
  }

  @AfterEach
  void close() {
    program.close();
  }

  private static String key(String artifact) {
    return "sha256:" + Entries.digest(artifact);
  }

  private void allow(String artifact) {
    broker.write(topic, key(artifact), Entries.allowed(artifact), "");
  }

  private void revoke(String artifact) {
    broker.write(topic, key(artifact), null, "");
  }

  private void sign(String artifact) {
    program.log().append(Entries.watched(artifact));
  }

  private void awaitVerdicts(Map<String, Long> verdicts) {
    inTime("verdicts " + verdicts, () -> verdicts().equals(verdicts));
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(ConfigFile.RELEASES);
  }

  /// Waits while time goes by, so that pauses between attempts are short.
  private void inTime(String what, Callable<Boolean> holds) {
    await(what)
        .atMost(WholeProgram.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          program.clock().pass(Duration.ofSeconds(2));
          return holds.call();
        });
  }

  private Alert awaitTrouble(String words) {
    inTime("trouble", () -> program.conditionKinds().contains(Kind.ALLOWLIST_UNREADABLE));
    Alert trouble = program.awaitCondition(Kind.ALLOWLIST_UNREADABLE);
    assertThat(WholeProgram.field(trouble.what(), "problem")).contains(words);
    return trouble;
  }

  private void awaitLevel() {
    inTime("end of trouble", () -> !program.conditionKinds().contains(Kind.ALLOWLIST_UNREADABLE));
  }

  @Test
  void what_was_allowed_before_the_start_is_expected_at_once_and_what_was_taken_back_is_not() {
    allow("first");
    allow("taken back");
    revoke("taken back");
    sign("first");
    sign("taken back");
    program.start();
    // No grace, nothing pending in between: the topic was read before the first entry was judged.
    awaitVerdicts(Map.of("expected", 1L, "pending", 1L));

    sign("second");
    awaitVerdicts(Map.of("expected", 1L, "pending", 2L));
    allow("second");
    awaitVerdicts(Map.of("expected", 2L, "pending", 1L));
    revoke("second");
    inTime("revocation", () -> !isOn("second"));
    sign("second");
    awaitVerdicts(Map.of("expected", 2L, "pending", 2L));
    assertThat(audit()).hasSize(3).allMatch(line -> line.startsWith("topic:" + topic + " "));
    assertThat(audit().getFirst()).endsWith("1 revoked: " + key("second"));
    assertThat(program.findings(Kind.ALLOWLIST_CHANGED)).hasSize(3);
    assertThat(program.conditionKinds()).isEmpty();
  }

  private boolean isLevel() {
    return program.daemon().topicsBehind().equals(Map.of("acme-releases", 0L));
  }

  private boolean isOn(String artifact) {
    return program.daemon().store().feeds().lines("acme-releases").isOn(key(artifact));
  }

  private List<String> audit() {
    return program.daemon().store().desk().audit("acme-releases", Long.MAX_VALUE, 100).stream()
        .map(AuditEntry::deed)
        .map(deed -> deed.who() + " " + deed.detail())
        .toList();
  }

  @Test
  void a_record_that_says_nothing_is_told_and_changes_nothing_until_it_is_taken_back() {
    allow("first");
    program.start();
    inTime("line", () -> isOn("first"));
    broker.write(topic, key("first"), "{\"digest\": 1}", "");
    broker.write(topic, "no line", "at all", "");
    awaitTrouble("offset ");
    assertThat(isOn("first")).isTrue();
    allow("second");
    inTime("the next record", () -> isOn("second"));
    assertThat(program.conditionKinds()).contains(Kind.ALLOWLIST_UNREADABLE);
    allow("first");
    broker.write(topic, "no line", null, "");
    awaitLevel();
    assertThat(isOn("first")).isTrue();
  }

  @Test
  void topic_that_was_read_stays_read_while_it_is_asked_whether_it_is_the_same() {
    allow("first");
    allow("second");
    program.start();
    inTime("lines", () -> isOn("first") && isOn("second"));
    inTime("all read", this::isLevel);
    // It is asked every 5 s.
    List<Map<String, Long>> seen = new ArrayList<>();
    inTime(
        "15 looks",
        () -> {
          seen.add(program.daemon().topicsBehind());
          return seen.size() >= 15;
        });
    assertThat(seen).allMatch(Map.of("acme-releases", 0L)::equals);
  }

  @Test
  void topic_that_is_emptied_or_made_anew_takes_no_line_off_and_is_told() {
    allow("first");
    allow("second");
    program.start();
    inTime("lines", () -> isOn("first") && isOn("second"));
    broker.truncate(topic);
    awaitTrouble("2 lines are not in the topic any more and still count");
    sign("first");
    awaitVerdicts(Map.of("expected", 1L));

    broker.delete(topic);
    broker.create(topic);
    allow("first");
    revoke("second");
    awaitLevel();
    assertThat(isOn("first")).isTrue();
    inTime("revocation", () -> !isOn("second"));
    // The same after a restart, which reads the topic from its start.
    program.restart();
    sign("second");
    awaitVerdicts(Map.of("expected", 1L, "pending", 1L));
    assertThat(program.conditionKinds()).isEmpty();
  }

  @Test
  void broker_that_is_not_trusted_is_told_and_judging_goes_on_with_what_is_known()
      throws Exception {
    allow("first");
    configure(new TestTls("localhost").pem);
    sign("first");
    program.start();
    awaitTrouble("SSL handshake failed");
    awaitVerdicts(Map.of("pending", 1L));
    program.config().write("ca.pem", tls.pem);
    program.config().save();
    awaitVerdicts(Map.of("expected", 1L));
    awaitLevel();
  }
}
