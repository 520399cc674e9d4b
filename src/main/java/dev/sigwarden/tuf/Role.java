package dev.sigwarden.tuf;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Whose signatures make metadata of one type good. TUF specification section 4.3.
///
/// @param keyIds ids of its keys in the root that names the role
/// @param threshold how many different keys must have signed, `>= 1`
record Role(Set<String> keyIds, int threshold) {
  /// Keys of one role: real roots have up to 10.
  private static final int MAX_KEYS = 64;

  /// The top-level types of metadata.
  enum Type {
    ROOT,
    TIMESTAMP,
    SNAPSHOT,
    TARGETS;

    /// The name used in metadata and file names.
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Role {
    keyIds = Set.copyOf(keyIds);
  }

  static Role of(JsonObject json) throws RefusedException {
    List<String> ids = json.texts("keyids", MAX_KEYS);
    return new Role(new LinkedHashSet<>(ids), (int) json.number("threshold", 1, MAX_KEYS));
  }
}
