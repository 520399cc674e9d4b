package dev.sigwarden.notify.splunk;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.PayloadFormat;
import java.math.BigDecimal;
import java.util.Optional;

/// An event of the HTTP Event Collector: the alert, and a few fields to search by without parsing
/// it.
final class SplunkEvent {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// How events are told.
  ///
  /// @param index the index; empty for the token's
  /// @param sourceType the events' source type
  /// @param format what an event is
  record Options(Optional<String> index, String sourceType, PayloadFormat format) {}

  private SplunkEvent() {}

  /// The event.
  static ObjectNode of(Alert alert, Options options, String instance) {
    ObjectNode event = MAPPER.createObjectNode();
    // Seconds with milliseconds.
    event.put("time", BigDecimal.valueOf(alert.at().toEpochMilli(), 3));
    event.put("host", instance).put("source", "sigwarden");
    event.put("sourcetype", options.sourceType());
    options.index().ifPresent(index -> event.put("index", index));
    event.set("event", options.format().of(alert, instance));
    event
        .putObject("fields")
        .put("finding_uid", alert.uid())
        .put("event_id", alert.eventId())
        .put("kind", alert.kind().label())
        .put("severity", alert.severity().label());
    return event;
  }
}
