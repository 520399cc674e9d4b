package dev.sigwarden.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.HttpAnswer;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.notify.UnusableException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// An OAuth 2 access token by the client credentials grant, RFC 6749 section 4.4: asked for when it
/// is needed and kept until shortly before it ends. Used by one thread at a time.
final class AccessToken implements AutoCloseable {
  /// How long before its end a token is not used any more: a mail takes a while.
  private static final Duration MARGIN = Duration.ofSeconds(90);

  /// Characters of a token; those of Microsoft have some thousands.
  private static final int MAX_TOKEN = 16_000;

  /// How a token is asked for.
  ///
  /// @param url the token endpoint
  /// @param clientId whom the token is for
  /// @param secret the client's
  /// @param scope what the token is for; empty for the endpoint's own choice
  /// @param http how the endpoint is reached
  record Options(URI url, String clientId, Credential secret, String scope, HttpOptions http) {}

  private final Options options;
  private final Clock clock;
  private final HttpPeer peer;
  private String token = "";
  private Instant end = Instant.MIN;

  AccessToken(Options options, Clock clock) {
    this.options = options;
    this.clock = clock;
    this.peer = new HttpPeer(options.http(), clock);
  }

  /// A token that is good for some time.
  ///
  /// @throws UnusableException if the endpoint refuses the client
  /// @throws IOException if it cannot be asked, or answers no token
  synchronized String get() throws IOException, InterruptedException {
    if (token.isEmpty() || !clock.instant().isBefore(end)) {
      ask();
    }
    return token;
  }

  /// Whether a token from before is kept, whether it is still good or not.
  synchronized boolean isKept() {
    return !token.isEmpty();
  }

  /// Has the next use ask anew.
  synchronized void forget() {
    token = "";
  }

  private void ask() throws IOException, InterruptedException {
    String secret = options.secret().read();
    String form =
        "grant_type=client_credentials&client_id=%s&client_secret=%s%s"
            .formatted(
                encoded(options.clientId()),
                encoded(secret),
                options.scope().isEmpty() ? "" : "&scope=" + encoded(options.scope()));
    HttpAnswer answer =
        peer.exchange(
            HttpCall.post(
                    options.url(),
                    "application/x-www-form-urlencoded",
                    form.getBytes(StandardCharsets.US_ASCII))
                .header("accept", "application/json")
                .secret(secret)
                .secret(encoded(secret)));
    if (answer.status() >= 400 && answer.status() < 500 && answer.status() != 429) {
      throw new UnusableException(answer.reason());
    }
    JsonNode said = answer.json();
    String found = said.path("access_token").asText("");
    if (!answer.isGood() || found.length() > MAX_TOKEN || !Credential.isToken(found)) {
      // The words may hold a token, of whatever form.
      throw new IOException(
          "%s answered %d (expected: an access_token)"
              .formatted(answer.address(), answer.status()));
    }
    token = found;
    end = clock.instant().plusSeconds(said.path("expires_in").asLong(0)).minus(MARGIN);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    peer.close();
  }
}
