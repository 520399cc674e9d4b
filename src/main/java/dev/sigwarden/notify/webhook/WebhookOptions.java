package dev.sigwarden.notify.webhook;

import dev.sigwarden.notify.Credential;
import dev.sigwarden.notify.PayloadFormat;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A webhook as configured.
///
/// @param url where to post
/// @param body what the body of a post is
/// @param format what the alert in it is
/// @param keys the keys to sign with, the new one first
/// @param token sent as `Authorization: Bearer`
/// @param headers more headers
record WebhookOptions(
    URI url,
    WebhookChannel.Body body,
    PayloadFormat format,
    List<Credential> keys,
    Optional<Credential> token,
    Map<String, String> headers) {
  WebhookOptions {
    keys = List.copyOf(keys);
    headers = Map.copyOf(headers);
  }
}
