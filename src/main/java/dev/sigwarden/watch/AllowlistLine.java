package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One line of an allowlist file, read in place. Owned by the reader of the file and used for each
/// line in turn, so that a million lines leave nothing behind.
final class AllowlistLine {
  /// Bytes of one line; SHA-512 and a long path stay below.
  static final int MAX_BYTES = 4_096;

  /// Characters of a line shown in a problem.
  private static final int MAX_SHOWN = 24;

  private static final Algorithm[] ALGORITHMS = Algorithm.values();

  private static final byte[][] LABELS =
      Arrays.stream(ALGORITHMS)
          .map(algorithm -> algorithm.label().getBytes(StandardCharsets.US_ASCII))
          .toArray(byte[][]::new);

  private static final byte[] TBS = {'t', 'b', 's'};

  private byte[] line = {};
  private @Nullable Algorithm algorithm;
  private @Nullable CertificateRule rule;
  private boolean certificate;
  private int hex;

  /// Reads the line in `[0, length)` of the buffer, without its line feed. Returns what is wrong
  /// with it, printable and bounded; empty if nothing is.
  String read(byte[] buffer, int length) {
    line = buffer;
    algorithm = null;
    rule = null;
    certificate = false;
    if (length > MAX_BYTES) {
      return "more than %d bytes".formatted(MAX_BYTES);
    }
    int from = 0;
    while (from < length && isSpace(line[from])) {
      from++;
    }
    if (from == length || line[from] == '#') {
      return "";
    }
    if (line[from] == 's' || line[from] == 'c') {
      // SHA-256 is the only label that begins like one of the rules.
      String text = new String(line, from, length - from, StandardCharsets.UTF_8);
      if (CertificateRule.isOne(text)) {
        return rule(text);
      }
    }
    // sha256sum marks a line of which it escaped the file name.
    return digest(line[from] == '\\' ? from + 1 : from, length);
  }

  /// The algorithm of the line's digest; null if the line has none.
  @Nullable Algorithm algorithm() {
    return algorithm;
  }

  /// Whether the digest is that of a certificate's TBSCertificate.
  boolean isCertificate() {
    return certificate;
  }

  /// The line's rule on certificates; null if it has none.
  @Nullable CertificateRule rule() {
    return rule;
  }

  private String rule(String text) {
    try {
      rule = CertificateRule.parse(text);
      return "";
    } catch (MalformedKeyException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /// Writes the line's digest to `target`.
  void copyTo(byte[] target, Algorithm known) {
    for (int i = 0; i < known.length(); i++) {
      int high = Character.digit(line[hex + 2 * i], 16);
      int low = Character.digit(line[hex + 2 * i + 1], 16);
      target[i] = (byte) ((high << 4) | low);
    }
  }

  private String digest(int from, int length) {
    int end = from;
    int colon = -1;
    while (end < length && !isSpace(line[end])) {
      colon = line[end] == ':' && colon < 0 ? end : colon;
      end++;
    }
    Algorithm named = null;
    if (colon >= 0) {
      certificate = Arrays.equals(line, from, colon, TBS, 0, TBS.length);
      named = certificate ? Algorithm.SHA256 : ofLabel(from, colon);
      if (named == null) {
        return "%s (expected: sha256:, sha384:, sha512:, tbs:, spki: or ca:)"
            .formatted(shown(from, colon + 1));
      }
    }
    hex = colon + 1 > from ? colon + 1 : from;
    for (int i = hex; i < end; i++) {
      if (Character.digit(line[i], 16) < 0) {
        return "%s (expected: hex digits)".formatted(shown(from, end));
      }
    }
    Algorithm found = ofDigits(end - hex);
    if (found == null || (named != null && named != found)) {
      String expected = named == null ? "64, 96 or 128" : String.valueOf(2 * named.length());
      return "%d hex digits (expected: %s)".formatted(end - hex, expected);
    }
    algorithm = found;
    return "";
  }

  private @Nullable Algorithm ofLabel(int from, int to) {
    for (int i = 0; i < LABELS.length; i++) {
      if (Arrays.equals(line, from, to, LABELS[i], 0, LABELS[i].length)) {
        return ALGORITHMS[i];
      }
    }
    return null;
  }

  private static @Nullable Algorithm ofDigits(int digits) {
    for (Algorithm one : ALGORITHMS) {
      if (digits == 2 * one.length()) {
        return one;
      }
    }
    return null;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t' || b == '\r';
  }

  /// The first characters of `[from, to)` as ASCII, anything else as `?`.
  private String shown(int from, int to) {
    StringBuilder shown = new StringBuilder();
    for (int i = from; i < Math.min(to, from + MAX_SHOWN); i++) {
      shown.append(line[i] > 0x20 && line[i] < 0x7f ? (char) line[i] : '?');
    }
    return to - from > MAX_SHOWN ? shown.append('…').toString() : shown.toString();
  }
}
