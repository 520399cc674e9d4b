package dev.sigwarden.log.ct;

import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.text.Sanitizer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The requests of RFC 6962 section 4 that are made, and their answers read. Thread-safe.
final class CtApi {
  /// The longest answer with a proof alone, in bytes: 64 hashes in base64 and their frame.
  private static final int MAX_PROOF_BYTES = 16 * 1024;

  private static final String JSON = "application/json";

  private final PoliteHttp http;
  private final URI base;

  /// @param base the log's prefix; ends in a slash
  CtApi(PoliteHttp http, URI base) {
    this.http = http;
    this.base = base;
  }

  /// The newest tree head. Section 4.3.
  SignedTreeHead treeHead() throws LogUnavailableException, BadAnswerException {
    String path = "ct/v1/get-sth";
    return SignedTreeHead.parse(address(path), get(path, SignedTreeHead.MAX_BYTES));
  }

  /// The hashes that prove the tree of `first` leaves a prefix of that of `second`. Section 4.4.
  ConsistencyProof consistency(long first, long second)
      throws LogUnavailableException, BadAnswerException {
    String path = "ct/v1/get-sth-consistency?first=%d&second=%d".formatted(first, second);
    return consistency(address(path), get(path, MAX_PROOF_BYTES));
  }

  static ConsistencyProof consistency(String resource, byte[] bytes) throws BadAnswerException {
    Optional<List<Hash>> hashes = Optional.empty();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("consistency")) {
          hashes = Optional.of(json.hashesInBase64(ConsistencyProof.MAX_HASHES));
        } else {
          json.skip();
        }
      }
      json.end();
    }
    return new ConsistencyProof(
        hashes.orElseThrow(
            () -> new BadAnswerException(resource, "no proof (expected: consistency)")));
  }

  /// A leaf's path to the root of a tree, and whatever was answered beside it.
  ///
  /// @param index the leaf's index as answered; -1 if the answer does not say
  /// @param entry the entry that was answered along, if one was
  record Proven(long index, Optional<SentEntry> entry, InclusionProof proof) {}

  /// The leaf at `index` and its path in the tree of `size` leaves. Section 4.8.
  Proven entryAndProof(long index, long size, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    String path = "ct/v1/get-entry-and-proof?leaf_index=%d&tree_size=%d".formatted(index, size);
    return proven(address(path), get(path, maxBytes));
  }

  /// The path of the leaf with that hash in the tree of `size` leaves. Section 4.5.
  Proven proofByHash(Hash leaf, long size) throws LogUnavailableException, BadAnswerException {
    String path =
        "ct/v1/get-proof-by-hash?hash=%s&tree_size=%d"
            .formatted(URLEncoder.encode(leaf.toBase64(), StandardCharsets.US_ASCII), size);
    return proven(address(path), get(path, MAX_PROOF_BYTES));
  }

  static Proven proven(String resource, byte[] bytes) throws BadAnswerException {
    long index = -1;
    SentEntry.Members entry = new SentEntry.Members();
    Optional<List<Hash>> path = Optional.empty();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "leaf_index" -> index = json.number();
          case "audit_path" -> path = Optional.of(json.hashesInBase64(InclusionProof.MAX_HASHES));
          default -> entry.take(name, json);
        }
      }
      json.end();
    }
    if (path.isEmpty()) {
      throw new BadAnswerException(resource, "no proof (expected: audit_path)");
    }
    return new Proven(index, entry.entry(), new InclusionProof(path.get()));
  }

  /// The leaves from index `from` on, each as a MerkleTreeLeaf: at least one, at most up to index
  /// `to` (exclusive), since logs answer with fewer than asked. Section 4.6.
  ///
  /// @param maxBytes of the answer
  List<byte[]> entries(long from, long to, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    String path = entriesPath(from, to);
    List<byte[]> leaves = entries(address(path), get(path, maxBytes), to - from);
    if (leaves.isEmpty()) {
      throw new LogUnavailableException(
          "%s: no entry (expected: at least one, as its signed head covers them)"
              .formatted(address(path)));
    }
    return leaves;
  }

  /// Read with a cursor over the bytes: a page is nearly all base64 of chains, which is passed
  /// over.
  static List<byte[]> entries(String resource, byte[] bytes, long most) throws BadAnswerException {
    Optional<List<byte[]>> leaves = Optional.empty();
    try (JsonCursor json = JsonCursor.open(bytes, 0, bytes.length)) {
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("entries")) {
          leaves = Optional.of(leaves(resource, json, most));
        } else {
          json.skip();
        }
      }
      json.end();
    } catch (MalformedJsonException e) {
      throw new BadAnswerException(
          resource,
          "%s (expected: a page of entries)"
              .formatted(Sanitizer.clean(String.valueOf(e.getMessage()), 200)));
    }
    return leaves.orElseThrow(
        () -> new BadAnswerException(resource, "no entries (expected: entries)"));
  }

  private static List<byte[]> leaves(String resource, JsonCursor json, long most)
      throws MalformedJsonException, BadAnswerException {
    List<byte[]> leaves = new ArrayList<>();
    json.enterArray();
    while (json.nextElement()) {
      if (leaves.size() == most) {
        throw new BadAnswerException(
            resource, "more than %d entries (expected: as many as asked for)".formatted(most));
      }
      byte @Nullable [] leaf = null;
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("leaf_input")) {
          leaf = json.base64();
        } else {
          json.skip();
        }
      }
      if (leaf == null) {
        throw new BadAnswerException(resource, "an entry (expected: with leaf_input)");
      }
      leaves.add(leaf);
    }
    return leaves;
  }

  /// The entry at `index`. Section 4.6.
  ///
  /// @param maxBytes of the answer
  SentEntry entry(long index, int maxBytes) throws LogUnavailableException, BadAnswerException {
    String path = entriesPath(index, index + 1);
    return entry(address(path), get(path, maxBytes));
  }

  static SentEntry entry(String resource, byte[] bytes) throws BadAnswerException {
    Optional<SentEntry> entry = Optional.empty();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (!name.equals("entries")) {
          json.skip();
          continue;
        }
        json.enterArray();
        while (json.nextElement()) {
          if (entry.isPresent()) {
            throw new BadAnswerException(resource, "more than one entry (expected: one)");
          }
          SentEntry.Members members = new SentEntry.Members();
          json.enterObject();
          for (String part = json.nextName(); part != null; part = json.nextName()) {
            members.take(part, json);
          }
          entry = members.entry();
        }
      }
      json.end();
    }
    return entry.orElseThrow(
        () -> new BadAnswerException(resource, "no entry (expected: one, with leaf_input)"));
  }

  /// The address of the leaf at `index`.
  String entryAddress(long index) {
    return address(entriesPath(index, index + 1));
  }

  private static String entriesPath(long from, long to) {
    return "ct/v1/get-entries?start=%d&end=%d".formatted(from, to - 1);
  }

  private String address(String path) {
    return base.resolve(path).toString();
  }

  private byte[] get(String path, int maxBytes) throws LogUnavailableException, BadAnswerException {
    Limits plain = Limits.of(maxBytes);
    Limits limits = new Limits(plain.maxBodyBytes(), plain.maxInflatedBytes(), JSON);
    Answer answer = http.get(base.toString(), base.resolve(path), limits);
    if (!answer.found()) {
      throw new LogUnavailableException(
          address(path) + ": nothing there (expected: the API of a log of RFC 6962)");
    }
    return answer.body();
  }
}
