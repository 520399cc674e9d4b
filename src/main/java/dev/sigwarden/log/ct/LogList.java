package dev.sigwarden.log.ct;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A list of Certificate Transparency logs: version 3 of the schema that browsers and monitors
/// publish, with `tiled_logs`. One log that is not as it should be spoils the list.
///
/// @param logs by log id in hex, in the list's order
record LogList(Map<String, Listed> logs) {
  /// The longest list, in bytes: the public ones have some 100 kB.
  static final int MAX_BYTES = 8 << 20;

  /// The most logs read: several times what the public lists have, retired ones included.
  private static final int MAX_LOGS = 1_000;

  private static final int MAX_DEPTH = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  LogList {
    logs = Collections.unmodifiableMap(new LinkedHashMap<>(logs));
  }

  /// What a list says of whether a log is in use. Of a log without a state nothing is known.
  enum State {
    PENDING,
    QUALIFIED,
    USABLE,
    READONLY,
    RETIRED,
    REJECTED
  }

  /// One log.
  ///
  /// @param log how to open it
  /// @param name as `LogFamily.Member.name()` has it
  /// @param until when it takes no entries any more; `Instant.MAX` if that is not known
  record Listed(String name, State state, Instant until, CtLog log) {}

  /// Reads a list.
  static LogList parse(String resource, byte[] bytes) throws BadAnswerException {
    JsonNode list;
    try {
      list = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new BadAnswerException(
          resource, "not strict JSON: " + Sanitizer.clean(e.getOriginalMessage(), 200));
    } catch (IOException e) {
      throw new BadAnswerException(resource, "not JSON");
    }
    if (list == null || !list.path("operators").isArray()) {
      throw new BadAnswerException(resource, "no list of logs (expected: operators)");
    }
    Map<String, Listed> logs = new LinkedHashMap<>();
    for (JsonNode operator : list.path("operators")) {
      // Tiles first: where a log has both, its origin is that of its checkpoints.
      for (JsonNode log : operator.path("tiled_logs")) {
        add(logs, resource, log, true);
      }
      for (JsonNode log : operator.path("logs")) {
        add(logs, resource, log, false);
      }
    }
    return new LogList(logs);
  }

  private static void add(Map<String, Listed> logs, String resource, JsonNode node, boolean tiled)
      throws BadAnswerException {
    if (logs.size() == MAX_LOGS) {
      throw new BadAnswerException(resource, "more than %d logs".formatted(MAX_LOGS));
    }
    String key = text(resource, node, "key");
    Hash id = id(resource, node, key);
    Optional<State> state = state(node.path("state"));
    URI address = prefix(resource, node, tiled ? "monitoring_url" : "url");
    URI origin = tiled ? prefix(resource, node, "submission_url") : address;
    CtLog.Address place =
        tiled
            ? new CtLog.Address.Tiles(new TileLocation.Server(address), Optional.empty())
            : new CtLog.Address.Api(address);
    Listed before = logs.get(id.toHex());
    if (before != null) {
      // Both ways to read one log: they are compared with each other.
      if (tiled || before.log.addresses().stream().anyMatch(CtLog.Address.Api.class::isInstance)) {
        throw new BadAnswerException(resource, "log %s is listed twice".formatted(id.toHex()));
      }
      List<CtLog.Address> both = new ArrayList<>(before.log.addresses());
      both.add(place);
      logs.put(
          id.toHex(),
          new Listed(
              before.name,
              before.state,
              before.until,
              new CtLog(before.log.key(), before.log.mmd(), before.log.last(), both)));
      return;
    }
    CtLog log =
        new CtLog(
            verifierKey(resource, tiled ? CtKeys.origin(origin) : "rfc6962/" + id.toHex(), key),
            mmd(resource, node),
            last(resource, node.path("state")),
            List.of(place));
    // A log whose state this version does not know is not followed, as one that is rejected.
    logs.put(
        id.toHex(),
        new Listed(name(origin, id), state.orElse(State.REJECTED), until(node.path("state")), log));
  }

  private static Hash id(String resource, JsonNode node, String key) throws BadAnswerException {
    Hash id;
    try {
      id = Hash.ofData(Base64.getDecoder().decode(key));
    } catch (IllegalArgumentException e) {
      throw new BadAnswerException(resource, "key of a log (expected: base64)");
    }
    if (!text(resource, node, "log_id").equals(id.toBase64())) {
      throw new BadAnswerException(
          resource,
          "log_id %s (expected: %s, as its key hashes to)"
              .formatted(Sanitizer.clean(node.path("log_id").asText(), 80), id.toBase64()));
    }
    return id;
  }

  private static VerifierKey verifierKey(String resource, String origin, String key)
      throws BadAnswerException {
    try {
      return CtKeys.of(origin, key);
    } catch (MalformedNoteException e) {
      throw new BadAnswerException(resource, "key of a log: " + e.getMessage());
    }
  }

  private static Optional<State> state(JsonNode node) {
    for (State state : State.values()) {
      if (node.has(state.name().toLowerCase(Locale.ROOT))) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }

  /// When a log that is readonly or retired became so.
  private static Instant until(JsonNode state) {
    JsonNode over = state.has("retired") ? state.path("retired") : state.path("readonly");
    if (over.isMissingNode()) {
      return Instant.MAX;
    }
    try {
      return Instant.parse(over.path("timestamp").asText());
    } catch (DateTimeParseException _) {
      return Instant.EPOCH;
    }
  }

  private static Optional<TreeHead> last(String resource, JsonNode state)
      throws BadAnswerException {
    JsonNode head = state.path("readonly").path("final_tree_head");
    if (head.isMissingNode()) {
      return Optional.empty();
    }
    long size = head.path("tree_size").asLong(-1);
    try {
      Hash root = Hash.ofBase64(head.path("sha256_root_hash").asText());
      if (size >= 0) {
        return Optional.of(new TreeHead(size, root));
      }
    } catch (IllegalArgumentException _) {
      // Told below, like a head without a size.
    }
    throw new BadAnswerException(
        resource, "final_tree_head (expected: tree_size and sha256_root_hash)");
  }

  private static Duration mmd(String resource, JsonNode node) throws BadAnswerException {
    JsonNode mmd = node.path("mmd");
    if (!mmd.canConvertToInt() || mmd.asInt() < 0) {
      throw new BadAnswerException(resource, "mmd (expected: seconds, >= 0)");
    }
    return Duration.ofSeconds(mmd.asInt());
  }

  private static URI prefix(String resource, JsonNode node, String name) throws BadAnswerException {
    String text = text(resource, node, name);
    try {
      URI uri = new URI(text.endsWith("/") ? text : text + "/");
      if (uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && PoliteHttp.objection(uri).isEmpty()) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below.
    }
    throw new BadAnswerException(
        resource,
        "%s: %s (expected: an http or https URL)".formatted(name, Sanitizer.clean(text, 200)));
  }

  private static String text(String resource, JsonNode node, String name)
      throws BadAnswerException {
    if (!node.path(name).isTextual()) {
      throw new BadAnswerException(resource, "a log (expected: with " + name + ")");
    }
    return node.path(name).asText();
  }

  /// The last part of its prefix, which people know it by, and the beginning of its id, which no
  /// other has.
  private static String name(URI origin, Hash id) {
    String path = CtKeys.origin(origin);
    String last = path.substring(path.lastIndexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "-");
    String plain = last.replaceFirst("^[^A-Za-z0-9]+", "");
    String shown = plain.substring(0, Math.min(plain.length(), 40));
    return (shown.isEmpty() ? "log" : shown) + "-" + id.toHex().substring(0, 8);
  }
}
