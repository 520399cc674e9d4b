package dev.sigwarden.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.access.ServedCertificate;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// A daemon's API, asked by a command. Whatever it refuses ends the command with its own words.
final class ApiClient {
  static final ObjectMapper JSON = new ObjectMapper();

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// Writing the largest submission takes a few seconds.
  private static final Duration ANSWER = Duration.ofMinutes(2);

  /// Bytes of one answer: evidence of a finding is a few megabytes.
  private static final long MAX_BYTES = 256L << 20;

  private static final int FIRST_ERROR = 400;
  private static final int FIRST_FAILURE = 500;

  private final String base;
  private final String token;
  private final Optional<ServedCertificate> served;

  /// Asks nothing yet.
  ///
  /// @param served what the daemon serves with, to believe nothing else; empty for the certificate
  ///   of a trusted authority for that host, or without TLS
  ApiClient(String base, String token, Optional<ServedCertificate> served) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
    this.token = token;
    this.served = served;
  }

  /// What a GET answers.
  JsonNode get(String path, Map<String, String> query) throws CommandFailure {
    return json(bytes(path, query));
  }

  /// What a GET answers, as it is.
  byte[] bytes(String path, Map<String, String> query) throws CommandFailure {
    String asked =
        query.entrySet().stream()
            .filter(one -> !one.getValue().isEmpty())
            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return send(request(path + (asked.isEmpty() ? "" : "?" + asked)).GET().build());
  }

  /// What a POST answers.
  JsonNode post(String path, ObjectNode body) throws CommandFailure {
    byte[] answer =
        send(
            request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .build());
    return answer.length == 0 ? JSON.createObjectNode() : json(answer);
  }

  /// A name of the configuration as part of a path: the slash behind a team stays one.
  static String path(String name) {
    return encoded(name).replace("%2F", "/");
  }

  /// A part of a path or query.
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) throws CommandFailure {
    try {
      return HttpRequest.newBuilder(URI.create(base + path))
          .timeout(ANSWER)
          .header("Authorization", "Bearer " + token);
    } catch (IllegalArgumentException _) {
      // Its message may repeat the token.
      throw new CommandFailure(
          Exit.USAGE, "neither a URL nor a token can be so (expected: http or https, and swt_…)");
    }
  }

  private byte[] send(HttpRequest request) throws CommandFailure {
    HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(CONNECT);
    served.map(ServedCertificate::client).ifPresent(builder::sslContext);
    try (HttpClient client = builder.build()) {
      HttpResponse<byte[]> answer =
          client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES));
      if (answer.statusCode() >= FIRST_ERROR) {
        throw refused(answer);
      }
      return answer.body();
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL,
          "%s does not answer: %s"
              .formatted(base, Sanitizer.clean(String.valueOf(e.getMessage()))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(Exit.OPERATIONAL, "interrupted");
    }
  }

  private static CommandFailure refused(HttpResponse<byte[]> answer) {
    String why = "";
    try {
      why = JSON.readTree(answer.body()).path("error").asText("");
    } catch (IOException _) {
      // Somebody else's words: a proxy's.
    }
    return new CommandFailure(
        answer.statusCode() >= FIRST_FAILURE ? Exit.OPERATIONAL : Exit.USAGE,
        "refused (%d): %s".formatted(answer.statusCode(), Sanitizer.clean(why)));
  }

  private static JsonNode json(byte[] answer) throws CommandFailure {
    try {
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the answer is no JSON: is this Sigwarden?");
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the answer cannot be read");
    }
  }
}
