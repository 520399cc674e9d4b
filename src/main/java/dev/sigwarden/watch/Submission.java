package dev.sigwarden.watch;

import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Lines for an allowlist as somebody hands them in: text in the form of an allowlist file, so that
/// the output of `sha256sum` can be handed in as it stands.
///
/// @param lines each line in its one form (`sha256:HEX`, lowercase), with what stood behind it for
///   people; in the order given, each once, at least one
/// @param expected what of them must appear, by when
public record Submission(Map<String, String> lines, List<ExpectedEntry> expected) {
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
    expected = List.copyOf(expected);
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
    List<ExpectedEntry> expected = new ArrayList<>();
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
        reader.form().ifPresent(form -> lines.putIfAbsent(form, note(reader, line)));
        reader.expected().ifPresent(expected::add);
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
    return new Submission(lines, expected);
  }

  /// What stands behind the `#`, or else behind the digest.
  private static String note(AllowlistLine reader, byte[] line) {
    String text = new String(line, StandardCharsets.UTF_8);
    int comment = text.indexOf('#');
    if (comment >= 0) {
      return Sanitizer.clean(text.substring(comment + 1).strip(), MAX_NOTE);
    }
    if (reader.rule() != null) {
      return "";
    }
    int from = Math.min(reader.end(), line.length);
    String rest = new String(line, from, line.length - from, StandardCharsets.UTF_8);
    return Sanitizer.clean(rest.strip(), MAX_NOTE);
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
