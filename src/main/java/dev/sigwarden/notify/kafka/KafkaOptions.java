package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A Kafka receiver as configured.
///
/// @param bootstrap brokers to ask first, `host:port` with commas between
/// @param topic the topic; must exist
/// @param mode how an event is laid out in a record
/// @param format what the data of an event is
/// @param security how connections are protected
/// @param sasl how Sigwarden authenticates itself; empty for not at all
/// @param cas the authorities to trust; empty for those of the JDK
/// @param timeout for one record, until the broker has acknowledged it
/// @param properties more settings of the Kafka client
record KafkaOptions(
    String bootstrap,
    String topic,
    KafkaChannel.Mode mode,
    PayloadFormat format,
    KafkaChannel.Security security,
    Optional<Sasl> sasl,
    Optional<TrustedCas> cas,
    Duration timeout,
    Map<String, String> properties) {
  /// An account at the brokers.
  record Sasl(KafkaChannel.Mechanism mechanism, String user, Optional<Secret> password) {}

  KafkaOptions {
    properties = Map.copyOf(properties);
  }
}
