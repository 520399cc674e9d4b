package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.Blot;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Kafka's clients for one connection. The password is read anew for each client.
///
/// @param connection how brokers are reached
/// @param clientId what the brokers call the client
public record KafkaClients(KafkaConnection connection, String clientId) {
  /// Milliseconds that a call may wait for metadata before it counts as failed.
  private static final long MAX_BLOCK_MILLIS = 10_000;

  /// Milliseconds for which a transaction may stay open that nobody ends: as long as one answer may
  /// take, and some more.
  private static final int TRANSACTION_SPARE_MILLIS = 30_000;

  /// Bytes of records that one question of a consumer is answered with, unless a single record has
  /// more.
  private static final int FETCH_BYTES = 4 << 20;

  /// What is wrong, as far as whoever waits should know.
  public sealed interface Trouble {
    /// In words fit for people.
    String reason();

    /// Another attempt may go well.
    record Passing(String reason) implements Trouble {}

    /// Nothing will go well before a person has changed something: a topic, a password, rights.
    record Lasting(String reason) implements Trouble {}
  }

  /// A producer whose acknowledged records are on all in-sync replicas, each once per producer
  /// session.
  ///
  /// @throws IOException if the password cannot be read
  public Producer<String, byte[]> producer() throws IOException {
    return producer(Map.of());
  }

  /// The same with transactions. A later one with the same id shuts out an earlier one, whatever
  /// that still holds.
  ///
  /// @throws IOException if the password cannot be read
  public Producer<String, byte[]> producer(String transactionalId) throws IOException {
    return producer(
        Map.of(
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            transactionalId,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            millis() + TRANSACTION_SPARE_MILLIS));
  }

  private Producer<String, byte[]> producer(Map<String, Object> more) throws IOException {
    Map<String, Object> settings = new HashMap<>(connection.properties());
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis());
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(MAX_BLOCK_MILLIS, millis()));
    settings.putAll(more);
    addCommon(settings, clientId);
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /// A consumer that is told what to read, remembers nothing at the brokers, and sees only what was
  /// committed.
  ///
  /// @throws IOException if the password cannot be read
  public Consumer<byte[], byte[]> consumer() throws IOException {
    Map<String, Object> settings = new HashMap<>(connection.properties());
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    addCommon(settings, clientId);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// What the brokers know of the topic. It is never made by asking, as a producer's question would
  /// where brokers allow that. Asked before any other client is made: those take whatever answers
  /// for a broker.
  ///
  /// @throws IOException if the password cannot be read, or something else than a broker answers
  public TopicDescription describe()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    KafkaGreeting.check(
        connection.bootstrap(),
        connection.security() == KafkaConnection.Security.TLS,
        connection.cas(),
        connection.timeout());
    Map<String, Object> settings = new HashMap<>();
    Set<String> known = AdminClientConfig.configNames();
    connection
        .properties()
        .forEach((key, value) -> {
          if (known.contains(key)) {
            settings.put(key, value);
          }
        });
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, millis());
    addCommon(settings, clientId + "-check");
    try (Admin admin = Admin.create(settings)) {
      return admin
          .describeTopics(List.of(connection.topic()))
          .allTopicNames()
          .get(connection.timeout().plusSeconds(5).toMillis(), TimeUnit.MILLISECONDS)
          .values()
          .iterator()
          .next();
    }
  }

  /// What a failure of a client means.
  public Trouble trouble(Throwable failure) {
    return switch (failure) {
      case ExecutionException e when e.getCause() != null -> trouble(e.getCause());
      case UnknownTopicOrPartitionException _, InvalidTopicException _, UnknownTopicIdException _ ->
          new Trouble.Lasting(
              "topic %s does not exist (expected: made by the operator)"
                  .formatted(connection.topic()));
      case AuthenticationException _, AuthorizationException _ ->
          new Trouble.Lasting("kafka: " + words(failure));
      // A password that cannot be read.
      case IOException _ ->
          new Trouble.Lasting(PeerWords.clean(String.valueOf(failure.getMessage())));
      default -> new Trouble.Passing("kafka: " + words(failure));
    };
  }

  /// An error in a few words, without the password, which brokers may repeat.
  public String words(Throwable failure) {
    Blot blot = new Blot();
    if (connection.sasl().isPresent()) {
      try {
        KafkaLog.hide(blot, connection.sasl().get().user(), password());
      } catch (IOException _) {
        // Then nobody was told it.
      }
    }
    return blot.of(failure);
  }

  /// The account's password as it is now; empty for none.
  private String password() throws IOException {
    Optional<Secret> password = connection.sasl().flatMap(KafkaConnection.Sasl::password);
    return password.isPresent() ? password.get().read() : "";
  }

  private int millis() {
    return Math.toIntExact(connection.timeout().toMillis());
  }

  private void addCommon(Map<String, Object> settings, String id) throws IOException {
    boolean tls = connection.security() == KafkaConnection.Security.TLS;
    // One round trip takes at most half of the whole, so that one lost answer can be repeated.
    settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, millis() / 2));
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, connection.bootstrap());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, id);
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(
        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
        (connection.sasl().isPresent() ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
    if (connection.cas().isPresent()) {
      TrustedCas cas = connection.cas().get();
      settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, cas.pem());
    }
    if (connection.sasl().isPresent()) {
      KafkaConnection.Sasl sasl = connection.sasl().get();
      String password = password();
      KafkaLog.hide(sasl.user(), password);
      settings.put(SaslConfigs.SASL_MECHANISM, sasl.mechanism().label());
      settings.put(
          SaslConfigs.SASL_JAAS_CONFIG,
          "%s required username=%s password=%s;"
              .formatted(sasl.mechanism().loginModule(), quoted(sasl.user()), quoted(password)));
    }
  }

  /// A value of a JAAS configuration in double quotes.
  static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
