package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.sim.KafkaBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The feed of observations to a real broker over TLS with a password: everything arrives at least
/// once and in the order of the log, whatever is killed or away meanwhile.
class KafkaFeedIT {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// Entries of the log of the program that is killed; every hundredth is watched.
  private static final int ENTRIES = 4_000;

  private static final int KILLS = 3;

  private static TestTls tls;
  private static KafkaBroker broker;

  @TempDir private static Path data;
  @TempDir private Path folder;

  private final String topic = "observations-" + UUID.randomUUID();

  @BeforeAll
  static void startBroker() throws Exception {
    tls = new TestTls("localhost");
    broker = new KafkaBroker(data, tls.keyPem + tls.pem);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  private String feed() {
    return "feed: {bootstrap: \"%s\", topic: %s, timeout: 3s, ca-file: ca.pem, sasl: {user: %s, password-file: kafka.secret}}\n"
        .formatted(broker.tls(), topic, KafkaBroker.USER);
  }

  private void configure(ConfigFile config, String ca, String password) {
    config.write("ca.pem", ca);
    config.write("kafka.secret", password);
    config.more(feed());
  }

  private List<JsonNode> records() {
    return broker.records(topic).stream().map(KafkaFeedIT::json).toList();
  }

  private static JsonNode json(ConsumerRecord<String, byte[]> record) {
    try {
      return MAPPER.readTree(record.value());
    } catch (IOException e) {
      throw new AssertionError("a record that is not JSON", e);
    }
  }

  private static String said(JsonNode record) {
    return record.get("index").textValue() + " " + record.get("verdict").textValue();
  }

  @Test
  void each_observation_and_each_change_of_verdict_arrives_though_the_broker_was_away() {
    broker.create(topic, 1);
    try (WholeProgram program = new WholeProgram(folder)) {
      configure(program.config(), tls.pem, KafkaBroker.PASSWORD);
      program.config().grace("1h").allow(Entries.allowed("first"));
      program.others(10).start();
      program.log().append(Entries.watched("first"));
      program.log().append(Entries.watched("second"));
      program.until("both", () -> records().size() == 2);
      assertThat(records())
          .extracting(KafkaFeedIT::said)
          .containsExactly("10 expected", "11 pending");
      assertThat(broker.records(topic).getLast().key())
          .isEqualTo("default/" + ConfigFile.LOG + "/0/11/" + ConfigFile.RELEASES);
      assertThat(records().getLast().at("/what/digest").textValue())
          .isEqualTo("sha256:" + Entries.digest("second"));
      assertThat(records().getLast().at("/signers/0/identity").toString())
          .contains("acme/app/.github/workflows/release.yml");

      broker.down();
      program.config().allow(Entries.allowed("first") + Entries.allowed("second"));
      program.log().append(Entries.watched("third"));
      program.awaitPosition(13);
      Alert failing = awaitFailing(program, "kafka: ");
      assertThat(failing.why()).contains("lacks observations").contains(topic);
      assertThat(program.daemon().feedBacklog().orElseThrow().observations()).isEqualTo(2);
      broker.up();
      awaitMended(program);
      List<String> said = records().stream().map(KafkaFeedIT::said).toList();
      assertThat(said).contains("10 expected", "11 pending");
      // Whichever was written down first.
      assertThat(said.subList(said.size() - 2, said.size()))
          .containsExactlyInAnyOrder("11 expected", "12 pending");
    } finally {
      broker.up();
    }
  }

  @Test
  void password_that_is_changed_at_the_broker_first_is_told_and_counts_once_it_is_changed_here() {
    broker.create(topic, 1);
    try (WholeProgram program = new WholeProgram(folder)) {
      configure(program.config(), tls.pem, KafkaBroker.PASSWORD);
      program.others(10).start();
      program.log().append(Entries.watched("first"));
      program.until("first", () -> records().size() == 1);
      broker.setPassword("rotated");
      // Connections that are open stay so until the broker goes.
      broker.down();
      broker.up();
      program.log().append(Entries.watched("second"));
      Alert failing = awaitFailing(program, "Authentication failed");
      assertThat(failing.toString()).doesNotContain("battery").doesNotContain("rotated");
      program.config().write("kafka.secret", "rotated");
      awaitMended(program);
      assertThat(records())
          .extracting(KafkaFeedIT::said)
          .contains("10 unexpected")
          .endsWith("11 unexpected");
    } finally {
      broker.setPassword(KafkaBroker.PASSWORD);
    }
  }

  @Test
  void broker_whose_certificate_is_not_trusted_gets_nothing() throws Exception {
    broker.create(topic, 1);
    try (WholeProgram program = new WholeProgram(folder)) {
      configure(program.config(), new TestTls("localhost").pem, KafkaBroker.PASSWORD);
      program.others(10).start();
      program.log().append(Entries.watched("first"));
      awaitFailing(program, "SSL handshake failed");
      assertThat(records()).isEmpty();
      program.awaitPosition(11);
      assertThat(program.conditionKinds()).containsExactly(Kind.DELIVERY_FAILING);
    }
  }

  private static Alert awaitFailing(WholeProgram program, String reason) {
    inTime(
        "trouble of the feed",
        program,
        () -> program.conditionKinds().contains(Kind.DELIVERY_FAILING));
    Alert failing = program.awaitCondition(Kind.DELIVERY_FAILING);
    assertThat(WholeProgram.field(failing.what(), "last-error")).contains(reason);
    return failing;
  }

  /// Waits while time goes by, so that pauses between attempts are short.
  private static void inTime(String what, WholeProgram program, Callable<Boolean> holds) {
    await(what)
        .atMost(WholeProgram.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          program.clock().pass(Duration.ofSeconds(5));
          return holds.call();
        });
  }

