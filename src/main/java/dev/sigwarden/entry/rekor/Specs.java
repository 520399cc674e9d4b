package dev.sigwarden.entry.rekor;

import dev.sigwarden.entry.json.JsonCursor;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;

/// The outer form of `spec` in Rekor v2.
public final class Specs {
  private Specs() {}

  /// A reader of a spec whose sole member, whatever its name, is read by `inner`: Rekor v2 wraps
  /// each spec in a member whose name changed over time (`hashedRekordV002`, `hashedRekordV0_0_2`).
  public static SpecReader wrapped(SpecReader inner) {
    return (json, parts) -> soleMember(json, parts, inner);
  }

  private static void soleMember(JsonCursor json, SigningParts parts, SpecReader inner)
      throws MalformedJsonException, MalformedSignerException {
    json.enterObject();
    if (json.nextName() == null) {
      throw new MalformedJsonException("spec is empty");
    }
    inner.read(json, parts);
    if (json.nextName() != null) {
      throw new MalformedJsonException("spec with more than one member (expected: one)");
    }
  }
}
