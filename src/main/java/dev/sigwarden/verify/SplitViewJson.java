package dev.sigwarden.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// The file form of a `SplitView`: one JSON object, as findings keep it and people send it around.
public final class SplitViewJson {
  /// The longest file read, in bytes: two notes of the longest kind, escaped, and the hashes.
  public static final int MAX_BYTES = 8 << 20;

  /// What the file says it is.
  static final String FORMAT = "sigwarden-split-view/1";

  /// What a file of any version says it is.
  private static final String FORMATS = FORMAT.substring(0, FORMAT.indexOf('/') + 1);

  private static final int MAX_DEPTH = 8;
  private static final int MAX_KEYS = 16;
  private static final Set<String> MEMBERS =
      Set.of("format", "origin", "keys", "known", "shown", "consistency", "parting");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

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

  private SplitViewJson() {}

  /// The file.
  public static String write(SplitView view) {
    ObjectNode file = JSON.createObjectNode();
    file.put("format", FORMAT);
    file.put("origin", view.origin());
    var keys = file.putArray("keys");
    view.keys().forEach(key -> keys.add(key.toString()));
    file.put("known", view.known());
    file.put("shown", view.shown());
    if (view.consistency().isPresent()) {
      ObjectNode consistency = file.putObject("consistency");
      consistency.put("root", view.consistency().get().root().toHex());
      hashes(consistency, "hashes", view.consistency().get().proof().path());
    }
    if (view.parting().isPresent()) {
      ObjectNode parting = file.putObject("parting");
      hashes(parting, "smaller", view.parting().get().smaller());
      hashes(parting, "larger", view.parting().get().larger());
      hashes(parting, "smallerLeaves", view.parting().get().smallerLeaves());
      hashes(parting, "largerLeaves", view.parting().get().largerLeaves());
    }
    return file.toPrettyString();
  }

  private static void hashes(ObjectNode node, String name, List<Hash> hashes) {
    var array = node.putArray(name);
    hashes.forEach(hash -> array.add(hash.toHex()));
  }

  /// Whether a JSON object says somewhere that it is one, of whatever version.
  public static boolean claims(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).contains(FORMATS);
  }

  /// Reads a file strictly; checks nothing that it says.
  ///
  /// @throws MalformedNoteException if it is none
  public static SplitView parse(byte[] bytes) throws MalformedNoteException {
    if (bytes.length > MAX_BYTES) {
      throw new MalformedNoteException(
          "evidence: %d bytes (expected: at most %d)".formatted(bytes.length, MAX_BYTES));
    }
    JsonNode file;
    try {
      file = JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new MalformedNoteException("evidence is not strict JSON");
    } catch (IOException e) {
      throw new MalformedNoteException("evidence is not JSON");
    }
    if (!file.path("format").asText().equals(FORMAT)) {
      throw new MalformedNoteException("evidence without format " + FORMAT);
    }
    requireOnly(file, MEMBERS);
    List<VerifierKey> keys = new ArrayList<>();
    for (JsonNode key : file.path("keys")) {
      keys.add(VerifierKey.parse(key.asText()));
    }
    if (keys.isEmpty() || keys.size() > MAX_KEYS) {
      throw new MalformedNoteException(
          "keys: %d (expected: 1 to %d)".formatted(keys.size(), MAX_KEYS));
    }
    return new SplitView(
        text(file, "origin"),
        keys,
        text(file, "known"),
        text(file, "shown"),
        consistency(file.path("consistency")),
        parting(file.path("parting")));
  }

  /// What is not read could say anything.
  private static void requireOnly(JsonNode node, Set<String> members)
      throws MalformedNoteException {
    for (String name : (Iterable<String>) node::fieldNames) {
      if (!members.contains(name)) {
        throw new MalformedNoteException("a member (expected: one of %s)".formatted(members));
      }
    }
  }

  private static Optional<SplitView.Consistency> consistency(JsonNode node)
      throws MalformedNoteException {
    requireOnly(node, Set.of("root", "hashes"));
    return node.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new SplitView.Consistency(
                hash(node.path("root")),
                new ConsistencyProof(hashes(node, "hashes", ConsistencyProof.MAX_HASHES))));
  }

  private static Optional<SplitView.Parting> parting(JsonNode node) throws MalformedNoteException {
    requireOnly(node, Set.of("smaller", "larger", "smallerLeaves", "largerLeaves"));
    return node.isMissingNode()
        ? Optional.empty()
        : Optional.of(
            new SplitView.Parting(
                hashes(node, "smaller", Long.SIZE),
                hashes(node, "larger", Long.SIZE),
                hashes(node, "smallerLeaves", SplitView.MAX_LEAVES),
                hashes(node, "largerLeaves", SplitView.MAX_LEAVES)));
  }

  private static String text(JsonNode file, String name) throws MalformedNoteException {
    if (!file.path(name).isTextual()) {
      throw new MalformedNoteException("evidence without " + name);
    }
    return file.path(name).asText();
  }

  private static List<Hash> hashes(JsonNode node, String name, int max)
      throws MalformedNoteException {
    JsonNode array = node.path(name);
    if (!array.isArray() || array.size() > max) {
      throw new MalformedNoteException("%s (expected: at most %d hashes)".formatted(name, max));
    }
    List<Hash> hashes = new ArrayList<>();
    for (JsonNode element : array) {
      hashes.add(hash(element));
    }
    return hashes;
  }

  private static Hash hash(JsonNode node) throws MalformedNoteException {
    if (!node.isTextual() || !HASH.matcher(node.asText()).matches()) {
      throw new MalformedNoteException("a hash (expected: 64 lowercase hex digits)");
    }
    return Hash.ofHex(node.asText());
  }
}