  private static void awaitMended(WholeProgram program) {
    inTime("feed", program, () -> program.daemon().feedBacklog().orElseThrow().observations() == 0);
    program.awaitOver(Kind.DELIVERY_FAILING);
  }

  @Test
  void kills_in_a_backlog_lose_nothing_and_leave_the_order_and_the_last_word_right() {
    broker.create(topic, 3);
    try (Backlog backlog = new Backlog(folder, 40)) {
      configure(backlog.config(), tls.pem, KafkaBroker.PASSWORD);
      backlog.config().save();
      backlog.growTo(ENTRIES);
      for (int kill = 1; kill <= KILLS; kill++) {
        int some = ENTRIES / 100 * kill / (KILLS + 2);
        try (Program program = backlog.run()) {
          Backlog.until("some records", program, () -> keys().size() >= some);
          program.kill();
        }
      }
      try (Program program = backlog.run()) {
        Backlog.until("every record", program, () -> keys().size() >= ENTRIES / 100);
        backlog.finish(program);
      }
      backlog.assertNothingLostNorInvented();
    }
    List<ConsumerRecord<String, byte[]>> all = broker.records(topic);
    Map<String, String> last = new LinkedHashMap<>();
    Set<Integer> partitions = new HashSet<>();
    long highest = -1;
    for (ConsumerRecord<String, byte[]> record : all) {
      long index = json(record).get("index").asLong();
      if (!last.containsKey(record.key())) {
        // What comes again comes after what it repeats; what is new is in the log's order.
        assertThat(index).isGreaterThan(highest);
        highest = index;
      }
      last.put(record.key(), said(json(record)));
      partitions.add(record.partition());
    }
    assertThat(partitions).hasSize(1);
    assertThat(last.values())
        .containsExactlyElementsOf(
            LongStream.range(0, ENTRIES / 100)
                .mapToObj(i -> i * 100 + 50 + (i % 5 == 0 ? " expected" : " unexpected"))
                .toList());
  }

  private Set<String> keys() {
    Set<String> keys = new HashSet<>();
    broker.records(topic).forEach(record -> keys.add(record.key()));
    return keys;
  }

  @Test
  void who_fed_the_topic_before_is_shut_out_with_all_that_is_still_under_way() throws Exception {
    broker.create(topic, 1);
    try (WholeProgram program = new WholeProgram(folder)) {
      configure(program.config(), tls.pem, KafkaBroker.PASSWORD);
      program.others(10).start();
      program.log().append(Entries.watched("first"));
      program.until("first", () -> records().size() == 1);
      String id = "sigwarden-" + program.daemon().store().feeds().id(topic);
      // Another process took the feed over: this one does not know it yet, and has to open anew.
      try (KafkaProducer<String, byte[]> other =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.plain(), "transactional.id", id),
              new StringSerializer(),
              new ByteArraySerializer())) {
        other.initTransactions();
        other.beginTransaction();
        var _ = other.send(new ProducerRecord<>(topic, "a", new byte[] {'{', '}'})).get();
        program.log().append(Entries.watched("second"));
        inTime("second", program, () -> records().size() == 2);
        // Now this one has it, and what the other had not committed never shows.
        assertThat(records())
            .extracting(KafkaFeedIT::said)
            .containsExactly("10 unexpected", "11 unexpected");
        assertThat(catchThrowable(other::commitTransaction)).isNotNull();
      }
    }
  }
}
