package dev.sigwarden.notify.kafka;

import com.google.auto.service.AutoService;
import dev.sigwarden.notify.Channel;
import dev.sigwarden.notify.NotifierSource;
import dev.sigwarden.notify.PayloadFormat;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
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

  /// How connections are protected.
  public enum Security {
    TLS,
    /// Not at all; needs `allow-insecure: true`.
    PLAIN
  }

  /// How Sigwarden authenticates itself.
  public enum Mechanism {
    PLAIN("PLAIN", "org.apache.kafka.common.security.plain.PlainLoginModule"),
    SCRAM_SHA_256("SCRAM-SHA-256", "org.apache.kafka.common.security.scram.ScramLoginModule"),
    SCRAM_SHA_512("SCRAM-SHA-512", "org.apache.kafka.common.security.scram.ScramLoginModule");

    private final String label;
    private final String loginModule;

    Mechanism(String label, String loginModule) {
      this.label = label;
      this.loginModule = loginModule;
    }

    String label() {
      return label;
    }

    String loginModule() {
      return loginModule;
    }
  }

  private static final Pattern BOOTSTRAP =
      Pattern.compile("[A-Za-z0-9.:_\\[\\]-]{1,260}(,[A-Za-z0-9.:_\\[\\]-]{1,260}){0,20}");

  // Source: org.apache.kafka.common.internals.Topic.
  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

  /// Settings that a delivery's guarantees rest on, that have their own key, that hold secrets, or
  /// that name classes to load.
  private static final Pattern NOT_YOURS =
      Pattern.compile(
          "acks|enable\\.idempotence|transactional\\.id|bootstrap\\.servers|client\\.id|retries"
              + "|max\\.in\\.flight\\..*|delivery\\.timeout\\.ms|request\\.timeout\\.ms"
              + "|max\\.block\\.ms|linger\\.ms|security\\.protocol|sasl\\..*|.*password.*"
              + "|ssl\\.truststore\\..*|ssl\\.endpoint\\..*|ssl\\.keystore\\.key|.*serializer"
              + "|.*\\.class|.*\\.classes|.*reporters|config\\.providers.*|security\\.providers");

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);

  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public NotifierSource configure(Section receiver) {
    String bootstrap = receiver.text("bootstrap", "brokers to ask first, host:port");
    if (!BOOTSTRAP.matcher(bootstrap).matches()) {
      receiver.problem(
          "bootstrap", PeerWords.clean(bootstrap), "host:port, commas between several");
    }
    String topic = receiver.text("topic", "the topic, which must exist");
    if (!TOPIC.matcher(topic).matches()) {
      receiver.problem("topic", PeerWords.clean(topic), "letters, digits, dot, _ and -");
    }
    Mode mode = receiver.choice("mode", Mode.class, Mode.BINARY, "how a CloudEvent is laid out");
    PayloadFormat format =
        receiver.choice(
            "format", PayloadFormat.class, PayloadFormat.NATIVE, "what the data of an event is");
    Security security =
        receiver.choice("security", Security.class, Security.TLS, "how connections are protected");
    boolean insecure =
        receiver.flag("allow-insecure", false, "allow plain, which anybody on the way can read");
    if (security == Security.PLAIN && !insecure) {
      receiver.problem("security", "plain", "tls (or allow-insecure: true)");
    }
    Optional<KafkaOptions.Sasl> sasl =
        receiver.section("sasl", "an account at the brokers", KafkaChannel::sasl);
    Duration timeout =
        receiver.duration(
            "timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT, "until a record is acknowledged");
    Map<String, String> properties =
        receiver.textMap("properties", "more settings of the Kafka client, not secret");
    properties.keySet().forEach(key -> checkProperty(receiver, key));
    Optional<TrustedCas> cas = TrustedCas.read(receiver);
    KafkaOptions options =
        new KafkaOptions(bootstrap, topic, mode, format, security, sasl, cas, timeout, properties);
    return (name, tools) -> new KafkaNotifier(options, name, tools);
  }

  private static KafkaOptions.Sasl sasl(Section section) {
    Mechanism mechanism =
        section.choice(
            "mechanism", Mechanism.class, Mechanism.SCRAM_SHA_512, "how to authenticate");
    String user = section.text("user", "the account");
    Optional<Secret> password = section.secret("password", "the account's password");
    if (password.isEmpty()) {
      section.problem("password", "nothing", "password-file or ${ENV}");
    }
    return new KafkaOptions.Sasl(mechanism, user, password);
  }

  private static void checkProperty(Section receiver, String key) {
    if (NOT_YOURS.matcher(key).matches()) {
      receiver.problem(
          "properties", key, "a setting that is not fixed, secret, or a key of this receiver");
    } else if (!ProducerConfig.configNames().contains(key)) {
      receiver.problem(
          "properties",
          PeerWords.clean(key) + Nearest.hint(key, ProducerConfig.configNames()),
          "a producer setting");
    }
  }
}
