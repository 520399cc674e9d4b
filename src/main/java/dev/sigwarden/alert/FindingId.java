package dev.sigwarden.alert;

import dev.sigwarden.entry.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;

/// Stable ids of findings and conditions: `swf_` and 32 characters of `[a-z2-7]`, 160 bits of a
/// SHA-256 over what the thing is. The same facts give the same id after any restart or replay, so
/// every receiver can drop the repeat; 36 characters fit every receiver's field for it.
public final class FindingId {
  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  /// Bytes of the hash that are kept: 160 bits, 32 characters without padding.
  private static final int KEPT_BYTES = 20;

  private FindingId() {}

  /// The id of a finding.
  ///
  /// @param tenant whose finding it is
  /// @param rule kind and watch (`unexpected-signature/acme-release`), or kind and what tells one
  ///   misbehaviour from the next (`log-fork/branch-1`)
  /// @param logId the log, the same over renamings and key rotations: its origin
  /// @param index the entry's index, or the tree size at which the log misbehaved
  public static String finding(String tenant, String rule, String logId, long index) {
    return id("sigwarden-finding-v1", tenant, rule, logId, Long.toString(index));
  }

  /// The id of a finding on a certificate, which several logs have, and each of them twice: as
  /// precertificate and as certificate. All of these entries are one finding.
  ///
  /// @param rule as above
  /// @param tbsSha256 what the entries share
  public static String certificate(String tenant, String rule, Digest tbsSha256) {
    return id("sigwarden-certificate-v1", tenant, rule, tbsSha256.toHex());
  }

  /// The id of a condition.
  ///
  /// @param tenant whose condition it is
  /// @param kind the kind's label
  /// @param subject the operator's name of what is in that state: a log, a receiver
  public static String condition(String tenant, String kind, String subject) {
    return id("sigwarden-condition-v1", tenant, kind, subject);
  }

  /// The id of a telling of several findings at once.
  ///
  /// @param receiver who is told
  /// @param group what they have in common
  /// @param first the id of the first of them
  /// @param at when, so that the next telling of the group is another one
  public static String digest(String receiver, String group, String first, Instant at) {
    return id("sigwarden-digest-v1", receiver, group, first, Long.toString(at.toEpochMilli()));
  }

  /// The id of a silence: `sws_` and as many characters.
  public static String silence(String... parts) {
    String[] lines = new String[parts.length + 1];
    lines[0] = "sigwarden-silence-v1";
    System.arraycopy(parts, 0, lines, 1, parts.length);
    return "sws_" + id(lines).substring("swf_".length());
  }

  /// The id of a scan: `swn_` and as many characters.
  public static String scan(String... parts) {
    String[] lines = new String[parts.length + 1];
    lines[0] = "sigwarden-scan-v1";
    System.arraycopy(parts, 0, lines, 1, parts.length);
    return "swn_" + id(lines).substring("swf_".length());
  }

  private static String id(String... lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      // A line break inside a value must not look like the border between two values.
      text.append(text.isEmpty() ? "" : "\n").append(line.replace("\n", "\\n"));
    }
    byte[] hash = sha256().digest(text.toString().getBytes(StandardCharsets.UTF_8));
    return "swf_" + base32(Arrays.copyOf(hash, KEPT_BYTES));
  }

  /// RFC 4648 section 6 in lowercase; the length must be a multiple of 5 bytes, so nothing is
  /// padded.
  private static String base32(byte[] bytes) {
    StringBuilder out = new StringBuilder(bytes.length * 8 / 5);
    for (int at = 0; at < bytes.length; at += 5) {
      long group = 0;
      for (int i = 0; i < 5; i++) {
        group = group << 8 | (bytes[at + i] & 0xff);
      }
      for (int shift = 35; shift >= 0; shift -= 5) {
        out.append(BASE32.charAt((int) (group >>> shift) & 31));
      }
    }
    return out.toString();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (every JDK has it)", e);
    }
  }
}
