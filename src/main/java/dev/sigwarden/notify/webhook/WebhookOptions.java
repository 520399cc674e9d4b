package dev.sigwarden.notify.webhook;

import dev.sigwarden.notify.TrustedCas;
import dev.sigwarden.settings.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A webhook as configured.
///
/// @param url where to post
/// @param allowPrivate whether loopback and private networks are allowed
/// @param body what the body of a post is
/// @param secret the key to sign with
/// @param previousSecret a second key to sign with
/// @param token sent as `Authorization: Bearer`
/// @param headers more headers
/// @param timeout for one post and its answer
/// @param cas the authorities to trust; empty for those of the JDK
record WebhookOptions(
    URI url,
    boolean allowPrivate,
    WebhookChannel.Body body,
    Optional<Secret> secret,
    Optional<Secret> previousSecret,
    Optional<Secret> token,
    Map<String, String> headers,
    Duration timeout,
    Optional<TrustedCas> cas) {
  WebhookOptions {
    headers = Map.copyOf(headers);
  }
}
