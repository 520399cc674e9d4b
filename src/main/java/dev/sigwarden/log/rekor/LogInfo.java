package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The shards of an instance in their order, the active one last, each with its newest signed note.
/// What the answer says beside the notes must agree with them; no signature is checked here. `GET
/// /api/v1/log`.
///
/// @param shards at least one
record LogInfo(List<Shard> shards) {
  /// The longest answer, in bytes: a shard has some 700 with its note, and a note may have
  /// signatures of witnesses too.
  static final int MAX_BYTES = 256 << 10;

  /// The most shards read; the public instance had three in its first five years. Whoever follows
  /// them holds the list once for each, so that memory grows with the square.
  static final int MAX_SHARDS = 64;

  /// A decimal number of 63 bits, as a tree's id is written.
  private static final Pattern TREE_ID = Pattern.compile("[1-9][0-9]{0,18}");

  LogInfo {
    shards = List.copyOf(shards);
  }

  /// One shard.
  ///
  /// @param treeId its tree's id, decimal, `[1, 2^63)`
  /// @param note its newest signed note
  /// @param checkpoint what the note says
  /// @param active whether it takes entries
  record Shard(String treeId, SignedNote note, Checkpoint checkpoint, boolean active) {
    long size() {
      return checkpoint.head().size();
    }
  }

  /// The shard of that tree.
  Optional<Shard> shard(String treeId) {
    return shards.stream().filter(shard -> shard.treeId.equals(treeId)).findFirst();
  }

  /// The index over all shards of that tree's first entry: what the shards before it hold. Empty if
  /// the tree is not listed.
  Optional<Long> offset(String treeId) {
    long before = 0;
    for (Shard shard : shards) {
      if (shard.treeId.equals(treeId)) {
        return Optional.of(before);
      }
      before += shard.size();
    }
    return Optional.empty();
  }

  /// Reads the answer.
  static LogInfo parse(String resource, byte[] bytes) throws BadAnswerException {
    List<Shard> inactive = new ArrayList<>();
    Fields active = new Fields();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (!name.equals("inactiveShards")) {
          active.read(name, json);
        } else if (json.enterArrayOrNull()) {
          while (json.nextElement()) {
            if (inactive.size() == MAX_SHARDS - 1) {
              throw new BadAnswerException(resource, "more than %d shards".formatted(MAX_SHARDS));
            }
            inactive.add(shard(resource, json));
          }
        }
      }
      json.end();
    }
    inactive.add(active.shard(resource, true));
    Set<String> ids = new HashSet<>();
    long total = 0;
    for (Shard shard : inactive) {
      if (!ids.add(shard.treeId)) {
        throw new BadAnswerException(resource, "tree " + shard.treeId + " is listed twice");
      }
      total += shard.size();
      if (total < 0) {
        throw new BadAnswerException(resource, "entries of all shards (expected: below 2^63)");
      }
    }
    return new LogInfo(inactive);
  }

  private static Shard shard(String resource, AnswerReader json) throws BadAnswerException {
    Fields fields = new Fields();
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      fields.read(name, json);
    }
    return fields.shard(resource, false);
  }

  /// One shard's members as they are found.
  private static final class Fields {
    private @Nullable Hash rootHash;
    private @Nullable String signedTreeHead;
    private @Nullable String treeId;
    private long treeSize = -1;

    void read(String name, AnswerReader json) throws BadAnswerException {
      switch (name) {
        case "rootHash" -> rootHash = json.hash();
        case "signedTreeHead" -> signedTreeHead = json.text();
        case "treeID" -> treeId = json.text();
        case "treeSize" -> treeSize = json.number();
        default -> json.skip();
      }
    }

    Shard shard(String resource, boolean active) throws BadAnswerException {
      if (rootHash == null || signedTreeHead == null || treeId == null || treeSize < 0) {
        throw new BadAnswerException(
            resource, "a shard (expected: rootHash, signedTreeHead, treeID and treeSize)");
      }
      if (!isTreeId(treeId)) {
        throw new BadAnswerException(resource, "treeID (expected: a decimal number below 2^63)");
      }
      SignedNote note;
      Checkpoint checkpoint;
      try {
        note = SignedNote.parse(signedTreeHead.getBytes(StandardCharsets.UTF_8));
        checkpoint = Checkpoint.parse(note.text());
      } catch (MalformedNoteException e) {
        throw new BadAnswerException(
            resource, "signedTreeHead of tree %s: %s".formatted(treeId, e.getMessage()));
      }
      if (checkpoint.head().size() != treeSize
          || !checkpoint.head().root().equals(rootHash)
          || !checkpoint.origin().endsWith(" - " + treeId)) {
        throw new BadAnswerException(
            resource,
            "tree %s: size %d, root %s (expected: what its signedTreeHead says)"
                .formatted(treeId, treeSize, rootHash.toHex()));
      }
      return new Shard(treeId, note, checkpoint, active);
    }
  }

  private static boolean isTreeId(String text) {
    if (!TREE_ID.matcher(text).matches()) {
      return false;
    }
    try {
      return Long.parseLong(text) > 0;
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
