package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
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

  private static final byte[] LOG = ExpectedEntry.LOG.getBytes(StandardCharsets.US_ASCII);

  private static final byte[] DUE = ExpectedEntry.DUE.getBytes(StandardCharsets.US_ASCII);

  private byte[] line = {};
  private @Nullable Algorithm algorithm;
  private @Nullable CertificateRule rule;
  private boolean certificate;
  private @Nullable Instant due;
  private String log = "";
  private int hex;
  private int end;

  /// Reads the line in `[0, length)` of the buffer, without its line feed. Returns what is wrong
  /// with it, printable and bounded; empty if nothing is.
  String read(byte[] buffer, int length) {
    line = buffer;
    algorithm = null;
    rule = null;
    certificate = false;
    due = null;
    log = "";
    if (length > MAX_BYTES) {
      return "more than %d bytes".formatted(MAX_BYTES);
    }
    int from = afterSpace(0, length);
    if (from == length || line[from] == '#') {
      return "";
    }
    if (startsWith(DUE, from, length)) {
      return expected(from, length);
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

  /// The line in its one form, without what stands around it; empty if it has neither digest nor
  /// rule.
  Optional<String> form() {
    CertificateRule known = rule;
    if (known != null) {
      return Optional.of(known.line());
    }
    Algorithm found = algorithm;
    if (found == null) {
      return Optional.empty();
    }
    byte[] value = new byte[found.length()];
    copyTo(value, found);
    Digest digest = Digest.of(found, value);
    return Optional.of(certificate ? "tbs:" + digest.toHex() : digest.toString());
  }

  /// What the line says must appear; empty if it says nothing of that.
  Optional<ExpectedEntry> expected() {
    Instant known = due;
    return known == null
        ? Optional.empty()
        : form().map(form -> new ExpectedEntry(form, log, known));
  }

  /// Where what follows the digest begins.
  int end() {
    return end;
  }

  /// Reads a line that says by when, and maybe in which log, what stands behind must appear.
  private String expected(int from, int length) {
    int at = wordEnd(from, length);
    Optional<Instant> time = ExpectedEntry.due(word(from, at));
    if (time.isEmpty()) {
      return "%s (expected: due:2026-11-22T10:00:00Z)".formatted(shown(from, at));
    }
    String name = "";
    int next = afterSpace(at, length);
    if (startsWith(LOG, next, length)) {
      at = wordEnd(next, length);
      Optional<String> found = ExpectedEntry.log(word(next, at));
      if (found.isEmpty()) {
        return "%s (expected: log: and the name of a log or family)".formatted(shown(next, at));
      }
      name = found.get();
      next = afterSpace(at, length);
    }
    if (next == length || line[next] == '#') {
      return "due: and no digest behind it (expected: one)";
    }
    if (CertificateRule.isOne(word(next, length))) {
      return "due: before a rule (expected: before a digest or tbs:)";
    }
    String wrong = digest(line[next] == '\\' ? next + 1 : next, length);
    if (wrong.isEmpty()) {
      due = time.get();
      log = name;
    }
    return wrong;
  }

  private boolean startsWith(byte[] word, int from, int length) {
    return length - from >= word.length
        && Arrays.equals(line, from, from + word.length, word, 0, word.length);
  }

  private int wordEnd(int from, int length) {
    int at = from;
    while (at < length && !isSpace(line[at])) {
      at++;
    }
    return at;
  }

  private int afterSpace(int from, int length) {
    int at = from;
    while (at < length && isSpace(line[at])) {
      at++;
    }
    return at;
  }

  private String word(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
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
    int colon = -1;
    end = from;
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
