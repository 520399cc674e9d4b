package dev.sigwarden.notify.kafka;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.settings.Section;
import org.apache.kafka.clients.producer.ProducerConfig;

/// `channel: kafka`: writes alerts to a topic.
@AutoService(Channel.class)
public final class KafkaChannel implements Channel {
  /// How a CloudEvent is laid out in a record.
  public enum Mode {
    /// Attributes in `ce_` headers, the alert's JSON as value.
    BINARY,
    /// The whole event as value.
    STRUCTURED
  }

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    KafkaConnection connection =
        KafkaConnection.read(receiver, ProducerConfig.configNames(), "producer");
    Mode mode = receiver.choice("mode", Mode.class, Mode.BINARY, "how a CloudEvent is laid out");
    PayloadFormat format =
        receiver.choice(
            "format", PayloadFormat.class, PayloadFormat.NATIVE, "what the data of an event is");
    return (name, tools) -> new KafkaNotifier(connection, mode, format, name, tools);
  }
}
