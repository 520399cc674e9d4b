package dev.sigwarden.practice;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Answers requests as a Rekor v1 server does, from a `PracticeRekor`: the reading half of its API.
/// Thread-safe.
public final class PracticeRekorApi {
  /// Entries that one request may ask for.
  private static final int MAX_ENTRIES = 10;

  private static final Pattern INDEXES = Pattern.compile("\\{\"logIndexes\":\\[([0-9,]+)\\]\\}");

  private final PracticeRekor rekor;

  /// The API of that instance.
  public PracticeRekorApi(PracticeRekor rekor) {
    this.rekor = rekor;
  }

  /// An answer.
  ///
  /// @param status the HTTP status
  /// @param contentType of the body
  /// @param body as text in UTF-8
  public record Reply(int status, String contentType, String body) {
    static Reply json(String body) {
      return new Reply(200, "application/json", body);
    }

    static Reply error(int status, String message) {
      return new Reply(
          status,
          "application/json",
          "{\"code\":%d,\"message\":\"%s\"}\n".formatted(status, message));
    }

    /// The body's bytes.
    public byte[] bytes() {
      return body.getBytes(StandardCharsets.UTF_8);
    }
  }

  /// The answer to a request.
  ///
  /// @param target path and query, `/api/v1/log/proof?firstSize=1&lastSize=2`
  /// @param body of the request; empty for `GET`
  public Reply answer(String method, String target, String body) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    Map<String, String> query = query(mark < 0 ? "" : target.substring(mark + 1));
    try {
      return switch (method + " " + path) {
        case "GET /api/v1/log" -> Reply.json(rekor.logInfo());
        case "GET /api/v1/log/proof" -> proof(query);
        case "GET /api/v1/log/publicKey" ->
            new Reply(200, "application/x-pem-file", rekor.publicKeyPem());
        case "GET /api/v1/log/entries" ->
            rekor
                .entry(Long.parseLong(query.getOrDefault("logIndex", "")))
                .map(entry -> Reply.json(entry + "\n"))
                .orElseGet(() -> Reply.error(404, "entry not found"));
        case "POST /api/v1/log/entries/retrieve" -> retrieve(body);
        default -> Reply.error(404, "path not found");
      };
    } catch (IllegalArgumentException e) {
      return Reply.error(400, String.valueOf(e.getMessage()));
    }
  }

  private Reply proof(Map<String, String> query) {
    return Reply.json(
        rekor.proof(
            query.getOrDefault("treeID", rekor.treeId(rekor.shards() - 1)),
            Long.parseLong(query.getOrDefault("firstSize", "1")),
            Long.parseLong(query.getOrDefault("lastSize", ""))));
  }

  /// Indexes that are not there are left out without a word.
  private Reply retrieve(String body) {
    Matcher matcher = INDEXES.matcher(body.strip());
    if (!matcher.matches()) {
      return Reply.error(422, "expected logIndexes");
    }
    List<String> asked = List.of(matcher.group(1).split(",", -1));
    if (asked.size() > MAX_ENTRIES) {
      return Reply.error(422, "more than max allowed 10 entries in request");
    }
    return Reply.json(
        asked.stream()
            .map(Long::parseLong)
            .map(rekor::entry)
            .flatMap(Optional::stream)
            .collect(Collectors.joining(",", "[", "]\n")));
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new TreeMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        query.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return query;
  }
}
