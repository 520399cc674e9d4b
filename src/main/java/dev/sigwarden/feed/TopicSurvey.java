package dev.sigwarden.feed;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.TopicLines;
import java.util.HashMap;
import java.util.Map;

/// What a topic says last of each key, from its start to an offset: so that what was once said and
/// taken back, and is there only until the topic is compacted, never counts for a moment.
///
/// A key is known by 8 bytes of its SHA-256, so that the largest list takes some 50 MB while it is
/// surveyed. Two keys that share them hide each other from being missed, no more: what a line says
/// is always read from its own record.
final class TopicSurvey {
  /// Keys of one topic; lines that were revoked stay until the topic is compacted.
  static final int MAX_KEYS = 2 * TopicLines.MAX_LINES;

  /// The offset of each key's last record; its complement if that has no value.
  private final Map<Long, Long> last = new HashMap<>();

  private final long end;

  /// A survey of the offsets before `end`.
  TopicSurvey(long end) {
    this.end = end;
  }

  /// The offset behind the last record.
  long end() {
    return end;
  }

  /// Notes a record; false if there are too many keys.
  boolean note(byte[] key, long offset, boolean value) {
    last.put(hash(key), value ? offset : ~offset);
    return last.size() <= MAX_KEYS;
  }

  /// Whether a record is the last of its key, or behind the end of the survey.
  boolean counts(byte[] key, long offset) {
    Long known = last.get(hash(key));
    return offset >= end || known == null || Math.max(known, ~known) == offset;
  }

  /// Whether the topic has a value for the key.
  boolean has(byte[] key) {
    Long known = last.get(hash(key));
    return known != null && known >= 0;
  }

  private static long hash(byte[] key) {
    byte[] sha256 = Hash.ofData(key).toBytes();
    long hash = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      hash = hash << Byte.SIZE | (sha256[i] & 0xff);
    }
    return hash;
  }
}
