package dev.sigwarden.notify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Family;
import dev.sigwarden.watch.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// An alert as an event of class Detection Finding (2004) of OCSF 1.8.0. `finding_info.uid` stays
/// the same over a finding's life, `metadata.uid` names one telling. What has no place in the class
/// is under `unmapped.sigwarden`.
final class OcsfFinding {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int CLASS = 2004;

  private OcsfFinding() {}

  /// The event.
  static ObjectNode of(Alert alert) {
    AlertFields fields = new AlertFields(alert);
    ObjectNode event = MAPPER.createObjectNode();
    int activity = activity(alert);
    event.put("activity_id", activity);
    event.put("activity_name", List.of("Create", "Update", "Close").get(activity - 1));
    event.put("category_uid", 2).put("category_name", "Findings");
    event.put("class_uid", CLASS).put("class_name", "Detection Finding");
    event.put("type_uid", CLASS * 100 + activity);
    severity(event, alert.severity());
    status(event, Stage.of(alert));
    event.put("is_alert", activity != 3);
    event.put("time", alert.at().toEpochMilli());
    event.put("start_time", alert.firstSeen().toEpochMilli());
    event.put("message", Stage.headline(alert));
    metadata(event.putObject("metadata"), alert);
    info(event.putObject("finding_info"), alert);
    evidence(event, alert, fields);
    resources(event, fields);
    observables(event, fields);
    remediation(event, alert);
    unmapped(event, alert);
    return event;
  }

  /// 1 Create, 2 Update, 3 Close.
  private static int activity(Alert alert) {
    if (Stage.of(alert) == Stage.OVER) {
      return 3;
    }
    return alert.revision() == 1 && Stage.of(alert) == Stage.OPEN ? 1 : 2;
  }

  private static void status(ObjectNode event, Stage stage) {
    switch (stage) {
      case OPEN -> event.put("status_id", 1).put("status", "New");
      case ACKNOWLEDGED -> event.put("status_id", 2).put("status", "In Progress");
      case OVER -> event.put("status_id", 4).put("status", "Resolved");
    }
  }

