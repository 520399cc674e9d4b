package dev.sigwarden.bundle;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.tuf.JsonObject;
import dev.sigwarden.tuf.RefusedException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// What a bundle says of one log's entry: Sigstore protobuf-specs `TransparencyLogEntry`.
///
/// @param logId the log's id in lowercase hex
/// @param index the entry's index; of a Rekor v1 log over all its shards. Signed by the promise
///   only
/// @param integrated when the log took it, in seconds since 1970; 0 if not said. Signed by the
///   promise only
/// @param promise the signature by which the log promised to hold the entry (the SET), base64;
///   empty if there is none
/// @param inclusion the proof that it does, if there is one
/// @param body the entry, byte for byte as the log hashed it
public record LoggedEntry(
    String logId,
    long index,
    long integrated,
    String promise,
    Optional<Inclusion> inclusion,
    EntryBytes body) {
  /// The longest id of a log in bytes: real ones have 32.
  private static final int MAX_ID = 64;

  /// The longest entry in bytes: Rekor v1 took ones of some 100,000.
  private static final int MAX_BODY = 1 << 20;

  /// Seconds from 1970 to the year 10000.
  private static final long MAX_TIME = 253_402_300_799L;

  /// A proof of inclusion with the checkpoint that it leads to.
  ///
  /// @param index the entry's index in that tree
  /// @param head the tree that the proof is of, as the bundle says
  /// @param path the proof
  /// @param checkpoint the log's signed note
  public record Inclusion(long index, TreeHead head, InclusionProof path, String checkpoint) {}

  static LoggedEntry of(JsonObject json) throws RefusedException {
    byte[] id = json.object("logId").base64("keyId");
    if (id.length == 0 || id.length > MAX_ID) {
      throw json.wrong("logId", id.length + " bytes", "1 to " + MAX_ID);
    }
    byte[] body = json.base64("canonicalizedBody");
    if (body.length == 0 || body.length > MAX_BODY) {
      throw json.wrong("canonicalizedBody", body.length + " bytes", "1 to " + MAX_BODY);
    }
    Optional<JsonObject> promise = json.optionalObject("inclusionPromise");
    Optional<JsonObject> inclusion = json.optionalObject("inclusionProof");
    return new LoggedEntry(
        HexFormat.of().formatHex(id),
        json.decimal("logIndex", 0, Long.MAX_VALUE),
        json.has("integratedTime") ? json.decimal("integratedTime", 0, MAX_TIME) : 0,
        promise.isPresent() ? SigstoreBundle.base64(promise.get(), "signedEntryTimestamp") : "",
        inclusion.isPresent() ? inclusion(inclusion.get()) : Optional.empty(),
        EntryBytes.of(body));
  }

  /// The proof; none if no checkpoint comes with it, as version 0.1 allows: it leads nowhere then.
  private static Optional<Inclusion> inclusion(JsonObject json) throws RefusedException {
    List<Hash> path = new ArrayList<>();
    for (String hash : json.texts("hashes", InclusionProof.MAX_HASHES)) {
      path.add(hash(json, "hashes", hash));
    }
    TreeHead head =
        new TreeHead(
            json.decimal("treeSize", 1, Long.MAX_VALUE),
            hash(json, "rootHash", json.text("rootHash")));
    long index = json.decimal("logIndex", 0, Long.MAX_VALUE);
    Optional<JsonObject> checkpoint = json.optionalObject("checkpoint");
    return checkpoint.isPresent()
        ? Optional.of(
            new Inclusion(index, head, new InclusionProof(path), checkpoint.get().text("envelope")))
        : Optional.empty();
  }

  private static Hash hash(JsonObject json, String key, String base64) throws RefusedException {
    try {
      return Hash.ofBase64(base64);
    } catch (IllegalArgumentException e) {
      throw json.wrong(key, base64, "32 bytes in standard base64");
    }
  }
}
