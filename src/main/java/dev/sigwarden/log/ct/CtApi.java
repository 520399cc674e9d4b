package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chain;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
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

  /// A leaf's path to the root of a tree, and whatever was answered beside it. A class and not a
  /// record for its array.
  static final class Proven {
    private final long index;
    private final byte @Nullable [] leaf;
    private final InclusionProof proof;

    private Proven(long index, byte @Nullable [] leaf, InclusionProof proof) {
      this.index = index;
      this.leaf = leaf;
      this.proof = proof;
    }

    /// The leaf's index as answered; -1 if the answer does not say.
    long index() {
      return index;
    }

    /// The hash of the leaf that was answered along; empty if none was.
    Optional<Hash> leafHash() {
      return leaf == null ? Optional.empty() : Optional.of(Hash.ofLeaf(leaf));
    }

    InclusionProof proof() {
      return proof;
    }
  }

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
    byte @Nullable [] leaf = null;
    Optional<List<Hash>> path = Optional.empty();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        switch (name) {
          case "leaf_index" -> index = json.number();
          case "leaf_input" -> leaf = json.bytes();
          case "audit_path" -> path = Optional.of(json.hashesInBase64(InclusionProof.MAX_HASHES));
          default -> json.skip();
        }
      }
      json.end();
    }
    if (path.isEmpty()) {
      throw new BadAnswerException(resource, "no proof (expected: audit_path)");
    }
    return new Proven(index, leaf, new InclusionProof(path.get()));
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

  static List<byte[]> entries(String resource, byte[] bytes, long most) throws BadAnswerException {
    List<byte[]> leaves = new ArrayList<>();
    boolean found = false;
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (!name.equals("entries")) {
          json.skip();
          continue;
        }
        found = true;
        json.enterArray();
        while (json.nextElement()) {
          if (leaves.size() == most) {
            throw new BadAnswerException(
                resource, "more than %d entries (expected: as many as asked for)".formatted(most));
          }
          leaves.add(leaf(resource, json));
        }
      }
      json.end();
    }
    if (!found) {
      throw new BadAnswerException(resource, "no entries (expected: entries)");
    }
    return leaves;
  }

  /// The chain of the entry at `index`, whose leaf hash is `leaf`. Section 4.6.
  ///
  /// @param maxBytes of the answer
  Chain chain(long index, Hash leaf, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    String path = entriesPath(index, index + 1);
    return chain(address(path), get(path, maxBytes), leaf);
  }

  static Chain chain(String resource, byte[] bytes, Hash leaf) throws BadAnswerException {
    byte @Nullable [] input = null;
    byte @Nullable [] extra = null;
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (!name.equals("entries")) {
          json.skip();
          continue;
        }
        json.enterArray();
        while (json.nextElement()) {
          json.enterObject();
          for (String part = json.nextName(); part != null; part = json.nextName()) {
            switch (part) {
              case "leaf_input" -> input = json.bytes();
              case "extra_data" -> extra = json.bytes();
              default -> json.skip();
            }
          }
        }
      }
      json.end();
    }
    if (input == null || extra == null || !Hash.ofLeaf(input).equals(leaf)) {
      throw new BadAnswerException(
          resource, "another entry or none (expected: the one asked for, with extra_data)");
    }
    try {
      return SubmittedEntry.ofExtraData(input, extra);
    } catch (MalformedLeafException e) {
      throw new BadAnswerException(resource, "extra_data: " + e.getMessage());
    }
  }

  private static byte[] leaf(String resource, AnswerReader json) throws BadAnswerException {
    byte @Nullable [] leaf = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("leaf_input")) {
        leaf = json.bytes();
      } else {
        json.skip();
      }
    }
    if (leaf == null) {
      throw new BadAnswerException(resource, "an entry (expected: with leaf_input)");
    }
    return leaf;
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
