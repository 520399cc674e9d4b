package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.Inclusion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One entry as the API writes it: a member whose name is the entry's id. Its leaf is `body`,
/// decoded; everything else is the log's word about it. A class and not a record for its array.
/// `LogEntry`.
final class RekorEntry {
  /// The most entries that one answer holds. `POST /api/v1/log/entries/retrieve`, `maxItems`.
  static final int MAX_AT_ONCE = 10;

  /// A tree's id in 16 hex digits, which old servers leave out, and the leaf hash in 64.
  private static final Pattern ID = Pattern.compile("([0-9a-f]{16})?([0-9a-f]{64})");

  /// How an object that holds an entry begins.
  private static final Pattern ANSWER =
      Pattern.compile("\\{\\s*\"([0-9a-f]{16})?[0-9a-f]{64}\"\\s*:");

  /// Bytes in which that is found: the longest id and blanks of any indent.
  private static final int ANSWER_START = 256;

  private static final Pattern LOG_ID = Pattern.compile("[0-9a-f]{64}");

  private final Optional<String> treeId;
  private final byte[] leaf;
  private final Fields fields;

  private RekorEntry(Optional<String> treeId, byte[] leaf, Fields fields) {
    this.treeId = treeId;
    this.leaf = leaf;
    this.fields = fields;
  }

  /// What is read of an entry, as it is found.
  private static final class Fields {
    private @Nullable String body;
    private long integratedTime = -1;
    private @Nullable String logId;
    private long logIndex = -1;
    private @Nullable String timestamp;
    private @Nullable Shown proof;
  }

  /// An inclusion proof in the tree of the note beside it.
  ///
  /// @param index in the shard
  private record Shown(long index, Inclusion inclusion) {}

  /// The id of its tree, decimal; empty if the log does not say.
  Optional<String> treeId() {
    return treeId;
  }

  /// The bytes of the leaf; not to be written to.
  byte[] leaf() {
    return leaf;
  }

  /// The index over all shards.
  long globalIndex() {
    return fields.logIndex;
  }

  /// The inclusion proof, if it was asked for and is there, and proves this leaf at the index
  /// `index` of its shard.
  ///
  /// @throws BadAnswerException if it proves something else
  Optional<Inclusion> inclusion(String resource, long index) throws BadAnswerException {
    Shown shown = fields.proof;
    if (shown == null) {
      return Optional.empty();
    }
    Inclusion inclusion = shown.inclusion;
    if (shown.index != index
        || !inclusion.proof().holds(index, Hash.ofLeaf(leaf), inclusion.head())) {
      throw new BadAnswerException(
          resource,
          "an inclusion proof for index %d in a tree of %d (expected: one that holds for %d)"
              .formatted(shown.index, inclusion.head().size(), index));
    }
    return Optional.of(inclusion);
  }

  /// The log's signed promise that it took the entry, with the time that it signed; empty if there
  /// is none.
  Optional<EntryTimestamp> timestamp(String resource) throws BadAnswerException {
    String signature = fields.timestamp;
    String logId = fields.logId;
    String body = fields.body;
    if (signature == null || body == null) {
      return Optional.empty();
    }
    if (logId == null || !LOG_ID.matcher(logId).matches() || fields.integratedTime < 0) {
      throw new BadAnswerException(
          resource, "a signedEntryTimestamp (expected: with logID and integratedTime)");
    }
    return Optional.of(
        new EntryTimestamp(
            body,
            fields.integratedTime,
            logId,
            fields.logIndex,
            HexFormat.of().formatHex(base64(resource, signature))));
  }

