package dev.sigwarden.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a service answered.
///
/// @param address whom it was asked of: scheme, host and port
/// @param status the HTTP status
/// @param retryAfter the pause that it asked for; empty if it did not say
/// @param headers the first value of each header, by name in lowercase
/// @param body the beginning of the body, at most 64 KiB; not safe to show
/// @param words the beginning of the body, sanitised and without the call's secrets
public record HttpAnswer(
    String address,
    int status,
    Optional<Duration> retryAfter,
    Map<String, String> headers,
    String body,
    String words) {
  /// Levels of nesting of an answer in JSON; those of services have five.
  private static final int MAX_DEPTH = 50;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .build();

  public HttpAnswer {
    headers = Map.copyOf(headers);
  }

  /// Whether the status is 2xx.
  public boolean isGood() {
    return status >= 200 && status < 300;
  }

  /// The outcome by the status: 2xx has it, 408, 425, 429 and 5xx try again, 3xx, 401, 403, 404,
  /// 405, 407 and 410 speak of the address and not of this message, other 4xx refuse the message.
  public Delivery judge() {
    if (isGood()) {
      return new Delivery.Delivered(Integer.toString(status));
    }
    if (status >= 500 || status == 408 || status == 425 || status == 429) {
      return tryAgain();
    }
    return switch (status) {
      case 401, 403, 404, 405, 407, 410 -> unauthorized();
      default ->
          status >= 400
              ? refused()
              : new Delivery.Unauthorized(
                  reason() + " (expected: 2xx; redirects are not followed)");
    };
  }

  /// The outcome: worth another attempt, after the pause that the answer asks for.
  public Delivery tryAgain() {
    return new Delivery.TryAgain(reason(), retryAfter);
  }

  /// The outcome: a person has to change something.
  public Delivery unauthorized() {
    return new Delivery.Unauthorized(reason());
  }

  /// The outcome: this message is not wanted.
  public Delivery refused() {
    return new Delivery.Refused(reason());
  }

  /// The same with the status that the answer gives for a part of it.
  public HttpAnswer withStatus(int other) {
    return new HttpAnswer(address, other, retryAfter, headers, body, words);
  }

  /// Whom, which status, and what it said.
  public String reason() {
    return "%s answered %d%s".formatted(address, status, words.isEmpty() ? "" : ": " + words);
  }

  /// The body as JSON; missing if it is none.
  public JsonNode json() {
    try {
      @Nullable JsonNode tree = MAPPER.readTree(body);
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
