package dev.sigwarden.tuf;

import java.time.Instant;

/// A target file that the repository's keys vouched for. A class and not a record for its array.
public final class Target {
  private final byte[] bytes;
  private final Instant expires;

  Target(byte[] bytes, Instant expires) {
    this.bytes = bytes.clone();
    this.expires = expires;
  }

  /// The file.
  public byte[] toBytes() {
    return bytes.clone();
  }

  /// When the first of the signatures that vouch for it gets too old.
  public Instant expires() {
    return expires;
  }
}