  /// Reads an array of objects that each hold one entry. `POST /api/v1/log/entries/retrieve`.
  static List<RekorEntry> parseAll(String resource, byte[] bytes) throws BadAnswerException {
    List<RekorEntry> entries = new ArrayList<>();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterArray();
      while (json.nextElement()) {
        if (entries.size() == MAX_AT_ONCE) {
          throw new BadAnswerException(
              resource, "more entries than asked for (expected: at most " + MAX_AT_ONCE + ")");
        }
        entries.add(single(resource, json, false));
      }
      json.end();
    }
    return entries;
  }

  /// Whether these bytes begin as an object that holds an entry does.
  static boolean isAnswer(byte[] bytes) {
    String start =
        new String(bytes, 0, Math.min(bytes.length, ANSWER_START), StandardCharsets.ISO_8859_1);
    return ANSWER.matcher(start).lookingAt();
  }

  /// Reads an object that holds one entry, with its inclusion proof. `GET /api/v1/log/entries`.
  static RekorEntry parse(String resource, byte[] bytes) throws BadAnswerException {
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      RekorEntry entry = single(resource, json, true);
      json.end();
      return entry;
    }
  }

  private static RekorEntry single(String resource, AnswerReader json, boolean withProof)
      throws BadAnswerException {
    json.enterObject();
    String id = json.nextName();
    if (id == null) {
      throw new BadAnswerException(resource, "an object without an entry");
    }
    RekorEntry entry = read(resource, id, json, withProof);
    if (json.nextName() != null) {
      throw new BadAnswerException(resource, "two entries in one object (expected: one)");
    }
    return entry;
  }

  private static RekorEntry read(String resource, String id, AnswerReader json, boolean withProof)
      throws BadAnswerException {
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw new BadAnswerException(
          resource,
          "entry id %s (expected: 64 or 80 hex digits)".formatted(Sanitizer.clean(id, 100)));
    }
    Fields fields = new Fields();
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "body" -> fields.body = json.text();
        case "integratedTime" -> fields.integratedTime = json.number();
        case "logID" -> fields.logId = json.text();
        case "logIndex" -> fields.logIndex = json.number();
        case "verification" -> verification(resource, json, fields, withProof);
        // The attestation is no part of the leaf.
        default -> json.skip();
      }
    }
    if (fields.body == null || fields.logIndex < 0) {
      throw new BadAnswerException(resource, "an entry (expected: with body and logIndex)");
    }
    byte[] leaf = base64(resource, fields.body);
    String hash = Hash.ofLeaf(leaf).toHex();
    if (!parts.group(2).equals(hash)) {
      throw new BadAnswerException(
          resource,
          "entry %s has a body of leaf hash %s (expected: the one in its id)".formatted(id, hash));
    }
    Optional<String> treeId =
        Optional.ofNullable(parts.group(1))
            .map(hex -> Long.toUnsignedString(HexFormat.fromHexDigitsToLong(hex)));
    return new RekorEntry(treeId, leaf, fields);
  }

  private static void verification(
      String resource, AnswerReader json, Fields fields, boolean withProof)
      throws BadAnswerException {
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("signedEntryTimestamp")) {
        fields.timestamp = json.text();
      } else if (withProof && name.equals("inclusionProof")) {
        fields.proof = proof(resource, json);
      } else {
        json.skip();
      }
    }
  }

  private static Shown proof(String resource, AnswerReader json) throws BadAnswerException {
    List<Hash> hashes = List.of();
    long index = -1;
    long size = -1;
    Hash root = null;
    String note = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "checkpoint" -> note = json.text();
        case "hashes" -> hashes = json.hashes(InclusionProof.MAX_HASHES);
        case "logIndex" -> index = json.number();
        case "rootHash" -> root = json.hash();
        case "treeSize" -> size = json.number();
        default -> json.skip();
      }
    }
    if (index < 0 || size < 0 || root == null || note == null) {
      throw new BadAnswerException(
          resource,
          "an inclusion proof (expected: with checkpoint, hashes, logIndex, rootHash, treeSize)");
    }
    TreeHead head = new TreeHead(size, root);
    try {
      SignedNote signed = SignedNote.parse(note.getBytes(StandardCharsets.UTF_8));
      if (!Checkpoint.parse(signed.text()).head().equals(head)) {
        throw new BadAnswerException(
            resource, "an inclusion proof in another tree than that of the checkpoint beside it");
      }
      return new Shown(index, new Inclusion(head, new InclusionProof(hashes), Optional.of(signed)));
    } catch (MalformedNoteException e) {
      throw new BadAnswerException(resource, "the checkpoint of a proof: " + e.getMessage());
    }
  }

  private static byte[] base64(String resource, String text) throws BadAnswerException {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new BadAnswerException(resource, "not base64: " + Sanitizer.clean(text, 40));
    }
  }
}
