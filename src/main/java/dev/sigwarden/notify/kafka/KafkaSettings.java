package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.TrustedCas;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;

/// The Kafka client's settings for one receiver.
final class KafkaSettings {
  /// Milliseconds that a call may wait for metadata before it counts as failed.
  private static final long MAX_BLOCK_MILLIS = 10_000;

  private KafkaSettings() {}

  /// The settings of a producer whose acknowledged records are on all in-sync replicas, each once
  /// per producer session.
  ///
  /// @throws IOException if the password cannot be read
  static Map<String, Object> producer(KafkaOptions options, String clientId) throws IOException {
    Map<String, Object> settings = new HashMap<>(options.properties());
    // One round trip takes at most half of the whole, so that one lost answer can be repeated.
    int whole = Math.toIntExact(options.timeout().toMillis());
    settings.putIfAbsent(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, whole);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, whole / 2));
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, Math.min(MAX_BLOCK_MILLIS, whole));
    common(settings, options, clientId);
    return settings;
  }

  /// The settings of a client that asks whether the topic exists. A producer must not ask: its
  /// question makes the topic where brokers allow that.
  ///
  /// @throws IOException if the password cannot be read
  static Map<String, Object> admin(KafkaOptions options, String clientId) throws IOException {
    Map<String, Object> settings = new HashMap<>();
    options
        .properties()
        .forEach((key, value) -> {
          if (AdminClientConfig.configNames().contains(key)) {
            settings.put(key, value);
          }
        });
    int whole = Math.toIntExact(options.timeout().toMillis());
    settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, whole);
    settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.max(1, whole / 2));
    common(settings, options, clientId);
    return settings;
  }

  private static void common(Map<String, Object> settings, KafkaOptions options, String clientId)
      throws IOException {
    boolean tls = options.security() == KafkaChannel.Security.TLS;
    settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, options.bootstrap());
    settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
    settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    settings.put(
        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
        (options.sasl().isPresent() ? "SASL_" : "") + (tls ? "SSL" : "PLAINTEXT"));
    if (options.cas().isPresent()) {
      TrustedCas cas = options.cas().get();
      settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
      settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, cas.pem());
    }
    if (options.sasl().isPresent()) {
      KafkaOptions.Sasl sasl = options.sasl().get();
      String password = sasl.password().isPresent() ? sasl.password().get().read() : "";
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
