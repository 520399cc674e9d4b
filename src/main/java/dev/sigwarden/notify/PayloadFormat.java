package dev.sigwarden.notify;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;

/// A form of alerts as JSON, for receivers that keep them for programs to read.
public enum PayloadFormat {
  /// Sigwarden's own, which leaves nothing out. See `AlertJson`.
  NATIVE(""),
  /// OCSF 1.8.0, class Detection Finding.
  OCSF("https://schema.ocsf.io/1.8.0/classes/detection_finding"),
  /// Elastic Common Schema 9.4.0.
  ECS("https://www.elastic.co/docs/reference/ecs");

  private final String schema;

  PayloadFormat(String schema) {
    this.schema = schema;
  }

  /// Where the form is described; empty for our own.
  public String schema() {
    return schema;
  }

  /// The alert in this form.
  ///
  /// @param instance the daemon's name
  public ObjectNode of(Alert alert, String instance) {
    return switch (this) {
      case NATIVE -> AlertJson.toTree(alert);
      case OCSF -> OcsfFinding.of(alert);
      case ECS -> EcsEvent.of(alert, instance);
    };
  }
}
