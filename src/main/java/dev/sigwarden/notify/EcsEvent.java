package dev.sigwarden.notify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Family;
import dev.sigwarden.watch.Severity;
import java.util.ArrayList;
import java.util.List;

/// An alert in the Elastic Common Schema 9.4.0. What has no place in it is under `sigwarden`.
final class EcsEvent {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EcsEvent() {}

  /// The event.
  ///
  /// @param instance the daemon's name
  static ObjectNode of(Alert alert, String instance) {
    AlertFields fields = new AlertFields(alert);
    ObjectNode event = MAPPER.createObjectNode();
    event.put("@timestamp", alert.at().toString());
    event.putObject("ecs").put("version", "9.4.0");
    event.put("message", Stage.headline(alert));
    event.putArray("tags").add("sigwarden").add(alert.kind().family().label());
    event(event.putObject("event"), alert);
    rule(event.putObject("rule"), alert);
    event
        .putObject("observer")
        .put("vendor", "Sigwarden")
        .put("product", "Sigwarden")
        .put("type", "transparency-log-monitor")
        .put("name", instance);
    signer(event, fields);
    artifact(event, fields);
    named(event, fields);
    related(event, fields);
    if (alert.kind().family() == Family.IDENTITY) {
      threat(event.putObject("threat"));
    }
    event.set(
        "sigwarden",
        AlertJson.toTree(alert)
            .retain(
                "uid",
                "revision",
                "event",
                "family",
                "kind",
                "log",
                "watch",
                "owner",
                "who",
                "what",
                "when",
                "where",
                "scope",
                "fromLog",
                "check",
                "steps"));
    return event;
  }

  private static void event(ObjectNode event, Alert alert) {
    boolean finding = alert.kind().family() != Family.OPERATIONAL;
    event.put("kind", finding ? "alert" : "state");
    event.putArray("category").add(finding ? "intrusion_detection" : "process");
    event.putArray("type").add("info");
    event.put("action", alert.kind().label());
    event.put("code", alert.kind().label());
    event.put("id", alert.eventId());
    event.put("module", "sigwarden");
    event.put("dataset", finding ? "sigwarden.finding" : "sigwarden.health");
    event.put("provider", "sigwarden");
    event.put("severity", number(alert.severity()));
    event.put("risk_score", (double) score(alert.severity()));
    event.put("created", alert.at().toString());
    event.put("start", alert.firstSeen().toString());
    event.put("sequence", alert.revision());
    event.put("reason", alert.why());
    if (!alert.runbook().isEmpty()) {
      event.put("reference", alert.runbook());
    }
    if (!alert.url().isEmpty()) {
      event.put("url", alert.url());
    }
  }

  private static void rule(ObjectNode rule, Alert alert) {
    String name = alert.watch().isEmpty() ? alert.kind().label() : alert.watch();
    rule.put("id", name).put("name", name);
    rule.put("category", alert.kind().label()).put("ruleset", "sigwarden");
    if (!alert.runbook().isEmpty()) {
      rule.put("reference", alert.runbook());
    }
  }

  private static void signer(ObjectNode event, AlertFields fields) {
    String identity = fields.first("who", "identity");
    if (!identity.isEmpty()) {
      event.putObject("user").put("name", identity);
    }
  }

  private static void artifact(ObjectNode event, AlertFields fields) {
    ObjectNode file = event.putObject("file");
    if (!fields.artifacts().isEmpty()) {
      file.putObject("hash").put("sha256", fields.artifacts().getFirst());
    }
    ObjectNode x509 = file.putObject("x509");
    fields.serial().ifPresent(serial -> x509.put("serial_number", serial));
    List<String> names = fields.all("who", "identity");
    if (fields.time("when", "certificate-from").isPresent() && !names.isEmpty()) {
      names.forEach(x509.putArray("alternative_names")::add);
      String issuer = fields.first("who", "certificate-authority");
      if (!issuer.isEmpty()) {
        x509.putObject("issuer").put("distinguished_name", issuer);
      }
    }
    fields
        .time("when", "certificate-from")
        .ifPresent(time -> x509.put("not_before", time.toString()));
    fields.time("when", "certificate-to").ifPresent(time -> x509.put("not_after", time.toString()));
    if (x509.isEmpty()) {
      file.remove("x509");
    }
    if (file.isEmpty()) {
      event.remove("file");
    }
  }

  /// What the signer says that the artifact is called; of several names the first one.
  private static void named(ObjectNode event, AlertFields fields) {
    String name = fields.first("what", "claimed-name");
    if (!name.isEmpty()) {
      ObjectNode found = event.putObject("package").put("name", name);
      String version = fields.first("what", "claimed-version");
      if (!version.isEmpty()) {
        found.put("version", version);
      }
    }
  }

  private static void related(ObjectNode event, AlertFields fields) {
    List<String> hashes = new ArrayList<>(fields.artifacts());
    for (String name : List.of("certificate-sha256", "tbs-sha256", "key-sha256")) {
      fields.hash("who", name).ifPresent(hashes::add);
    }
    fields.hash("where", "leaf-hash").ifPresent(hashes::add);
    ObjectNode related = event.putObject("related");
    put(related, "hash", hashes);
    put(related, "user", fields.all("who", "identity"));
    if (related.isEmpty()) {
      event.remove("related");
    }
  }

  private static void put(ObjectNode object, String name, List<String> values) {
    if (!values.isEmpty()) {
      ArrayNode array = object.putArray(name);
      values.stream().distinct().forEach(array::add);
    }
  }

  private static void threat(ObjectNode threat) {
    threat.put("framework", "MITRE ATT&CK");
    ObjectNode technique = threat.putObject("technique");
    technique.putArray("id").add("T1195");
    technique.putArray("name").add("Supply Chain Compromise");
    ObjectNode sub = technique.putObject("subtechnique");
    sub.putArray("id").add("T1195.002");
    sub.putArray("name").add("Compromise Software Supply Chain");
  }

  private static int number(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 99;
      case HIGH -> 73;
      case MEDIUM -> 47;
      case LOW -> 21;
      case INFO -> 0;
    };
  }

  /// Of 100.
  private static int score(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 95;
      case HIGH -> 75;
      case MEDIUM -> 50;
      case LOW -> 25;
      case INFO -> 0;
    };
  }
}
