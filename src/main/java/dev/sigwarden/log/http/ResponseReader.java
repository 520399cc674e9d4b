package dev.sigwarden.log.http;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.text.RetryAfter;
import dev.sigwarden.text.Sanitizer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a response comes to: an answer, an error, or something that is worth another attempt.
///
/// @param clock gives dates in `Retry-After` their meaning
record ResponseReader(Clock clock) {
  /// The longest entity tag that is sent back, in characters; real ones have some 40.
  private static final int MAX_TAG_CHARS = 200;

  /// Characters of an error's body that a message quotes.
  static final int MAX_QUOTE_CHARS = 200;

  /// The answer that a status is by itself.
  Answer answer(Wire.Response response, HostGate gate) {
    if (response.status() == 429 || response.status() == 503) {
      leaveAlone(response, gate);
    }
    return new Answer(
        response.status(),
        response.header("Content-Type"),
        response.header("ETag").filter(ResponseReader::isEntityTag),
        response.header("Location"),
        response.body());
  }

  private void leaveAlone(Wire.Response response, HostGate gate) {
    response
        .header("Retry-After")
        .flatMap(value -> RetryAfter.parse(value, clock.instant()))
        .ifPresent(gate::shutFor);
  }

  /// The answer that a response is; empty if it is worth another attempt.
  Optional<Answer> read(
      Wire.Request request, Wire.Response response, HostGate gate, Limits limits, String resource)
      throws LogUnavailableException, BadAnswerException {
    int status = response.status();
    Optional<String> contentType = response.header("Content-Type");
    Optional<String> tag = response.header("ETag").filter(ResponseReader::isEntityTag);
    switch (status) {
      case PoliteHttp.OK -> {
        byte[] body = undoCoding(response, limits, resource);
        return Optional.of(new Answer(status, contentType, tag, body));
      }
      case 404, 410 -> {
        return Optional.of(new Answer(status, contentType, tag, new byte[0]));
      }
      case 429, 503 -> leaveAlone(response, gate);
      default -> {
        if (status == PoliteHttp.NOT_MODIFIED && request.known().isPresent()) {
          return Optional.of(new Answer(status, contentType, request.known(), new byte[0]));
        }
        if (status >= 300 && status < 400) {
          throw new LogUnavailableException(
              "%s: status %d: redirects are not followed; it points to %s"
                  .formatted(resource, status, redirectHost(request.uri(), response)));
        }
        if (status < 500 && status != 408 && status != 425) {
          throw new LogUnavailableException(resource + ": " + statusAndQuote(response));
        }
      }
    }
    return Optional.empty();
  }

  /// RFC 9110 section 8.8.3, in ASCII: anything else is not sent back.
  private static boolean isEntityTag(String value) {
    return value.length() <= MAX_TAG_CHARS
        && (value.startsWith("\"") || value.startsWith("W/\""))
        && value.length() > value.indexOf('"') + 1
        && value.indexOf('"', value.indexOf('"') + 1) == value.length() - 1
        && value.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private static byte[] undoCoding(Wire.Response response, Limits limits, String resource)
      throws BadAnswerException {
    byte[] body = response.body();
    String coding = response.joined("Content-Encoding").strip().toLowerCase(Locale.ROOT);
    switch (coding) {
      case "", "identity" -> {
        if (body.length > limits.maxInflatedBytes()) {
          throw new BadAnswerException(
              resource,
              "%d bytes (expected: <= %d)".formatted(body.length, limits.maxInflatedBytes()));
        }
        return body;
      }
      case "gzip", "x-gzip" -> {
        try {
          return Gzip.inflate(body, limits.maxInflatedBytes());
        } catch (IOException e) {
          throw new BadAnswerException(resource, "gzip body: " + describe(e));
        }
      }
      default ->
          throw new BadAnswerException(
              resource,
              "content coding: " + Sanitizer.clean(coding, 40) + " (expected: gzip or none)");
    }
  }

  private static String redirectHost(URI from, Wire.Response response) {
    String location = response.header("Location").orElse("");
    try {
      @Nullable String host = from.resolve(location).getHost();
      return host == null ? "no host" : Sanitizer.clean(host, MAX_QUOTE_CHARS);
    } catch (IllegalArgumentException _) {
      return "no valid URL";
    }
  }

  static String statusAndQuote(Wire.Response response) {
    String quote =
        Sanitizer.clean(
            new String(response.body(), StandardCharsets.US_ASCII).strip(), MAX_QUOTE_CHARS);
    return "status " + response.status() + (quote.isEmpty() ? "" : ": " + quote);
  }

  /// The exception in words, its kind first where its message does not stand alone.
  static String describe(IOException e) {
    if (e instanceof UnknownHostException) {
      return "no such host";
    }
    if (e instanceof ConnectException) {
      return "cannot connect: refused, or no way there";
    }
    return e.getClass().getSimpleName() + ": " + message(e);
  }

  static String message(IOException e) {
    @Nullable String message = e.getMessage();
    return message == null ? "no further detail" : Sanitizer.clean(message, MAX_QUOTE_CHARS);
  }
}
