package dev.sigwarden.log.http;

import dev.sigwarden.text.Sanitizer;
import java.net.URI;

/// Addresses made fit for our own messages.
final class Printable {
  /// Characters of an address or path shown at most.
  private static final int MAX_ADDRESS_CHARS = 300;

  private Printable() {}

  /// The address for messages: scheme, host, port and path. A query may carry a secret, so only its
  /// presence shows.
  static String address(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?...";
    return Sanitizer.clean(
        uri.getScheme() + "://" + uri.getHost() + port + path + query, MAX_ADDRESS_CHARS);
  }
}
