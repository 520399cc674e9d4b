package dev.sigwarden.tuf;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signed metadata that speaks of other files: timestamp (of the snapshot), snapshot (of all
/// metadata) or targets (of target files). TUF specification sections 4.4 to 4.6.
///
/// @param file the signed whole
/// @param files by name
record Listing(Envelope file, Map<String, FileFacts> files) {
  /// Files that one listing may name.
  private static final int MAX_FILES = 10_000;

  Listing {
    files = Map.copyOf(files);
  }

  /// Reads metadata of `type`, which is no root, and checks that the role's keys in `root` signed
  /// it.
  static Listing parse(String name, byte[] bytes, Role.Type type, RootMetadata root)
      throws RefusedException {
    Envelope file = Envelope.parse(name, bytes, maxBytes(type), type).signedBy(root, type);
    Map<String, FileFacts> files = new LinkedHashMap<>();
    boolean targets = type == Role.Type.TARGETS;
    for (var one : file.signed().members(targets ? "targets" : "meta", MAX_FILES).entrySet()) {
      files.put(
          one.getKey(),
          targets ? FileFacts.ofTarget(one.getValue()) : FileFacts.ofMetadata(one.getValue()));
    }
    return new Listing(file, files);
  }

  /// The longest metadata of a type in bytes: what other TUF clients read.
  static int maxBytes(Role.Type type) {
    return switch (type) {
      case ROOT -> RootMetadata.MAX_BYTES;
      case TIMESTAMP -> 16 * 1024;
      case SNAPSHOT -> 2_000_000;
      case TARGETS -> 5_000_000;
    };
  }

  long version() {
    return file.version();
  }

  /// What is said of a file.
  FileFacts of(String name) throws RefusedException {
    @Nullable FileFacts facts = files.get(name);
    if (facts == null) {
      throw new RefusedException(
          "%s: names no %s (expected: a file of that name)".formatted(file.name(), name));
    }
    return facts;
  }

  /// The same if there is any.
  Optional<FileFacts> find(String name) {
    return Optional.ofNullable(files.get(name));
  }
}
