package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.text.Sanitizer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Digests as Rekor entries hold them.
public final class Digests {
  /// The longest name of an algorithm shown in code points.
  private static final int MAX_SHOWN = 40;

  private Digests() {}

  /// The next value as a digest of Rekor v1: `{"algorithm": "sha256", "value": hex}`.
  public static ArtifactDigest hex(JsonCursor json, ArtifactDigest.Role role)
      throws MalformedJsonException {
    String algorithm = null;
    byte[] value = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "algorithm" -> algorithm = json.text();
        case "value" -> value = fromHex(json.text());
        default -> json.skip();
      }
    }
    return digest(algorithm, value, role);
  }

  /// The next value as a digest of Rekor v2: `{"algorithm": "SHA2_256", "digest": base64}`.
  public static ArtifactDigest base64(JsonCursor json, ArtifactDigest.Role role)
      throws MalformedJsonException {
    String algorithm = null;
    byte[] value = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "algorithm" -> algorithm = json.text();
        case "digest" -> value = json.base64();
        default -> json.skip();
      }
    }
    return digest(algorithm, value, role);
  }

  private static byte[] fromHex(String hex) throws MalformedJsonException {
    try {
      return HexFormat.of().parseHex(hex);
    } catch (IllegalArgumentException _) {
      throw new MalformedJsonException(
          "digest value of %d characters is not hex".formatted(hex.length()));
    }
  }

  private static ArtifactDigest digest(
      @Nullable String name, byte @Nullable [] value, ArtifactDigest.Role role)
      throws MalformedJsonException {
    if (name == null || value == null) {
      throw new MalformedJsonException("a digest without algorithm or value");
    }
    Digest.Algorithm algorithm =
        switch (name) {
          case "sha256", "SHA2_256" -> Digest.Algorithm.SHA256;
          case "sha384", "SHA2_384" -> Digest.Algorithm.SHA384;
          case "sha512", "SHA2_512" -> Digest.Algorithm.SHA512;
          default ->
              throw new MalformedJsonException(
                  "digest algorithm %s (expected: SHA-256, SHA-384 or SHA-512)"
                      .formatted(Sanitizer.clean(name, MAX_SHOWN)));
        };
    if (value.length != algorithm.length()) {
      throw new MalformedJsonException(
          "%s digest of %d bytes (expected: %d)"
              .formatted(algorithm.label(), value.length, algorithm.length()));
    }
    return new ArtifactDigest(Digest.of(algorithm, value), role);
  }
}