  private static void severity(ObjectNode event, Severity severity) {
    event.put(
        "severity_id",
        switch (severity) {
          case CRITICAL -> 5;
          case HIGH -> 4;
          case MEDIUM -> 3;
          case LOW -> 2;
          case INFO -> 1;
        });
    String label = severity.label();
    event.put(
        "severity",
        severity == Severity.INFO
            ? "Informational"
            : label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1));
  }

  private static void metadata(ObjectNode metadata, Alert alert) {
    metadata.put("version", "1.8.0");
    metadata.put("uid", alert.eventId());
    metadata.put("correlation_uid", alert.uid());
    metadata.put("event_code", alert.kind().label());
    metadata.put("log_name", "sigwarden." + alert.kind().family().label());
    metadata.put("sequence", alert.revision());
    metadata
        .putObject("product")
        .put("uid", "sigwarden")
        .put("name", "Sigwarden")
        .put("vendor_name", "Sigwarden");
  }

  private static void info(ObjectNode info, Alert alert) {
    if (!alert.url().isEmpty()) {
      info.put("src_url", alert.url());
    }
    info.put("uid", alert.uid());
    info.put("title", alert.title());
    info.put("desc", alert.why());
    info.put("created_time", alert.firstSeen().toEpochMilli());
    info.put("first_seen_time", alert.firstSeen().toEpochMilli());
    info.putArray("types").add(alert.kind().label()).add(alert.kind().family().label());
    if (!alert.log().isEmpty()) {
      info.putArray("data_sources").add(alert.log());
    }
    String rule = alert.watch().isEmpty() ? alert.kind().label() : alert.watch();
    info.putObject("analytic")
        .put("type_id", 1)
        .put("type", "Rule")
        .put("uid", alert.kind().label() + "/" + rule)
        .put("name", rule);
    if (alert.kind().family() == Family.IDENTITY) {
      // Names of techniques as the ATT&CK matrix has them; the version is left to the reader's.
      ObjectNode attack = info.putArray("attacks").addObject();
      attack.putObject("technique").put("uid", "T1195").put("name", "Supply Chain Compromise");
      attack
          .putObject("sub_technique")
          .put("uid", "T1195.002")
          .put("name", "Compromise Software Supply Chain");
    }
  }

  private static void evidence(ObjectNode event, Alert alert, AlertFields fields) {
    String index = fields.first("where", "index");
    if (index.isEmpty() && fields.artifacts().isEmpty()) {
      return;
    }
    ArrayNode evidences = event.putArray("evidences");
    ObjectNode entry = evidences.addObject().put("name", "log entry");
    ObjectNode data = entry.putObject("data");
    data.put("log", alert.log());
    data.put("log_origin", fields.first("where", "origin"));
    data.put("log_index", index);
    data.put("leaf_hash", fields.first("where", "leaf-hash"));
    data.put("tree_size", fields.first("where", "tree-size"));
    for (String artifact : fields.artifacts()) {
      ObjectNode file = evidences.addObject().put("name", "artifact").putObject("file");
      file.put("name", "sha256:" + artifact).put("type_id", 1);
      sha256(file.putArray("hashes"), artifact);
    }
  }

  private static void sha256(ArrayNode hashes, String value) {
    hashes.addObject().put("algorithm_id", 3).put("algorithm", "SHA-256").put("value", value);
  }

  private static void resources(ObjectNode event, AlertFields fields) {
    ArrayNode resources = event.putArray("resources");
    for (String identity : fields.all("who", "identity")) {
      resources
          .addObject()
          .put("name", identity)
          .put("type", "Signing Identity")
          .put("role_id", 2)
          .put("role", "Actor");
    }
    String version = fields.first("what", "claimed-version");
    for (String name : fields.all("what", "claimed-name")) {
      ObjectNode artifact =
          resources
              .addObject()
              .put("name", name)
              .put("type", "Artifact as its signer names it")
              .put("role_id", 1)
              .put("role", "Target");
      if (!version.isEmpty()) {
        artifact.put("version", version);
      }
    }
    if (resources.isEmpty()) {
      event.remove("resources");
    }
  }

  private static void observables(ObjectNode event, AlertFields fields) {
    ArrayNode observables = event.putArray("observables");
    for (String artifact : fields.artifacts()) {
      observable(observables, "evidences.file.hashes.value", 8, "Hash", artifact);
    }
    for (String identity : fields.all("who", "identity")) {
      observable(observables, "resources.name", 38, "Resource Details Object: name", identity);
    }
    for (String name : List.of("certificate-sha256", "tbs-sha256", "key-sha256")) {
      Optional<String> hash = fields.hash("who", name);
      hash.ifPresent(
          value -> observable(observables, "unmapped." + name, 30, "Fingerprint", value));
    }
    fields
        .serial()
        .ifPresent(
            serial -> observable(observables, "unmapped.serial", 37, "Serial Number", serial));
    if (observables.isEmpty()) {
      event.remove("observables");
    }
  }

  private static void observable(
      ArrayNode observables, String name, int id, String type, String value) {
    observables
        .addObject()
        .put("name", name)
        .put("type_id", id)
        .put("type", type)
        .put("value", value);
  }

  private static void remediation(ObjectNode event, Alert alert) {
    if (alert.steps().isEmpty()) {
      return;
    }
    ObjectNode remediation = event.putObject("remediation");
    remediation.put("desc", String.join("\n", alert.steps()));
    if (!alert.runbook().isEmpty()) {
      remediation.putArray("references").add(alert.runbook());
    }
  }

  private static void unmapped(ObjectNode event, Alert alert) {
    ObjectNode all = AlertJson.toTree(alert);
    event
        .putObject("unmapped")
        .putObject("sigwarden")
        .setAll(
            all.retain(
                "watch", "owner", "who", "what", "when", "where", "scope", "fromLog", "check"));
  }
}
