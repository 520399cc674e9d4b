package dev.sigwarden.tuf;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/// The root of trust: which keys sign what. TUF specification section 4.3.
///
/// @param file the signed whole
/// @param keys by id
/// @param roles of each type
/// @param consistent whether file names carry versions and hashes
record RootMetadata(
    Envelope file, Map<String, TufKey> keys, Map<Role.Type, Role> roles, boolean consistent) {
  /// The longest root read, in bytes: real ones have up to 7,000.
  static final int MAX_BYTES = 512 * 1024;

  /// Keys in one root: real ones have up to 12.
  private static final int MAX_KEYS = 256;

  RootMetadata {
    keys = Map.copyOf(keys);
    roles = Map.copyOf(roles);
  }

  static RootMetadata parse(String name, byte[] bytes) throws RefusedException {
    Envelope file = Envelope.parse(name, bytes, MAX_BYTES, Role.Type.ROOT);
    Map<String, TufKey> keys = new LinkedHashMap<>();
    for (var key : file.signed().members("keys", MAX_KEYS).entrySet()) {
      keys.put(key.getKey(), TufKey.of(key.getValue()));
    }
    JsonObject named = file.signed().object("roles");
    Map<Role.Type, Role> roles = new EnumMap<>(Role.Type.class);
    for (Role.Type type : Role.Type.values()) {
      roles.put(type, Role.of(named.object(type.label())));
    }
    return new RootMetadata(file, keys, roles, file.signed().flag("consistent_snapshot"));
  }

  /// The version, `>= 1`.
  long version() {
    return file.version();
  }

  Role role(Role.Type type) {
    return Objects.requireNonNull(roles.get(type));
  }

  /// The keys of a role themselves, whatever their ids.
  Set<String> keysOf(Role.Type type) {
    return role(type).keyIds().stream()
        .filter(keys::containsKey)
        .map(id -> Objects.requireNonNull(keys.get(id)).identity())
        .collect(Collectors.toSet());
  }

  /// The name under which the repository serves metadata of this version.
  String fileName(Role.Type type, long version) {
    return (consistent ? version + "." : "") + type.label() + ".json";
  }
}
