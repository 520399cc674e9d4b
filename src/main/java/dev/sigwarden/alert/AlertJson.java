package dev.sigwarden.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.watch.Severity;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The JSON form of an alert: what the outbox keeps, and what webhooks and Kafka carry.
///
/// ```json
/// {"uid": "swf_…", "revision": 1, "event": "opened",
///  "family": "identity", "kind": "unexpected-signature", "severity": "critical",
///  "title": "…", "why": "…",
///  "log": "rekor-2025", "watch": "acme-release", "owner": "…", "runbook": "…",
///  "firstSeen": "2026-11-22T10:00:00.000Z", "at": "2026-11-22T10:00:00.000Z",
///  "who": {"identity": "…"}, "what": {"sha256": ["…", "…"]}, "when": {}, "where": {"index": "17"},
///  "scope": {},
///  "fromLog": ["who.identity", "what.sha256"],
///  "check": ["sigwarden verify …"], "steps": ["…"], "acts": ["sigwarden findings ack …"],
///  "url": "https://sigwarden.acme.example/api/v1/findings/swf_…"}
/// ```
///
/// Promises to whoever reads it:
/// - every key above is always there; text that does not apply is `""`;
/// - `event`, `family`, `kind` and `severity` are the labels of their enums, times are ISO 8601 in
///   UTC with milliseconds, indexes and sizes are decimal text (63 bits do not fit a JavaScript
///   number);
/// - a field's value is text, or a list of texts if the alert has several fields of that name,
///   which then stand together;
/// - `fromLog` names each field whose value somebody wrote into a log: show it as data, never as
///   markup, link or command;
/// - keys are added, never renamed; a reader ignores those it does not know.
public final class AlertJson {
  /// The longest text that is read, in characters: alerts are bounded well below, see `Sanitizer`.
  static final int MAX_LENGTH = 1 << 20;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final DateTimeFormatter MILLIS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();
  private static final Map<String, Kind> KINDS = labels(Kind.values(), Kind::label);
  private static final Map<String, Severity> SEVERITIES =
      labels(Severity.values(), Severity::label);
  private static final Map<String, Alert.Event> EVENTS =
      labels(Alert.Event.values(), Alert.Event::label);

  private AlertJson() {}

  /// The alert on one line.
  public static String write(Alert alert) {
    return toTree(alert).toString();
  }

