package dev.sigwarden.merkle;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// One SHA-256 digest that hashes leaves and nodes into the caller's array and leaves no garbage.
/// For loops over many leaves; not thread-safe, one per thread or owner.
public final class TreeHasher {
  private static final byte LEAF_PREFIX = 0;
  private static final byte NODE_PREFIX = 1;

  private final MessageDigest digest = newDigest();

  /// Writes SHA-256(0x00 || data) to `target` at `targetOffset`, for the data in `[offset, offset +
  /// length)` of `buffer`. RFC 9162 section 2.1.1.
  public void leaf(byte[] buffer, int offset, int length, byte[] target, int targetOffset) {
    digest.update(LEAF_PREFIX);
    digest.update(buffer, offset, length);
    finish(target, targetOffset);
  }

  /// Writes SHA-256(0x01 || left || right) to `target` at `targetOffset`, for two hashes that lie
  /// side by side in `[offset, offset + 64)` of `pair`. `target` may be `pair`. RFC 9162 section
  /// 2.1.1.
  public void node(byte[] pair, int offset, byte[] target, int targetOffset) {
    digest.update(NODE_PREFIX);
    digest.update(pair, offset, 2 * Hash.LENGTH);
    finish(target, targetOffset);
  }

  Hash node(Hash left, Hash right) {
    digest.update(NODE_PREFIX);
    digest.update(left.bytes());
    digest.update(right.bytes());
    return Hash.owning(digest.digest());
  }

  private void finish(byte[] target, int targetOffset) {
    try {
      digest.digest(target, targetOffset, Hash.LENGTH);
    } catch (DigestException e) {
      throw new IllegalArgumentException(
          "room for a hash at " + targetOffset + ": " + target.length + " bytes in all", e);
    }
  }

  static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
