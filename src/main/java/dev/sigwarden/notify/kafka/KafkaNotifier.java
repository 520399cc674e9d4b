package dev.sigwarden.notify.kafka;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.PayloadFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// Writes alerts to a topic. Delivered means that the broker has acknowledged the record. The
/// producer is made at the first use and made anew after a failure, and each new one first asks
/// whether the topic exists; it is never made by asking.
final class KafkaNotifier implements Notifier {
  private static final Logger LOG = Logger.getLogger(KafkaNotifier.class);

  /// How long a producer that is given up may take to close.
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final KafkaConnection connection;
  private final KafkaChannel.Mode mode;
  private final PayloadFormat format;
  private final NotifierTools tools;
  private final KafkaClients clients;
  private @Nullable Producer<String, byte[]> producer;

  /// @param mode how an event is laid out in a record
  /// @param format what the data of an event is
  KafkaNotifier(
      KafkaConnection connection,
      KafkaChannel.Mode mode,
      PayloadFormat format,
      String receiver,
      NotifierTools tools) {
    this.connection = connection;
    this.mode = mode;
    this.format = format;
    this.tools = tools;
    this.clients = new KafkaClients(connection, "sigwarden-" + tools.instance() + "-" + receiver);
  }

  @Override
  public Delivery deliver(Message message) {
    try {
      Producer<String, byte[]> open = producer();
      Future<RecordMetadata> sent = open.send(record(message.alert()));
      // The client ends its own waiting a little earlier.
      long patience = connection.timeout().plusSeconds(5).toMillis();
      RecordMetadata at = sent.get(patience, TimeUnit.MILLISECONDS);
      return new Delivery.Delivered("%s-%d@%d".formatted(at.topic(), at.partition(), at.offset()));
    } catch (ExecutionException e) {
      return failed(e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException | InterruptException e) {
      // Kafka's own exception has set the flag already.
      Thread.currentThread().interrupt();
      giveUp();
      return again("stopped while sending");
    } catch (IOException | TimeoutException | KafkaException e) {
      return failed(e);
    }
  }

  private Producer<String, byte[]> producer()
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    if (producer == null) {
      var _ = clients.describe();
      producer = clients.producer();
    }
    return producer;
  }

  private ProducerRecord<String, byte[]> record(Alert alert) {
    boolean binary = mode == KafkaChannel.Mode.BINARY;
    CloudEvent event = new CloudEvent(alert, tools.instance(), format);
    byte[] value = binary ? event.data() : event.structured();
    // Its time is that of sending: brokers refuse one that is ahead of theirs by an hour, which a
    // clock that was wrong once would leave behind for good.
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(connection.topic(), alert.uid(), value);
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
    if (failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException
        || failure instanceof SerializationException) {
      return new Delivery.Refused("kafka: " + clients.words(failure));
    }
    return switch (clients.trouble(failure)) {
      case KafkaClients.Trouble.Lasting(String reason) -> new Delivery.Unauthorized(reason);
      case KafkaClients.Trouble.Passing(String reason) ->
          new Delivery.TryAgain(reason, Optional.empty());
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
        LOG.debugf("closing a producer: %s", clients.words(e));
      }
    }
  }

  @Override
  public void close() {
    giveUp();
  }
}
