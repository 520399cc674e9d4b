package dev.sigwarden.notify;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// One request to a service. A class and not a record: a record would hand its bytes out to be
/// changed, and print its secrets.
public final class HttpCall {
  private final String method;
  private final URI url;
  private final byte[] body;
  private final Map<String, String> headers = new HashMap<>();
  private final Blot blot = new Blot();

  private HttpCall(String method, URI url, byte[] body) {
    this.method = method;
    this.url = url;
    this.body = body;
    headers.put("user-agent", "Sigwarden");
  }

  /// A `POST` of bytes.
  ///
  /// @param type the media type
  public static HttpCall post(URI url, String type, byte[] body) {
    return new HttpCall("POST", url, body.clone()).header("content-type", type);
  }

  /// A `POST` of JSON.
  public static HttpCall json(URI url, JsonNode body) {
    return json("POST", url, body);
  }

  /// Another method with a body of JSON.
  public static HttpCall json(String method, URI url, JsonNode body) {
    return new HttpCall(method, url, CloudEvent.bytes(body))
        .header("content-type", "application/json");
  }

  /// Sets a header.
  public HttpCall header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /// Sets several headers.
  public HttpCall headers(Map<String, String> more) {
    headers.putAll(more);
    return this;
  }

  /// Sends a secret in `Authorization`, as it is now.
  ///
  /// @param scheme what stands before it: `Bearer`
  /// @throws UnusableException if it cannot be read
  public HttpCall authorization(String scheme, Credential credential) throws UnusableException {
    String text = credential.read();
    return header("authorization", scheme + " " + text).secret(text);
  }

  /// Names a text that stands somewhere in the call and must not be shown, whatever the peer says.
  public HttpCall secret(String text) {
    blot.secret(text);
    return this;
  }

  /// Names the path and query of the call's address as secret, each part of them too.
  public HttpCall secretAddress() {
    String whole = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
    secret(whole);
    for (String part : whole.split("[/?&=]", -1)) {
      // Shorter parts are words such as `services`.
      if (part.length() > 8) {
        secret(part).secret(decoded(part));
      }
    }
    return this;
  }

  /// The address was parsed, so every `%` in it begins an escape.
  private static String decoded(String part) {
    return URLDecoder.decode(part, StandardCharsets.UTF_8);
  }

  /// What makes words of the peer safe to show.
  Blot blot() {
    return blot;
  }

  String method() {
    return method;
  }

  URI url() {
    return url;
  }

  Map<String, String> headers() {
    return Map.copyOf(headers);
  }

  byte[] body() {
    return body.clone();
  }

  /// Method, scheme, host and port.
  @Override
  public String toString() {
    return method + " " + PeerWords.address(url);
  }
}
