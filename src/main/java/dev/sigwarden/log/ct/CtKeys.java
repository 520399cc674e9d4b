package dev.sigwarden.log.ct;

import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureType;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The keys that the sections of both protocols have.
final class CtKeys {
  /// What nearly all logs promise.
  static final Duration USUAL_MMD = Duration.ofHours(24);

  private CtKeys() {}

  /// The log's key, named after its origin.
  ///
  /// @param fallback what the origin is unless the section says it
  static VerifierKey key(Section log, String fallback) {
    String encoded =
        log.text(
            "public-key",
            "the log's public key: a SubjectPublicKeyInfo in base64, as in log lists");
    String origin =
        log.text(
            "origin",
            fallback,
            "the log's submission prefix without scheme and slash at its end; by default that of"
                + " `url`");
    try {
      return of(origin, encoded);
    } catch (MalformedNoteException e) {
      log.problem(
          "public-key",
          e.getMessage(),
          "an ECDSA or RSA key in base64, and an origin without space");
      // Never used: a problem was noted.
      return NoteSigner.generate("none").verifierKey();
    }
  }

  /// The log's maximum merge delay.
  static Duration mmd(Section log) {
    return log.duration(
        "mmd",
        USUAL_MMD,
        Duration.ofSeconds(1),
        Duration.ofDays(365),
        "the log's maximum merge delay: how old the time in its newest tree head may be");
  }

  /// The key of a log.
  ///
  /// @param encoded its SubjectPublicKeyInfo in base64
  static VerifierKey of(String origin, String encoded) throws MalformedNoteException {
    byte[] spki;
    try {
      spki = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw new MalformedNoteException("a key that is not base64");
    }
    return VerifierKey.of(origin, SignatureType.RFC6962_TREE_HEAD, spki);
  }

  /// The origin of a log at that address. c2sp.org/static-ct-api#checkpoints.
  static String origin(URI base) {
    String text = base.getRawSchemeSpecificPart().replaceFirst("^//", "");
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  /// The further addresses of `mirrors`, each ending in a slash.
  static List<URI> mirrors(Section log) {
    List<URI> mirrors = new ArrayList<>();
    for (String text :
        log.optionalTexts(
            "mirrors",
            "further addresses of the same log, which are compared with each other: URLs")) {
      prefix(log, "mirrors", text).ifPresent(mirrors::add);
    }
    return mirrors;
  }

  /// A prefix on a server, ending in a slash; empty, with a problem noted, if it is none.
  static Optional<URI> prefix(Section log, String key, String text) {
    try {
      URI uri = new URI(text.endsWith("/") ? text : text + "/");
      if (uri.getRawQuery() == null
          && uri.getRawFragment() == null
          && PoliteHttp.objection(uri).isEmpty()) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException _) {
      // Told below, like other texts that are no prefix.
    }
    log.problem(key, text, "an http or https URL without query, fragment and password");
    return Optional.empty();
  }
}
