package dev.sigwarden.log.rekor;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Answer;
import dev.sigwarden.log.http.AnswerReader;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The requests of the API that are made, and their answers read. Thread-safe.
final class RekorApi {
  /// The longest answer with a consistency proof, in bytes: 64 hashes in hex and their frame.
  private static final int MAX_PROOF_BYTES = 16 * 1024;

  private static final String JSON = "application/json";

  private final PoliteHttp http;
  private final URI base;
  private final String line;

  /// @param base ends in a slash
  RekorApi(PoliteHttp http, URI base) {
    this(http, base, base.toString());
  }

  private RekorApi(PoliteHttp http, URI base, String line) {
    this.http = http;
    this.base = base;
    this.line = line;
  }

  /// The same for one shard, whose requests wait in a line of their own: one of which much is read
  /// delays no other.
  RekorApi ofShard(String treeId) {
    return new RekorApi(http, base, base + " " + treeId);
  }

  /// The shards. `GET /api/v1/log`.
  LogInfo logInfo() throws LogUnavailableException, BadAnswerException {
    URI uri = address("api/v1/log");
    return LogInfo.parse(uri.toString(), get(uri, LogInfo.MAX_BYTES));
  }

  /// The hashes that prove the tree of `first` leaves a prefix of that of `last`, both sizes of the
  /// one shard. `GET /api/v1/log/proof`. The root in the answer is that of the newest tree,
  /// whatever was asked, so it is not read.
  ConsistencyProof proof(long first, long last, String treeId)
      throws LogUnavailableException, BadAnswerException {
    URI uri =
        address(
            "api/v1/log/proof?firstSize=%d&lastSize=%d&treeID=%s".formatted(first, last, treeId));
    return new ConsistencyProof(proofHashes(uri.toString(), get(uri, MAX_PROOF_BYTES)));
  }

  static List<Hash> proofHashes(String resource, byte[] bytes) throws BadAnswerException {
    Optional<List<Hash>> hashes = Optional.empty();
    try (AnswerReader json = AnswerReader.open(resource, bytes)) {
      json.enterObject();
      for (String name = json.nextName(); name != null; name = json.nextName()) {
        if (name.equals("hashes")) {
          hashes = Optional.of(json.hashes(ConsistencyProof.MAX_HASHES));
        } else {
          json.skip();
        }
      }
      json.end();
    }
    return hashes.orElseThrow(
        () -> new BadAnswerException(resource, "a consistency proof (expected: with hashes)"));
  }

  /// The entries at these indexes over all shards, without those that the log does not have; in the
  /// log's order. `POST /api/v1/log/entries/retrieve`.
  ///
  /// @param to at most `RekorEntry.MAX_AT_ONCE` above `from`
  /// @param maxBytes of the answer
  List<RekorEntry> retrieve(long from, long to, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    URI uri = address("api/v1/log/entries/retrieve");
    String query =
        LongStream.range(from, to)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(",", "{\"logIndexes\":[", "]}"));
    Answer answer =
        http.post(line, uri, JSON, query.getBytes(StandardCharsets.US_ASCII), limits(maxBytes));
    if (!answer.found()) {
      throw missing(uri);
    }
    return RekorEntry.parseAll("%s [%d, %d)".formatted(uri, from, to), answer.body());
  }

  /// The entry at this index over all shards, with an inclusion proof; empty if the log says that
  /// it has none. `GET /api/v1/log/entries`.
  Optional<RekorEntry> entry(long globalIndex, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    URI uri = entryAddress(globalIndex);
    Answer answer = http.get(line, uri, limits(maxBytes));
    return answer.found()
        ? Optional.of(RekorEntry.parse(uri.toString(), answer.body()))
        : Optional.empty();
  }

  URI entryAddress(long globalIndex) {
    return address("api/v1/log/entries?logIndex=" + globalIndex);
  }

  URI address(String path) {
    return base.resolve(path);
  }

  private byte[] get(URI uri, int maxBytes) throws LogUnavailableException, BadAnswerException {
    Answer answer = http.get(line, uri, limits(maxBytes));
    if (!answer.found()) {
      throw missing(uri);
    }
    return answer.body();
  }

  private static LogUnavailableException missing(URI uri) {
    return new LogUnavailableException(
        uri + ": nothing there (expected: the API of a Rekor v1 instance)");
  }

  private static Limits limits(int maxBytes) {
    Limits plain = Limits.of(maxBytes);
    return new Limits(plain.maxBodyBytes(), plain.maxInflatedBytes(), JSON);
  }
}
