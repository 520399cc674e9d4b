package dev.sigwarden.notify.syslog;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.notify.AlertFields;
import dev.sigwarden.notify.Fitting;
import dev.sigwarden.notify.Stage;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A message in the form of RFC 5424, framed as RFC 5425 section 4.3 says. What a program needs to
/// find the finding stands first, in structured data.
final class SyslogMessage {
  /// Bytes of a message: what a receiver should take. RFC 5425 section 4.3.1.
  static final int MAX_BYTES = 8192;

  /// Code points of one parameter of structured data: identities and digests fit.
  private static final int MAX_PARAM = 300;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /// How messages are written.
  ///
  /// @param format what the message part is
  /// @param facility the facility's number, `[0, 23]`
  /// @param enterprise whose names the structured data has
  /// @param hostname the name of this host; empty for the daemon's name
  record Style(
      SyslogChannel.Format format, int facility, long enterprise, Optional<String> hostname) {}

  private SyslogMessage() {}

  /// The message behind its length in bytes, shortened until it fits.
  static byte[] framed(Alert alert, Style style, String instance) {
    byte[] message =
        Fitting.fit(
            alert,
            fitted -> of(fitted, style, instance).getBytes(StandardCharsets.UTF_8),
            bytes -> bytes.length <= MAX_BYTES);
    byte[] length = (message.length + " ").getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[length.length + message.length];
    System.arraycopy(length, 0, frame, 0, length.length);
    System.arraycopy(message, 0, frame, length.length, message.length);
    return frame;
  }

  /// `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID SD BOM MSG`. RFC 5424 section 6.
  static String of(Alert alert, Style style, String instance) {
    int priority = style.facility() * 8 + severity(alert.severity());
    return "<%d>1 %s %s sigwarden - %s %s %c%s"
        .formatted(
            priority,
            alert.at().truncatedTo(ChronoUnit.MILLIS),
            name(style.hostname().orElse(instance), 255),
            name(alert.kind().label(), 32),
            structured(alert, style),
            BYTE_ORDER_MARK,
            message(alert, style, instance));
  }

  private static String structured(Alert alert, Style style) {
    AlertFields fields = new AlertFields(alert);
    Map<String, String> params = new LinkedHashMap<>();
    params.put("uid", alert.uid());
    params.put("revision", Integer.toString(alert.revision()));
    params.put("event", alert.event().label());
    params.put("kind", alert.kind().label());
    params.put("family", alert.kind().family().label());
    params.put("severity", alert.severity().label());
    params.put("watch", alert.watch());
    params.put("log", alert.log());
    params.put("index", fields.first("where", "index"));
    params.put("identity", fields.first("who", "identity"));
    params.put("digest", fields.first("what", "digest"));
    StringBuilder out = new StringBuilder("[sigwarden@").append(style.enterprise());
    params.forEach((key, value) -> {
      if (!value.isEmpty()) {
        out.append(' ').append(key).append("=\"").append(param(value)).append('"');
      }
    });
    return out.append(']').toString();
  }

  /// A PARAM-VALUE: `"`, `\` and `]` escaped. RFC 5424 section 6.3.3.
  static String param(String value) {
    return Sanitizer.clean(value, MAX_PARAM)
        .replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("]", "\\]");
  }

  private static String message(Alert alert, Style style, String instance) {
    return switch (style.format()) {
      case TEXT -> Stage.headline(alert) + ": " + alert.why();
      case JSON -> AlertJson.write(alert);
      case CEF -> CefLine.of(alert, instance);
    };
  }

  /// A HOSTNAME, MSGID or the like: printable ASCII without spaces, not empty.
  private static String name(String text, int max) {
    String plain = text.replaceAll("[^!-~]", "_");
    return plain.isEmpty() ? "-" : plain.substring(0, Math.min(max, plain.length()));
  }

  private static int severity(Severity severity) {
    return switch (severity) {
      case CRITICAL -> 2;
      case HIGH -> 3;
      case MEDIUM -> 4;
      case LOW -> 5;
      case INFO -> 6;
    };
  }
}
