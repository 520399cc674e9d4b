package dev.sigwarden.tuf;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What signed metadata says of another file. TUF specification sections 4.4 to 4.6.
///
/// @param version its version; 0 for a target, which has none
/// @param length its length in bytes; -1 if not said
/// @param hashes lowercase hex by algorithm, `sha256` and `sha512` only, sorted; may be empty for
///   metadata
record FileFacts(long version, long length, Map<String, String> hashes) {
  private static final Map<String, String> ALGORITHMS =
      Map.of("sha256", "SHA-256", "sha512", "SHA-512");

  FileFacts {
    hashes = Collections.unmodifiableMap(new TreeMap<>(hashes));
  }

  /// Of metadata: a version, perhaps length and hashes.
  static FileFacts ofMetadata(JsonObject json) throws RefusedException {
    long length = json.has("length") ? json.number("length", 1, Envelope.MAX_VERSION) : -1;
    return new FileFacts(json.number("version", 1, Envelope.MAX_VERSION), length, hashes(json));
  }

  /// Of a target: length, and at least one hash that we know.
  static FileFacts ofTarget(JsonObject json) throws RefusedException {
    FileFacts facts =
        new FileFacts(0, json.number("length", 0, Envelope.MAX_VERSION), hashes(json));
    if (facts.hashes.isEmpty()) {
      throw json.wrong("hashes", "none that is known", "sha256 or sha512");
    }
    return facts;
  }

  private static Map<String, String> hashes(JsonObject json) throws RefusedException {
    Map<String, String> known = new TreeMap<>();
    Optional<JsonObject> hashes = json.optionalObject("hashes");
    if (hashes.isPresent()) {
      for (String algorithm : hashes.get().names()) {
        if (ALGORITHMS.containsKey(algorithm)) {
          known.put(algorithm, hashes.get().text(algorithm).toLowerCase(Locale.ROOT));
        }
      }
      if (known.isEmpty()) {
        throw json.wrong("hashes", "none that is known", "sha256 or sha512");
      }
    }
    return known;
  }

  /// The hash that stands in the file's name where names carry hashes.
  String nameHash() {
    return hashes.values().iterator().next();
  }

  /// Checks that a file is the one that is spoken of.
  void check(String name, byte[] bytes) throws RefusedException {
    if (length >= 0 && bytes.length != length) {
      throw new RefusedException(
          "%s: %d bytes (expected: %d)".formatted(name, bytes.length, length));
    }
    for (var hash : hashes.entrySet()) {
      String found = hash(hash.getKey(), bytes);
      if (!found.equals(hash.getValue())) {
        throw new RefusedException(
            "%s: %s %s (expected: %s)".formatted(name, hash.getKey(), found, hash.getValue()));
      }
    }
  }

  /// Whether a file is the one that is spoken of.
  boolean describes(byte[] bytes) {
    return (length < 0 || bytes.length == length)
        && hashes.entrySet().stream()
            .allMatch(hash -> hash(hash.getKey(), bytes).equals(hash.getValue()));
  }

  private static String hash(String algorithm, byte[] bytes) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance(ALGORITHMS.getOrDefault(algorithm, algorithm))
                  .digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(algorithm + ": missing (every JDK has it)", e);
    }
  }
}
