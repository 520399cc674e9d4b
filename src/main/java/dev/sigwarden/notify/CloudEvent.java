package dev.sigwarden.notify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Family;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// An alert as a CloudEvent 1.0: attributes of our own making only, the alert in JSON as data.
/// Source and id together name one telling; a repeat has the same.
public final class CloudEvent {
  /// The media type of a whole event as JSON.
  public static final String STRUCTURED_TYPE = "application/cloudevents+json; charset=UTF-8";

  /// The media type of the data.
  public static final String DATA_TYPE = "application/json";

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Alert alert;
  private final String instance;
  private final PayloadFormat format;

  /// @param instance the daemon's name
  /// @param format what the data is
  public CloudEvent(Alert alert, String instance, PayloadFormat format) {
    this.alert = alert;
    this.instance = instance;
    this.format = format;
  }

  /// The short event type: `finding.opened`, `health.degraded`, `health.recovered`, `digest`,
  /// `heartbeat`.
  public static String shortType(Alert alert) {
    if (alert.event() == Alert.Event.HEARTBEAT || alert.event() == Alert.Event.DIGEST) {
      return alert.event().label();
    }
    if (alert.kind().family() != Family.OPERATIONAL) {
      return "finding." + alert.event().label();
    }
    return alert.event() == Alert.Event.RESOLVED ? "health.recovered" : "health.degraded";
  }

  /// The attributes by name, without the data and its type. `sequence` is the revision: it orders
  /// the tellings of one finding.
  public Map<String, String> attributes() {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", alert.eventId());
    attributes.put("source", "urn:sigwarden:" + urlEncoded(instance));
    attributes.put("type", "dev.sigwarden." + shortType(alert) + ".v1");
    attributes.put("subject", alert.uid());
    attributes.put("time", alert.at().toString());
    attributes.put("partitionkey", alert.uid());
    attributes.put("sequence", "%020d".formatted(alert.revision()));
    attributes.put("severitytext", severityText(alert));
    attributes.put("severitynumber", Integer.toString(severityNumber(alert)));
    if (!format.schema().isEmpty()) {
      attributes.put("dataschema", format.schema());
    }
    return attributes;
  }

  /// The data: the alert's JSON in UTF-8.
  public byte[] data() {
    return bytes(format.of(alert, instance));
  }

  /// The whole event as one JSON object in UTF-8.
  public byte[] structured() {
    ObjectNode event = MAPPER.createObjectNode();
    attributes().forEach(event::put);
    event.put("severitynumber", severityNumber(alert));
    event.put("datacontenttype", DATA_TYPE);
    event.set("data", format.of(alert, instance));
    return bytes(event);
  }

  /// JSON in UTF-8, half surrogate pairs replaced.
  public static byte[] bytes(JsonNode json) {
    try {
      return MAPPER.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers: not writable as JSON", e);
    }
  }

  private static String urlEncoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Severities as OpenTelemetry's log data model names them. CloudEvents severity extension.
  private static String severityText(Alert alert) {
    return switch (alert.severity()) {
      case CRITICAL -> "FATAL";
      case HIGH -> "ERROR";
      case MEDIUM -> "WARN";
      case LOW -> "INFO2";
      case INFO -> "INFO";
    };
  }

  private static int severityNumber(Alert alert) {
    return switch (alert.severity()) {
      case CRITICAL -> 21;
      case HIGH -> 17;
      case MEDIUM -> 13;
      case LOW -> 10;
      case INFO -> 9;
    };
  }
}
