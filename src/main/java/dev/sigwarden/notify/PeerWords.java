package dev.sigwarden.notify;

import dev.sigwarden.text.Sanitizer;
import java.net.URI;

/// What a receiver or the network said, made fit for a reason that people read: sanitised, short,
/// and without addresses that may hold secrets.
public final class PeerWords {
  /// Code points of one reason: what fits a line of a status page.
  public static final int MAX = 200;

  private PeerWords() {}

  /// The words in safe form, at most `MAX` code points of them.
  public static String clean(String words) {
    return Sanitizer.clean(words.strip(), MAX);
  }

  /// An error in a few words: its kind and message.
  public static String of(Throwable error) {
    return clean(raw(error));
  }

  /// The same before it is made safe.
  static String raw(Throwable error) {
    String message = error.getMessage();
    String kind = error.getClass().getSimpleName();
    return message == null || message.isBlank() ? kind : kind + ": " + message;
  }

  /// An address without user info, path and query, which may be secret.
  public static String address(URI url) {
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    return clean(url.getScheme() + "://" + url.getHost() + port);
  }
}
