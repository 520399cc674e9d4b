package dev.sigwarden.notify.pagerduty;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.notify.CloudEvent;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Link;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.watch.Severity;

/// An event of the Events API v2. The finding's id is the key that PagerDuty keeps one incident
/// for.
final class PagerDutyEvent {
  /// Bytes of an event. Source: PagerDuty, Events API v2, 512 KB.
  static final int MAX_BYTES = 512_000;

  /// Characters of a summary. Source: the same.
  private static final int MAX_SUMMARY = 1024;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private PagerDutyEvent() {}

  /// The event, shortened until it fits.
  ///
  /// @param key the routing key
  /// @param instance the daemon's name
  static ObjectNode of(Alert alert, String key, String instance) {
    return switch (Stage.of(alert)) {
      case OPEN ->
          Fitting.fit(
              alert,
              fitted -> trigger(fitted, key, instance),
              event -> CloudEvent.bytes(event).length <= MAX_BYTES);
      case ACKNOWLEDGED -> event("acknowledge", alert, key);
      case OVER -> event("resolve", alert, key);
    };
  }

  private static ObjectNode event(String action, Alert alert, String key) {
    return MAPPER
        .createObjectNode()
        .put("routing_key", key)
        .put("event_action", action)
        .put("dedup_key", alert.uid());
  }

  private static ObjectNode trigger(Alert alert, String key, String instance) {
    ObjectNode event = event("trigger", alert, key);
    event.put("client", "Sigwarden");
    ObjectNode payload = event.putObject("payload");
    payload.put("summary", Fitting.cut(Stage.headline(alert), MAX_SUMMARY));
    payload.put("source", alert.log().isEmpty() ? "sigwarden/" + instance : alert.log());
    payload.put("severity", severity(alert.severity()));
    payload.put("timestamp", alert.at().toString());
    if (!alert.watch().isEmpty()) {
      payload.put("component", alert.watch());
    }
    payload.put("group", alert.kind().family().label());
    payload.put("class", alert.kind().label());
    payload.set(
        "custom_details",
        AlertJson.toTree(alert)
            .retain(
                "uid",
                "revision",
                "why",
                "owner",
                "firstSeen",
                "who",
                "what",
                "when",
                "where",
                "scope",
                "fromLog",
                "check",
                "steps",
                "acts"));
    ArrayNode links = MAPPER.createArrayNode();
    if (!alert.url().isEmpty()) {
      event.put("client_url", alert.url());
    }
    for (Link link : Link.of(alert)) {
      links.addObject().put("href", link.url()).put("text", link.title());
    }
    if (!links.isEmpty()) {
      event.set("links", links);
    }
    return event;
  }

  private static String severity(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "critical";
      case HIGH -> "error";
      case MEDIUM -> "warning";
      case LOW, INFO -> "info";
    };
  }
}
