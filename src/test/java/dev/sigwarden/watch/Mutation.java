package dev.sigwarden.watch;

import java.util.Arrays;
import java.util.Random;

/// Valid samples made invalid at random.
final class Mutation {
  private Mutation() {}

  /// A copy with up to four bytes changed, and cut short one time in three.
  static byte[] of(byte[] valid, Random random) {
    int length = random.nextInt(3) == 0 ? random.nextInt(valid.length + 1) : valid.length;
    byte[] changed = Arrays.copyOf(valid, length);
    for (int i = random.nextInt(5); i > 0 && length > 0; i--) {
      changed[random.nextInt(length)] = (byte) random.nextInt(256);
    }
    return changed;
  }
}
