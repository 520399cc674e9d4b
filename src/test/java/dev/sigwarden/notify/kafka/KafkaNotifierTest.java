package dev.sigwarden.notify.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.notify.RawServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaNotifierTest extends NotifierContract {
  private static final String PASSWORD = "pa55wordPa55wordPa55word";
  private static KafkaClusterTestKit cluster;
  private final String topic = "findings-" + UUID.randomUUID();
  @TempDir private Path dir;

  @BeforeAll
  static void start() throws Exception {
    cluster =
        new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setCombined(true)
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .build())
            .setConfigProp("offsets.topic.replication.factor", "1")
            .setConfigProp("offsets.topic.num.partitions", "1")
            .setConfigProp("auto.create.topics.enable", "true")
            .build();
    cluster.format();
    cluster.startup();
    cluster.waitForReadyBrokers();
  }

  @AfterAll
  static void stop() throws Exception {
    cluster.close();
  }

  @BeforeEach
  void createTopic() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    }
  }

  @Override
  protected Notifier open() {
    return open(topic, "binary", cluster.bootstrapServers());
  }

  private Notifier open(String topic, String mode, String bootstrap) {
    return Opened.receiver(
        dir,
        """
        channel: kafka
        bootstrap: "%s"
        topic: %s
        mode: %s
        security: plain
        allow-insecure: true
        timeout: 3s
        """
            .formatted(bootstrap, topic, mode));
  }

  @Override
  protected void takeAway() {
    throw new UnsupportedOperationException("the broker is shared by all tests");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002\n",
        "\u0000\u0000\u0000\u0010another",
        "\u0000\u0000\u0000\u0000"
      })
  void needs_a_person_where_something_answers_that_the_client_would_take_for_a_length(String answer)
      throws IOException {
    try (RawServer server =
            new RawServer(socket -> {
              socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
              socket.shutdownOutput();
              boolean _ = socket.getInputStream().readAllBytes().length > 0;
            });
        Notifier notifier = open(topic, "binary", "127.0.0.1:" + server.port())) {
      Delivery delivery = notifier.deliver(first(TestAlerts.fork()));
      assertThat(delivery).isInstanceOf(Delivery.Unauthorized.class);
      assertThat(delivery.toString()).contains("does not speak Kafka in the clear");
    }
  }

  @Test
  @Override
  protected void asks_for_another_attempt_when_the_receiver_is_away() {
    try (Notifier notifier = open(topic, "binary", "127.0.0.1:1")) {
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Override
  protected List<Received> received() {
    List<Received> received = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records()) {
      received.add(
          new Received(
              header(record, "ce_id"), new String(record.value(), StandardCharsets.UTF_8)));
    }
    return received;
  }

  @Override
  protected Set<String> secrets() {
    return Set.of(PASSWORD);
  }

  private List<ConsumerRecord<String, byte[]>> records() {
    TopicPartition partition = new TopicPartition(topic, 0);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", cluster.bootstrapServers()),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(Set.of(partition));
      consumer.seekToBeginning(Set.of(partition));
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
    }
    return records;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  @Test
  void lays_a_binary_event_out_as_the_kafka_binding_says() {
    Alert alert = TestAlerts.fork();
    try (Notifier notifier = open()) {
      assertThat(notifier.deliver(first(alert))).isEqualTo(new Delivery.Delivered(topic + "-0@0"));
    }
    ConsumerRecord<String, byte[]> record = records().getFirst();
    assertThat(record.key()).isEqualTo(alert.uid());
    assertThat(header(record, "ce_specversion")).isEqualTo("1.0");
    assertThat(header(record, "ce_id")).isEqualTo(alert.eventId());
    assertThat(header(record, "ce_type")).isEqualTo("dev.sigwarden.finding.opened.v1");
    assertThat(header(record, "ce_partitionkey")).isEqualTo(alert.uid());
    assertThat(header(record, "content-type")).isEqualTo("application/json");
    assertThat(new String(record.value(), StandardCharsets.UTF_8))
        .isEqualTo(AlertJson.write(alert));
  }

  @Test
  void lays_a_structured_event_out_as_one_value() throws Exception {
    try (Notifier notifier = open(topic, "structured", cluster.bootstrapServers())) {
      notifier.deliver(first(TestAlerts.fork()));
    }
    ConsumerRecord<String, byte[]> record = records().getFirst();
    assertThat(header(record, "content-type")).startsWith("application/cloudevents+json");
    JsonNode event = JsonMapper.builder().build().readTree(record.value());
    assertThat(event.get("id").textValue()).isEqualTo(TestAlerts.fork().eventId());
    assertThat(event.get("data").get("kind").textValue()).isEqualTo("log-fork");
  }

  @ParameterizedTest
  @EnumSource
  void writes_the_format_that_is_asked_for_and_names_its_schema(PayloadFormat format) {
    Alert alert = TestAlerts.fork();
    String name = format.name().toLowerCase(Locale.ROOT);
    try (Notifier notifier = open(topic, "binary\nformat: " + name, cluster.bootstrapServers())) {
      assertThat(notifier.deliver(first(alert))).isInstanceOf(Delivery.Delivered.class);
    }
    ConsumerRecord<String, byte[]> record = records().getFirst();
    assertThat(new String(record.value(), StandardCharsets.UTF_8))
        .isEqualTo(format.of(alert, "prod-1").toString());
    assertThat(record.headers().lastHeader("ce_dataschema") == null)
        .isEqualTo(format.schema().isEmpty());
  }

  @Test
  void delivers_what_a_clock_that_was_wrong_dated_ahead() {
    Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
    Alert ahead = new Conditions("acme", wrong).deliveryFailing("soc", "away", wrong.instant());
    try (Notifier notifier = open()) {
      assertThat(notifier.deliver(first(ahead))).isInstanceOf(Delivery.Delivered.class);
    }
  }

  @Test
  void does_not_make_a_topic_that_is_missing() throws Exception {
    try (Notifier notifier = open("missing", "binary", cluster.bootstrapServers())) {
      Delivery delivery = notifier.deliver(first(TestAlerts.fork()));
      assertThat(delivery).isInstanceOf(Delivery.Unauthorized.class);
      assertThat(delivery.toString()).contains("topic missing does not exist");
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      assertThat(admin.listTopics().names().get()).doesNotContain("missing");
    }
  }

  @Test
  void refuses_a_record_that_is_larger_than_the_client_may_send() {
    KafkaConnection connection =
        new KafkaConnection(
            cluster.bootstrapServers(),
            topic,
            KafkaConnection.Security.PLAIN,
            Optional.empty(),
            Optional.empty(),
            Duration.ofSeconds(3),
            Map.of("max.request.size", "200"));
    try (Notifier notifier =
        new KafkaNotifier(
            connection,
            KafkaChannel.Mode.BINARY,
            PayloadFormat.NATIVE,
            "soc",
            new dev.sigwarden.notify.NotifierTools(
                new dev.sigwarden.alert.AlertText(), TestAlerts.CLOCK, "prod-1"))) {
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.Refused.class);
    }
  }

  @Test
  void quotes_what_enters_the_login_configuration() {
    assertThat(KafkaClients.quoted("a\"; x\\")).isEqualTo("\"a\\\"; x\\\\\"");
  }

  @Test
  void refuses_settings_that_break_its_promises_or_hold_secrets() {
    assertThat(
            Opened.problems(
                dir,
                """
                channel: kafka
                bootstrap: kafka:9092
                topic: t
                properties: {acks: "0", ssl.key.password: x, sasl.jaas.config: x, compresion.type: gzip}
                """))
        .hasSize(4)
        .anySatisfy(problem -> assertThat(problem).contains("did you mean \"compression.type\"?"));
    assertThat(
            Opened.problems(dir, "channel: kafka\nbootstrap: a:1\ntopic: 'a b'\nsecurity: plain\n"))
        .hasSize(2);
  }
}
