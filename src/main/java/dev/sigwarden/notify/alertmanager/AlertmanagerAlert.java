package dev.sigwarden.notify.alertmanager;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// An alert of Alertmanager's API v2. Labels are what an alert is known by there: only stable words
/// of ours and the operator's. What came from a log stands in annotations.
final class AlertmanagerAlert {
  /// Labels that the operator cannot set.
  static final Set<String> OURS =
      Set.of(
          "alertname",
          "severity",
          "sigwarden_severity",
          "sigwarden_instance",
          "kind",
          "family",
          "watch",
          "log",
          "finding_uid");

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final Pattern NOT_LABEL = Pattern.compile("[^a-zA-Z0-9_]");

  private AlertmanagerAlert() {}

  /// The body of a post: an array of one, since an instance that refuses one alert of several keeps
  /// the others.
  ///
  /// @param labels the operator's
  /// @param now the time of this attempt
  /// @param hold how long the alert fires if it is not told again
  static ArrayNode of(
      Alert alert, String instance, Map<String, String> labels, Instant now, Duration hold) {
    ArrayNode alerts = MAPPER.createArrayNode();
    ObjectNode json = alerts.addObject();
    ObjectNode known = json.putObject("labels");
    labels.forEach(known::put);
    known.put("alertname", "Sigwarden" + camel(alert.kind().label()));
    known.put("severity", severity(alert.severity()));
    known.put("sigwarden_severity", alert.severity().label());
    known.put("sigwarden_instance", instance);
    known.put("kind", alert.kind().label());
    known.put("family", alert.kind().family().label());
    known.put("watch", alert.watch());
    known.put("log", alert.log());
    known.put("finding_uid", alert.uid());
    // An empty label is no label.
    List.of("watch", "log").stream()
        .filter(name -> known.path(name).asText("").isEmpty())
        .forEach(known::remove);
    annotations(json.putObject("annotations"), alert);
    Instant starts = alert.firstSeen().isBefore(now) ? alert.firstSeen() : now;
    json.put("startsAt", starts.toString());
    json.put("endsAt", ends(alert, now, hold).toString());
    if (!alert.url().isEmpty()) {
      json.put("generatorURL", alert.url());
    }
    return alerts;
  }

  private static Instant ends(Alert alert, Instant now, Duration hold) {
    if (Stage.of(alert) == Stage.OVER) {
      return now;
    }
    // A test ends by itself.
    return now.plus(alert.event() == Alert.Event.TEST ? Duration.ofMinutes(5) : hold);
  }

  private static void annotations(ObjectNode annotations, Alert alert) {
    annotations.put("summary", Stage.headline(alert));
    annotations.put("description", alert.why());
    if (!alert.owner().isEmpty()) {
      annotations.put("owner", alert.owner());
    }
    if (!alert.runbook().isEmpty()) {
      annotations.put("runbook_url", alert.runbook());
    }
    if (!alert.url().isEmpty()) {
      annotations.put("finding_url", alert.url());
    }
    Map<String, String> fields = new LinkedHashMap<>();
    alert
        .groups()
        .forEach((group, all) -> {
          for (Field field : all) {
            fields.merge(
                NOT_LABEL.matcher(group + "_" + field.name()).replaceAll("_"),
                field.value(),
                (one, other) -> one + ", " + other);
          }
        });
    fields.forEach(annotations::put);
    annotations.put("steps", String.join("\n", alert.steps()));
    annotations.put("acts", String.join("\n", alert.acts()));
  }

  private static String camel(String label) {
    StringBuilder name = new StringBuilder();
    for (String word : label.split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return name.toString();
  }

  /// As rules of Prometheus use the label.
  private static String severity(Severity severity) {
    return switch (severity) {
      case CRITICAL, HIGH -> "critical";
      case MEDIUM -> "warning";
      case LOW -> "info";
      case INFO -> "none";
    };
  }
}
