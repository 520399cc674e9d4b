package dev.sigwarden.watch;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// Lines for an allowlist as somebody hands them in: text in the form of an allowlist file, so that
/// the output of `sha256sum` can be handed in as it stands.
///
/// @param lines each line in its one form (`sha256:HEX`, lowercase), with what stood behind it for
///   people; in the order given, each once, at least one
public record Submission(Map<String, String> lines) {
  /// Bytes of one submission. A larger list is handed in in parts.
  public static final int MAX_BYTES = 4 << 20;

  /// Lines of one submission: so many are written in one transaction, which others wait for.
  public static final int MAX_LINES = 50_000;

  /// Characters kept of what stands behind a line.
  private static final int MAX_NOTE = 200;

  /// Bad lines told of one submission.
  private static final int MAX_PROBLEMS = 20;

  public Submission {
    lines = Collections.unmodifiableMap(new LinkedHashMap<>(lines));
  }

  /// Reads a submission.
  ///
  /// @throws MalformedSubmissionException if a line is none, or there is none; names the lines, and
  ///   is printable
  public static Submission parse(byte[] text) throws MalformedSubmissionException {
    if (text.length > MAX_BYTES) {
      throw new MalformedSubmissionException(
          "%d bytes (expected: at most %d)".formatted(text.length, MAX_BYTES));
    }
    Map<String, String> lines = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    AllowlistLine reader = new AllowlistLine();
    int number = 0;
    for (int from = 0; from < text.length && problems.size() < MAX_PROBLEMS; ) {
      int end = from;
      while (end < text.length && text[end] != '\n') {
        end++;
      }
      number++;
      byte[] line = Arrays.copyOfRange(text, from, end);
      String wrong = reader.read(line, line.length);
      if (!wrong.isEmpty()) {
        problems.add("line %d: %s".formatted(number, wrong));
      } else {
        form(reader).ifPresent(form -> lines.putIfAbsent(form, note(line)));
      }
      if (lines.size() > MAX_LINES) {
        throw new MalformedSubmissionException(
            "more than %d lines (expected: at most %d)".formatted(MAX_LINES, MAX_LINES));
      }
      from = end + 1;
    }
    if (!problems.isEmpty()) {
      throw new MalformedSubmissionException(String.join("; ", problems));
    }
    if (lines.isEmpty()) {
      throw new MalformedSubmissionException(
          "no line with a digest or rule (expected: lines of an allowlist)");
    }
    return new Submission(lines);
  }

  /// The one form of the line that was read last; empty if it was a comment.
  private static Optional<String> form(AllowlistLine line) {
    CertificateRule rule = line.rule();
    if (rule != null) {
      return Optional.of(rule.line());
    }
    Algorithm algorithm = line.algorithm();
    if (algorithm == null) {
      return Optional.empty();
    }
    byte[] value = new byte[algorithm.length()];
    line.copyTo(value, algorithm);
    Digest digest = Digest.of(algorithm, value);
    return Optional.of(line.isCertificate() ? "tbs:" + digest.toHex() : digest.toString());
  }

  /// What stands behind the `#`, or else behind the digest.
  private static String note(byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8).strip();
    int comment = text.indexOf('#');
    if (comment >= 0) {
      return Sanitizer.clean(text.substring(comment + 1).strip(), MAX_NOTE);
    }
    String[] words = text.split("[ \t]+", 2);
    boolean rule = CertificateRule.isOne(text);
    return rule || words.length < 2 ? "" : Sanitizer.clean(words[1].strip(), MAX_NOTE);
  }

  /// Whether a text is a line in its one form.
  public static boolean isForm(String line) {
    try {
      Map<String, String> lines = parse(line.getBytes(StandardCharsets.UTF_8)).lines();
      return lines.size() == 1 && lines.containsKey(line);
    } catch (MalformedSubmissionException _) {
      return false;
    }
  }

  /// Whether a line in its one form is a rule on certificates and no digest.
  public static boolean isRule(String line) {
    return CertificateRule.isOne(line);
  }

  /// A text of no submission, with what was found and expected; printable.
  public static final class MalformedSubmissionException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedSubmissionException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return Objects.requireNonNull(super.getMessage());
    }
  }
}
