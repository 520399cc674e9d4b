package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.Certificates;
import dev.sigwarden.entry.x509.MalformedSignerException;
import dev.sigwarden.entry.x509.Pem;
import dev.sigwarden.entry.x509.PublicKeys;
import dev.sigwarden.text.Sanitizer;
import java.util.Objects;

/// Verifiers as Rekor entries hold them: the certificate or key that a signature was checked with.
public final class Verifiers {
  /// The longest `keyDetails` kept in code points; the longest defined one has 35.
  private static final int MAX_KEY_DETAILS = 100;

  private Verifiers() {}

  /// The next value as a verifier of Rekor v1: base64 of PEM.
  public static Signer pem(JsonCursor json)
      throws MalformedJsonException, MalformedSignerException {
    return Pem.signer(json.base64());
  }

  /// The next value as a signature of Rekor v2: `{"content": …, "verifier": {"keyDetails": …,
  /// "x509Certificate": {"rawBytes": base64 of DER}}}` or with `publicKey` in place of
  /// `x509Certificate`. Adds the verifier; the signature's bytes are passed over.
  public static void signature(JsonCursor json, SigningParts parts)
      throws MalformedJsonException, MalformedSignerException {
    boolean found = false;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("verifier")) {
        parts.add(verifier(json));
        found = true;
      } else {
        json.skip();
      }
    }
    if (!found) {
      throw new MalformedJsonException("a signature without verifier");
    }
  }

  private static Signer verifier(JsonCursor json)
      throws MalformedJsonException, MalformedSignerException {
    String details = null;
    byte[] certificate = null;
    byte[] key = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      switch (name) {
        case "keyDetails" -> details = json.text();
        case "x509Certificate" -> certificate = rawBytes(json);
        case "publicKey" -> key = rawBytes(json);
        default -> json.skip();
      }
    }
    if ((certificate == null) == (key == null)) {
      throw new MalformedJsonException(
          "a verifier with %s certificate and key (expected: one of them)"
              .formatted(key == null ? "neither" : "both"));
    }
    if (certificate != null) {
      return Certificates.read(certificate);
    }
    return PublicKeys.read(
        Objects.requireNonNull(key),
        details == null ? null : Sanitizer.clean(details, MAX_KEY_DETAILS));
  }

  private static byte[] rawBytes(JsonCursor json) throws MalformedJsonException {
    byte[] bytes = null;
    json.enterObject();
    for (String name = json.nextName(); name != null; name = json.nextName()) {
      if (name.equals("rawBytes")) {
        bytes = json.base64();
      } else {
        json.skip();
      }
    }
    if (bytes == null) {
      throw new MalformedJsonException("a certificate or key without rawBytes");
    }
    return bytes;
  }
}
