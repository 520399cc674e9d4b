package dev.sigwarden.notify.opsgenie;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.watch.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// An alert of the Alert API. The finding's id is its alias, by which a repeat is counted and the
/// alert is closed.
final class OpsgenieAlert {
  // Characters. Source: Opsgenie, Alert API, create alert.
  private static final int MAX_MESSAGE = 130;
  private static final int MAX_DESCRIPTION = 15_000;
  private static final int MAX_DETAILS = 8_000;
  private static final int MAX_ENTITY = 512;
  private static final int MAX_SOURCE = 100;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// Who is called.
  ///
  /// @param type `team`, `user`, `escalation` or `schedule`
  record Responder(String type, String name) {}

  private final Alert alert;
  private final String instance;
  private final Function<Alert, String> text;

  /// @param text makes the description
  OpsgenieAlert(Alert alert, String instance, Function<Alert, String> text) {
    this.alert = alert;
    this.instance = instance;
    this.text = text;
  }

  /// What stands behind the address of all alerts.
  String action() {
    String one = "/" + alert.uid();
    return switch (Stage.of(alert)) {
      case OPEN -> "";
      case ACKNOWLEDGED -> one + "/acknowledge?identifierType=alias";
      case OVER -> one + "/close?identifierType=alias";
    };
  }

  /// What is sent there.
  ///
  /// @param responders who is called
  ObjectNode body(List<Responder> responders) {
    return Stage.of(alert) == Stage.OPEN ? create(responders) : follow();
  }

  /// The body that closes or acknowledges.
  private ObjectNode follow() {
    return MAPPER
        .createObjectNode()
        .put("source", Fitting.cut("sigwarden/" + instance, MAX_SOURCE))
        .put("note", Stage.headline(alert));
  }

  /// The body that opens.
  ObjectNode create(List<Responder> responders) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("message", Fitting.cut(Stage.headline(alert), MAX_MESSAGE));
    json.put("alias", alert.uid());
    String description = Fitting.fit(alert, text, said -> said.length() <= MAX_DESCRIPTION);
    json.put("description", Fitting.cut(description, MAX_DESCRIPTION));
    if (!responders.isEmpty()) {
      ArrayNode called = json.putArray("responders");
      for (Responder responder : responders) {
        called
            .addObject()
            .put("type", responder.type())
            .put(responder.type().equals("user") ? "username" : "name", responder.name());
      }
    }
    json.putArray("tags")
        .add("sigwarden")
        .add(alert.kind().label())
        .add(alert.kind().family().label());
    json.set("details", Fitting.fit(alert, OpsgenieAlert::details, OpsgenieAlert::fits));
    String entity = alert.watch().isEmpty() ? alert.log() : alert.watch();
    json.put("entity", Fitting.cut(entity, MAX_ENTITY));
    json.put("source", Fitting.cut("sigwarden/" + instance, MAX_SOURCE));
    json.put("priority", priority(alert.severity()));
    return json;
  }

  private static String priority(Severity severity) {
    return switch (severity) {
      case CRITICAL -> "P1";
      case HIGH -> "P2";
      case MEDIUM -> "P3";
      case LOW -> "P4";
      case INFO -> "P5";
    };
  }

  private static ObjectNode details(Alert alert) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("log", alert.log());
    details.put("watch", alert.watch());
    details.put("owner", alert.owner());
    details.put("runbook", alert.runbook());
    details.put("finding", alert.url());
    alert
        .groups()
        .forEach((group, fields) -> {
          for (Field field : fields) {
            details.merge(
                group + "." + field.name(), field.value(), (one, other) -> one + "\n" + other);
          }
        });
    ObjectNode json = MAPPER.createObjectNode();
    details.forEach((name, value) -> {
      if (!value.isEmpty()) {
        json.put(name, value);
      }
    });
    return json;
  }

  private static boolean fits(ObjectNode details) {
    int characters = 0;
    for (var detail : details.properties()) {
      characters += detail.getKey().length() + detail.getValue().textValue().length();
    }
    return characters <= MAX_DETAILS;
  }
}
