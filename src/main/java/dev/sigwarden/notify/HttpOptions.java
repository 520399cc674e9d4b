package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How a service is reached over HTTP: the keys that every receiver of that sort has.
///
/// @param allowInsecure whether `http` is allowed
/// @param allowPrivate whether loopback and private networks are allowed
/// @param proxy the proxy to go through; empty for none
/// @param cas the authorities to trust; empty for those of the JDK
/// @param timeout for one call and its answer
public record HttpOptions(
    boolean allowInsecure,
    boolean allowPrivate,
    Optional<URI> proxy,
    Optional<TrustedCas> cas,
    Duration timeout) {
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofMinutes(1);

  /// Characters of an address that is kept secret.
  private static final int MAX_URL = 2048;

  private static final List<String> SCHEMES = List.of("https", "http");

  /// Reads the keys `allow-insecure`, `allow-private`, `proxy`, `ca-file` and `timeout`.
  public static HttpOptions read(Section receiver) {
    return new HttpOptions(
        receiver.flag("allow-insecure", false, "allow http, which anybody on the way can read"),
        receiver.flag("allow-private", false, "allow loopback and private network addresses"),
        receiver.optionalUrl("proxy", List.of("http"), "a proxy to go through, without a password"),
        TrustedCas.read(receiver),
        receiver.duration(
            "timeout", DEFAULT_TIMEOUT, MIN_TIMEOUT, MAX_TIMEOUT, "for one call and its answer"));
  }

  /// Reads a required address.
  public URI url(Section receiver, String key, String meaning) {
    return checked(receiver, key, receiver.url(key, SCHEMES, meaning));
  }

  /// Reads an address that is `usual` if none is given.
  public URI url(Section receiver, String key, String usual, String meaning) {
    return receiver
        .optionalUrl(key, SCHEMES, meaning + "; " + usual + " if not given")
        .map(url -> checked(receiver, key, url))
        .orElseGet(() -> URI.create(usual));
  }

  /// What stands below an address, however many slashes that ends with.
  ///
  /// @param path begins with `/`
  public static URI below(URI base, String path) {
    return URI.create(base.toString().replaceFirst("/+\\z", "") + path);
  }

  private URI checked(Section receiver, String key, URI url) {
    if (url.getScheme().equals("http") && !allowInsecure) {
      receiver.problem(key, "http", "https (or allow-insecure: true)");
    }
    return url;
  }

  /// Reads an address whose path is a secret: `key-file` or `${ENV}`.
  public Credential secretUrl(Section receiver, String key, String meaning) {
    return Credential.required(
        receiver, key, meaning, text -> isUrl(text, allowInsecure), "an https URL");
  }

  /// The address that a secret holds.
  public URI url(Credential secret) throws UnusableException {
    return URI.create(secret.read());
  }

  private static boolean isUrl(String text, boolean allowInsecure) {
    if (text.length() > MAX_URL) {
      return false;
    }
    try {
      URI url = new URI(text);
      String scheme = String.valueOf(url.getScheme());
      return (scheme.equals("https") || (scheme.equals("http") && allowInsecure))
          && url.getHost() != null
          && url.getPort() <= 65_535
          && url.getRawUserInfo() == null
          && url.getRawFragment() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
