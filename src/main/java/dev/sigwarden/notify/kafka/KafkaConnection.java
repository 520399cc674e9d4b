package dev.sigwarden.notify.kafka;

import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Secret;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// How brokers are reached, as configured: the same keys wherever Kafka is spoken.
///
/// @param bootstrap brokers to ask first, `host:port` with commas between
/// @param topic the topic; must exist
/// @param security how connections are protected
/// @param sasl how Sigwarden authenticates itself; empty for not at all
/// @param cas the authorities to trust; empty for those of the JDK
/// @param timeout for one answer of the brokers
/// @param properties more settings of the Kafka client
public record KafkaConnection(
    String bootstrap,
    String topic,
    Security security,
    Optional<Sasl> sasl,
    Optional<TrustedCas> cas,
    Duration timeout,
    Map<String, String> properties) {
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

  /// An account at the brokers.
  public record Sasl(Mechanism mechanism, String user, Optional<Secret> password) {}

  private static final Pattern BOOTSTRAP =
      Pattern.compile("[A-Za-z0-9.:_\\[\\]-]{1,260}(,[A-Za-z0-9.:_\\[\\]-]{1,260}){0,20}");

  // Source: org.apache.kafka.common.internals.Topic.
  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

  /// Settings that guarantees or bounds rest on, that have their own key, that hold secrets, or
  /// that name classes to load.
  private static final Pattern NOT_YOURS =
      Pattern.compile(
          "acks|enable\\.idempotence|transactional\\.id|transaction\\..*|bootstrap\\.servers"
              + "|client\\.id|retries|max\\.in\\.flight\\..*|delivery\\.timeout\\.ms"
              + "|request\\.timeout\\.ms|default\\.api\\.timeout\\.ms|max\\.block\\.ms|linger\\.ms"
              + "|security\\.protocol|sasl\\..*|.*password.*|ssl\\.truststore\\..*"
              + "|ssl\\.endpoint\\..*|ssl\\.keystore\\.key|.*serializer|.*\\.class|.*\\.classes"
              + "|.*reporters|config\\.providers.*|security\\.providers|group\\..*"
              + "|partition\\.assignment\\..*|enable\\.auto\\..*|auto\\.offset\\..*"
              + "|allow\\.auto\\..*|isolation\\.level|fetch\\.max\\.bytes|max\\.partition\\..*"
              + "|max\\.poll\\..*");

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(2);

  public KafkaConnection {
    properties = Map.copyOf(properties);
  }

  /// Reads the keys of a connection.
  ///
  /// @param known the names of the client's settings that `properties` may have
  /// @param kind what kind of setting they are: `producer`
  public static KafkaConnection read(Section section, Set<String> known, String kind) {
    String bootstrap = section.text("bootstrap", "brokers to ask first, host:port");
    if (!BOOTSTRAP.matcher(bootstrap).matches()) {
      section.problem("bootstrap", PeerWords.clean(bootstrap), "host:port, commas between several");
    }
    String topic = section.text("topic", "the topic, which must exist");
    if (!TOPIC.matcher(topic).matches()) {
      section.problem("topic", PeerWords.clean(topic), "letters, digits, dot, _ and -");
    }
    Security security =
        section.choice("security", Security.class, Security.TLS, "how connections are protected");
    boolean insecure =
        section.flag("allow-insecure", false, "allow plain, which anybody on the way can read");
    if (security == Security.PLAIN && !insecure) {
      section.problem("security", "plain", "tls (or allow-insecure: true)");
    }
    Optional<Sasl> sasl =
        section.section("sasl", "an account at the brokers", KafkaConnection::sasl);
    Duration timeout =
        section.duration(
            "timeout",
            DEFAULT_TIMEOUT,
            MIN_TIMEOUT,
            MAX_TIMEOUT,
            "until the brokers have answered");
    Map<String, String> properties =
        section.textMap("properties", "more settings of the Kafka client, not secret");
    properties.keySet().forEach(key -> check(section, key, known, kind));
    Optional<TrustedCas> cas = TrustedCas.read(section);
    return new KafkaConnection(bootstrap, topic, security, sasl, cas, timeout, properties);
  }

  private static Sasl sasl(Section section) {
    Mechanism mechanism =
        section.choice(
            "mechanism", Mechanism.class, Mechanism.SCRAM_SHA_512, "how to authenticate");
    String user = section.text("user", "the account");
    Optional<Secret> password = section.secret("password", "the account's password");
    if (password.isEmpty()) {
      section.problem("password", "nothing", "password-file or ${ENV}");
    }
    return new Sasl(mechanism, user, password);
  }

  private static void check(Section section, String key, Set<String> known, String kind) {
    if (NOT_YOURS.matcher(key).matches()) {
      section.problem(
          "properties", key, "a setting that is not fixed, secret, or a key of this section");
    } else if (!known.contains(key)) {
      section.problem(
          "properties",
          PeerWords.clean(key) + Nearest.hint(key, known),
          "a %s setting".formatted(kind));
    }
  }
}
