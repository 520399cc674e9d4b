package dev.sigwarden.tuf;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Signed metadata of any type, well-formed, of which no signature was checked yet. TUF
/// specification section 4.2.
///
/// @param name the file's name, for messages
/// @param signed the part that is signed
/// @param signatures all signatures, good or not
/// @param version `>= 1`
/// @param expires when it is too old to be believed
record Envelope(
    String name, JsonObject signed, List<JsonObject> signatures, long version, Instant expires) {
  /// Signatures of one file: as many as a role may have keys, twice, for a root that changes them.
  private static final int MAX_SIGNATURES = 128;

  /// The highest version: what every JSON reader keeps exactly.
  static final long MAX_VERSION = 1L << 53;

  Envelope {
    signatures = List.copyOf(signatures);
  }

  static Envelope parse(String name, byte[] bytes, int maxBytes, Role.Type type)
      throws RefusedException {
    JsonObject whole = JsonObject.parse(name, bytes, maxBytes);
    JsonObject signed = whole.object("signed");
    if (!signed.text("_type").equals(type.label())) {
      throw signed.wrong("_type", signed.text("_type"), type.label());
    }
    if (!signed.text("spec_version").matches("1\\.[0-9.]{1,10}")) {
      throw signed.wrong("spec_version", signed.text("spec_version"), "1.x");
    }
    return new Envelope(
        name,
        signed,
        whole.objects("signatures", MAX_SIGNATURES),
        signed.number("version", 1, MAX_VERSION),
        signed.time("expires"));
  }

  /// Checks that enough keys of the role in `by` have signed.
  Envelope signedBy(RootMetadata by, Role.Type type) throws RefusedException {
    Role role = by.role(type);
    byte[] message = signed.canonical();
    Set<String> good = new HashSet<>();
    for (JsonObject signature : signatures) {
      String id = signature.text("keyid");
      TufKey key = by.keys().get(id);
      // Tools leave an empty signature in the place of one that is still to be made.
      if (key != null
          && role.keyIds().contains(id)
          && !good.contains(key.identity())
          && !signature.text("sig").isEmpty()
          && key.verifies(message, signature.hex("sig"))) {
        good.add(key.identity());
      }
    }
    if (good.size() < role.threshold()) {
      throw new RefusedException(
          "%s: signed by %d of the keys that root %d has for %s (expected: >= %d)"
              .formatted(name, good.size(), by.version(), type.label(), role.threshold()));
    }
    return this;
  }

  /// Checks that it has not expired at `now`.
  void fresh(Instant now) throws RefusedException {
    if (!now.isBefore(expires)) {
      throw new RefusedException(
          "%s: version %d expired at %s (expected: later than %s)"
              .formatted(name, version, expires, now));
    }
  }
}
