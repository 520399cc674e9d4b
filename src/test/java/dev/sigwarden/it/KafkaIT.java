package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.sim.KafkaBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A feed to a real broker that does not do what it should, beside a webhook and a mail folder that
/// do: they are never delayed and tell of it, the log goes on being read, and the feed gets all
/// that it can still get.
class KafkaIT {
  private static TestTls tls;
  private static KafkaBroker broker;
  private static int topics;

  @TempDir private static Path data;
  @TempDir private Path folder;

  private final String topic = "findings-" + topics++;
  private WholeProgram program;
  private ReceiverTrials trials;

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
    program = new WholeProgram(folder);
    trials = new ReceiverTrials(program, "feed");
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void start(String bootstrap, String more) {
    program
        .config()
        .receives(
            "feed",
            "{channel: kafka, bootstrap: \"%s\", topic: %s, timeout: 2s, %s}"
                .formatted(bootstrap, topic, more))
        .route("{receivers: [hook, mail, feed]}");
    program.others(10).start().awaitJudged();
  }

  private void startPlain() {
    start(broker.plain(), "security: plain, allow-insecure: true");
  }

  private List<String> received() {
    return broker.records(topic).stream()
        .map(record ->
            new String(record.headers().lastHeader("ce_id").value(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void broker_that_is_away_gets_everything_once_it_is_back_and_delays_nobody() {
    broker.create(topic);
    startPlain();
    Alert before = trials.sign();
    program.until("delivery", () -> received().contains(before.eventId()));
    broker.down();
    try {
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      Alert failing = trials.awaitFailing("kafka: ");
      assertThat(program.queue("feed").pending()).isEqualTo(1);
      assertThat(program.queue("feed").dead()).isZero();
      broker.up();
      trials.awaitMended(failing);
      assertThat(received().stream().distinct()).containsExactly(before.eventId(), alert.eventId());
    } finally {
      broker.up();
    }
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void topic_that_is_missing_is_told_and_never_made_and_filled_once_the_operator_makes_it() {
    startPlain();
    Alert alert = trials.sign();
    trials.awaitToldElsewhere(alert);
    Alert failing = trials.awaitFailing("topic " + topic + " does not exist");
    assertThat(broker.topics()).doesNotContain(topic);
    assertThat(program.queue("feed").pending()).isEqualTo(1);

    broker.create(topic);
    trials.awaitMended(failing);
    assertThat(received()).containsExactly(alert.eventId());
    trials.assertPositionAndNoOtherTrouble();
  }

  private void startSecured(String mechanism, String password, String ca) {
    program.config().write("ca.pem", ca);
    program.config().write("kafka.secret", password);
    start(
        broker.tls(),
        "ca-file: ca.pem, sasl: {mechanism: %s, user: %s, password-file: kafka.secret}"
            .formatted(mechanism, KafkaBroker.USER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "scram-sha-256", "scram-sha-512"})
  void broker_with_tls_and_a_password_gets_everything(String mechanism) {
    broker.create(topic);
    startSecured(mechanism, KafkaBroker.PASSWORD, tls.pem);
    Alert alert = trials.sign();
    program.awaitDelivered();
    assertThat(received()).containsExactly(alert.eventId());
    trials.assertPositionAndNoOtherTrouble();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "scram-sha-512"})
  void password_that_the_broker_refuses_is_told_and_counts_once_it_is_mended(String mechanism) {
    broker.create(topic);
    startSecured(mechanism, "another", tls.pem);
    Alert alert = trials.sign();
    trials.awaitToldElsewhere(alert);
    Alert failing = trials.awaitFailing("Authentication failed");
    assertThat(failing.toString()).doesNotContain("another");
    assertThat(program.queue("feed").dead()).isZero();

    // The file is read at each use: no restart.
    program.config().write("kafka.secret", KafkaBroker.PASSWORD);
    trials.awaitMended(failing);
    assertThat(received()).containsExactly(alert.eventId());
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void broker_whose_certificate_is_not_trusted_gets_no_password_and_no_alert() throws Exception {
    broker.create(topic);
    startSecured("scram-sha-512", KafkaBroker.PASSWORD, new TestTls("localhost").pem);
    Alert alert = trials.sign();
    trials.awaitToldElsewhere(alert);
    trials.awaitFailing("SSL handshake failed");
    assertThat(received()).isEmpty();
    assertThat(program.queue("feed").pending()).isEqualTo(1);
    assertThat(program.conditionKinds()).containsExactly(Kind.DELIVERY_FAILING);
    program.awaitPosition(11);
  }
}
