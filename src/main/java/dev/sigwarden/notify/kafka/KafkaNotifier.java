package dev.sigwarden.notify.kafka;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.PeerWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes alerts to a topic. Delivered means that the broker has acknowledged the record. The
/// producer is made at the first use and made anew after a failure, and each new one first asks
/// whether the topic exists; it is never made by asking.
final class KafkaNotifier implements Notifier {
  private static final Logger LOG = Logger.getLogger(KafkaNotifier.class);

  /// How long a producer that is given up may take to close.
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final KafkaOptions options;
  private final NotifierTools tools;
  private final String clientId;
  private @Nullable Producer<String, byte[]> producer;

  KafkaNotifier(KafkaOptions options, String receiver, NotifierTools tools) {
    this.options = options;
    this.tools = tools;
    this.clientId = "sigwarden-" + tools.instance() + "-" + receiver;
  }

  @Override
  public Delivery deliver(Message message) {
    try {
      Producer<String, byte[]> open = producer();
      Future<RecordMetadata> sent = open.send(record(message.alert()));
      RecordMetadata at = sent.get(patience().toMillis(), TimeUnit.MILLISECONDS);
      return new Delivery.Delivered("%s-%d@%d".formatted(at.topic(), at.partition(), at.offset()));
    } catch (IOException e) {
      return new Delivery.Unauthorized(PeerWords.clean(String.valueOf(e.getMessage())));
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException | InterruptException e) {
      // Kafka's own exception has set the flag already.
      Thread.currentThread().interrupt();
      giveUp();
      return again("stopped while sending");
    } catch (TimeoutException e) {
      return failed(e);
    } catch (KafkaException e) {
      return failed(e);
    }
  }

  /// The client ends its own waiting a little earlier.
  private Duration patience() {
    return options.timeout().plusSeconds(5);
  }

  private Producer<String, byte[]> producer()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (producer == null) {
      KafkaGreeting.check(
          options.bootstrap(),
          options.security() == KafkaChannel.Security.TLS,
          options.cas(),
          options.timeout());
      try (Admin admin = Admin.create(KafkaSettings.admin(options, clientId + "-check"))) {
        admin
            .describeTopics(List.of(options.topic()))
            .allTopicNames()
            .get(patience().toMillis(), TimeUnit.MILLISECONDS);
      }
      producer =
          new KafkaProducer<>(
              KafkaSettings.producer(options, clientId),
              new StringSerializer(),
              new ByteArraySerializer());
    }
    return producer;
  }

  private ProducerRecord<String, byte[]> record(Alert alert) {
    boolean binary = options.mode() == KafkaChannel.Mode.BINARY;
    CloudEvent event = new CloudEvent(alert, tools.instance(), options.format());
    byte[] value = binary ? event.data() : event.structured();
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(options.topic(), null, alert.at().toEpochMilli(), alert.uid(), value);
    if (binary) {
      event.attributes().forEach((name, text) -> header(record, "ce_" + name, text));
    }
    header(record, "content-type", binary ? CloudEvent.DATA_TYPE : CloudEvent.STRUCTURED_TYPE);
    return record;
  }

  private static void header(ProducerRecord<String, byte[]> record, String name, String value) {
    record.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private Delivery failed(Throwable failure) {
    // Whatever happened, the next attempt starts afresh: fenced, out of order, fatal or just away.
    giveUp();
    String reason = PeerWords.of(failure);
    return switch (failure) {
      case UnknownTopicOrPartitionException _, InvalidTopicException _ ->
          new Delivery.Unauthorized(
              "topic %s does not exist (expected: made by the operator)"
                  .formatted(options.topic()));
      case AuthenticationException _, AuthorizationException _ ->
          new Delivery.Unauthorized("kafka: " + reason);
      case RecordTooLargeException _, RecordBatchTooLargeException _, SerializationException _ ->
          new Delivery.Refused("kafka: " + reason);
      default -> again(reason);
    };
  }

  private static Delivery again(String reason) {
    return new Delivery.TryAgain("kafka: " + reason, Optional.empty());
  }

  private void giveUp() {
    Producer<String, byte[]> given = producer;
    producer = null;
    if (given != null) {
      try {
        given.close(CLOSE_TIMEOUT);
      } catch (KafkaException e) {
        LOG.debugf("closing a producer: %s", PeerWords.of(e));
      }
    }
  }

  @Override
  public void close() {
    giveUp();
  }
}