  /// The alert as a tree that the caller may add to.
  public static ObjectNode toTree(Alert alert) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("uid", alert.uid());
    json.put("revision", alert.revision());
    json.put("event", alert.event().label());
    json.put("family", alert.kind().family().label());
    json.put("kind", alert.kind().label());
    json.put("severity", alert.severity().label());
    json.put("title", alert.title());
    json.put("why", alert.why());
    json.put("log", alert.log());
    json.put("watch", alert.watch());
    json.put("owner", alert.owner());
    json.put("runbook", alert.runbook());
    json.put("firstSeen", MILLIS.format(alert.firstSeen()));
    json.put("at", MILLIS.format(alert.at()));
    ArrayNode fromLog = MAPPER.createArrayNode();
    putFields(json, "who", alert.who(), fromLog);
    putFields(json, "what", alert.what(), fromLog);
    putFields(json, "when", alert.when(), fromLog);
    putFields(json, "where", alert.where(), fromLog);
    putFields(json, "scope", alert.scope(), fromLog);
    json.set("fromLog", fromLog);
    alert.check().forEach(json.putArray("check")::add);
    alert.steps().forEach(json.putArray("steps")::add);
    alert.acts().forEach(json.putArray("acts")::add);
    json.put("url", alert.url());
    return json;
  }

  /// The alert that `write` wrote, its times cut to milliseconds.
  ///
  /// @throws MalformedAlertException for any other text
  public static Alert read(String json) throws MalformedAlertException {
    if (json.length() > MAX_LENGTH) {
      throw new MalformedAlertException(
          "alert: %d characters (expected: at most %d)".formatted(json.length(), MAX_LENGTH));
    }
    @Nullable JsonNode tree;
    try {
      tree = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      // The parser's message quotes the text, and its cause carries it.
      throw new MalformedAlertException("alert: not JSON (expected: an object)");
    }
    if (!(tree instanceof ObjectNode object)) {
      throw new MalformedAlertException("alert: another JSON value (expected: an object)");
    }
    return fromTree(object);
  }

  private static Alert fromTree(ObjectNode json) throws MalformedAlertException {
    Set<String> fromLog = new HashSet<>(texts(json, "fromLog"));
    return new Alert(
        required(json, "uid"),
        revision(json),
        labelled(json, "event", EVENTS),
        labelled(json, "kind", KINDS),
        labelled(json, "severity", SEVERITIES),
        required(json, "title"),
        optional(json, "why"),
        optional(json, "log"),
        optional(json, "watch"),
        optional(json, "owner"),
        optional(json, "runbook"),
        instant(json, "firstSeen"),
        instant(json, "at"),
        fields(json, "who", fromLog),
        fields(json, "what", fromLog),
        fields(json, "when", fromLog),
        fields(json, "where", fromLog),
        fields(json, "scope", fromLog),
        texts(json, "check"),
        texts(json, "steps"),
        texts(json, "acts"),
        optional(json, "url"));
  }

  static void putFields(ObjectNode json, String section, List<Field> fields, ArrayNode fromLog) {
    ObjectNode object = json.putObject(section);
    Set<String> named = new HashSet<>();
    for (Field field : fields) {
      JsonNode known = object.get(field.name());
      if (known instanceof ArrayNode several) {
        several.add(field.value());
      } else if (known != null) {
        object.putArray(field.name()).add(known).add(field.value());
      } else {
        object.put(field.name(), field.value());
      }
      // One value from a log taints all of the name: better too careful than too trusting.
      if (field.fromLog() && named.add(field.name())) {
        fromLog.add(section + "." + field.name());
      }
    }
  }

  private static List<Field> fields(ObjectNode json, String section, Set<String> fromLog)
      throws MalformedAlertException {
    JsonNode object = json.path(section);
    if (object.isMissingNode()) {
      return List.of();
    }
    if (!object.isObject()) {
      throw wrong(section, "an object");
    }
    List<Field> fields = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      boolean tainted = fromLog.contains(section + "." + entry.getKey());
      for (JsonNode value :
          entry.getValue().isArray() ? entry.getValue() : List.of(entry.getValue())) {
        if (!value.isTextual()) {
          throw wrong(section, "texts and lists of texts");
        }
        fields.add(new Field(entry.getKey(), value.textValue(), tainted));
      }
    }
    return fields;
  }

  private static List<String> texts(ObjectNode json, String key) throws MalformedAlertException {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : json.path(key)) {
      if (!value.isTextual()) {
        throw wrong(key, "a list of texts");
      }
      texts.add(value.textValue());
    }
    return texts;
  }

  private static String required(ObjectNode json, String key) throws MalformedAlertException {
    JsonNode value = json.path(key);
    if (!value.isTextual() || value.textValue().isBlank()) {
      throw wrong(key, "text");
    }
    return value.textValue();
  }

  private static String optional(ObjectNode json, String key) throws MalformedAlertException {
    JsonNode value = json.path(key);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw wrong(key, "text");
    }
    return value.asText("");
  }

  private static int revision(ObjectNode json) throws MalformedAlertException {
    JsonNode value = json.path("revision");
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
      throw wrong("revision", "a whole number >= 1");
    }
    return value.intValue();
  }

  private static <E> E labelled(ObjectNode json, String key, Map<String, E> labels)
      throws MalformedAlertException {
    E value = labels.get(json.path(key).asText(""));
    if (value == null) {
      throw wrong(key, "one of " + String.join(", ", labels.keySet().stream().sorted().toList()));
    }
    return value;
  }

  private static Instant instant(ObjectNode json, String key) throws MalformedAlertException {
    try {
      return Instant.parse(required(json, key)).truncatedTo(ChronoUnit.MILLIS);
    } catch (DateTimeException e) {
      throw wrong(key, "a time such as 2026-11-22T10:00:00.000Z");
    }
  }

  private static MalformedAlertException wrong(String key, String expected) {
    return new MalformedAlertException(
        "alert: %s is missing or of another form (expected: %s)".formatted(key, expected));
  }

  private static <E> Map<String, E> labels(E[] values, Function<E, String> label) {
    return Arrays.stream(values).collect(Collectors.toUnmodifiableMap(label, Function.identity()));
  }
}
