package dev.sigwarden.tuf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;

/// Any bytes are metadata of a type, told by the first byte, or refused; a canonical form is one
/// that is written as it was.
class MetadataFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    byte[] file = Arrays.copyOfRange(bytes, 1, bytes.length);
    Role.Type type = Role.Type.values()[Math.floorMod(bytes[0], Role.Type.values().length)];
    try {
      byte[] canonical = JsonObject.parse("file", file, 100_000).canonical();
      if (!Arrays.equals(canonical, again(canonical))) {
        throw new AssertionError("another canonical form of the canonical form");
      }
      RootMetadata root = RootMetadata.parse("root", file);
      Listing.parse("file", file, type, root);
    } catch (RefusedException _) {
      // The other answer that any bytes may get.
    }
  }

  /// The canonical form leaves control characters as they are, which JSON does not allow.
  private static byte[] again(byte[] canonical) throws RefusedException {
    for (byte b : canonical) {
      if (b >= 0 && b < ' ') {
        return canonical;
      }
    }
    return JsonObject.parse("canonical", canonical, 1_000_000).canonical();
  }
}
