package dev.sigwarden.notify.syslog;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.AlertFields;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// A line of the Common Event Format, version 0. Keys are constants of ours; a value can end
/// neither itself nor the line.
final class CefLine {
  private CefLine() {}

  static String of(Alert alert, String instance) {
    AlertFields fields = new AlertFields(alert);
    Map<String, String> extension = new LinkedHashMap<>();
    put(extension, "externalId", 40, alert.uid());
    put(extension, "rt", 20, Long.toString(alert.at().toEpochMilli()));
    put(extension, "start", 20, Long.toString(alert.firstSeen().toEpochMilli()));
    put(extension, "cat", 1023, alert.kind().family().label());
    put(extension, "act", 63, alert.event().label());
    put(extension, "dvchost", 100, instance);
    put(extension, "suser", 1023, fields.first("who", "identity"));
    String digest = fields.first("what", "digest");
    put(extension, "fileHash", 255, digest.startsWith("sha256:") ? digest.substring(7) : digest);
    put(extension, "request", 1023, alert.runbook());
    put(extension, "reason", 1023, alert.why());
    custom(extension, "cs1", "logOrigin", fields.first("where", "origin"));
    custom(extension, "cs2", "issuer", fields.first("who", "issuer"));
    custom(extension, "cs3", "watch", alert.watch());
    custom(extension, "cs4", "keySha256", fields.first("who", "key-sha256"));
    custom(extension, "cs5", "leafHash", fields.first("where", "leaf-hash"));
    custom(extension, "cs6", "log", alert.log());
    custom(extension, "cn1", "logIndex", fields.first("where", "index"));
    put(extension, "msg", 1023, Stage.headline(alert));
    StringBuilder line = new StringBuilder("CEF:0|Sigwarden|Sigwarden|1|");
    line.append(header(alert.kind().label())).append('|');
    line.append(header(alert.kind().title())).append('|');
    line.append(severity(alert.severity())).append('|');
    String gap = "";
    for (Map.Entry<String, String> pair : extension.entrySet()) {
      line.append(gap).append(pair.getKey()).append('=').append(value(pair.getValue()));
      gap = " ";
    }
    return line.toString();
  }

  private static void custom(
      Map<String, String> extension, String key, String label, String value) {
    if (!value.isBlank()) {
      put(extension, key + "Label", 1023, label);
      put(extension, key, 4000, value);
    }
  }

  /// Adds a value, cut to `max` bytes before it is escaped. Receivers take spaces at its ends for
  /// their own.
  private static void put(Map<String, String> extension, String key, int max, String value) {
    String shown = cut(value.strip(), max);
    if (!shown.isEmpty()) {
      extension.put(key, shown);
    }
  }

  private static String cut(String text, int max) {
    String shown = text;
    while (shown.getBytes(StandardCharsets.UTF_8).length > max) {
      shown = shown.substring(0, shown.offsetByCodePoints(shown.length(), -1));
    }
    return shown.strip();
  }

  /// A field of the header: backslash and bar escaped, no line break.
  static String header(String text) {
    return text.replace("\\", "\\\\").replace("|", "\\|").replaceAll("[\\r\\n]+", " ");
  }

  /// A value of the extension: backslash and equals sign escaped, line breaks written `\n`.
  static String value(String text) {
    return text.replace("\\", "\\\\").replace("=", "\\=").replaceAll("\\r\\n|\\r|\\n", "\\\\n");
  }

  /// Of 10.
  private static int severity(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 10;
      case HIGH -> 8;
      case MEDIUM -> 6;
      case LOW -> 4;
      case INFO -> 2;
    };
  }
}
