package dev.sigwarden.feed;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.AllowlistSigner;
import dev.sigwarden.watch.Submission;
import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a record of an allowlist's topic says. The key is a line in its one form, `sha256:HEX`; no
/// value takes it off, and a value puts it on: text in the form of an allowlist file with that one
/// line and comments. Where the list demands a signature, the header `signature` has one over the
/// value, whose first line is `# allowlist NAME`. Taking off needs none: it can only make more be
/// told.
sealed interface TopicRecord {
  /// Bytes of a key: the longest line.
  int MAX_KEY = 4_096;

  /// Bytes of a value: a line and some lines of comment.
  int MAX_VALUE = 16_384;

  /// Bytes of a signature.
  int MAX_SIGNATURE = 65_536;

  /// The header of the signature.
  String SIGNATURE = "signature";

  /// The line is on the list.
  ///
  /// @param note what stands behind it, for people
  record On(String line, String note) implements TopicRecord {}

  /// The line is off the list.
  record Off(String line) implements TopicRecord {}

  /// A key that no line has was taken back.
  record Nothing() implements TopicRecord {}

  /// It says nothing that can be used.
  ///
  /// @param reason what was found and expected; printable
  record Malformed(String reason) implements TopicRecord {
    public Malformed {
      reason = Sanitizer.clean(reason);
    }
  }

  /// Reads a record.
  ///
  /// @param list the list's name
  /// @param signer who has to sign; empty for nobody
  /// @param signature what the header has; null for none
  static TopicRecord read(
      String list,
      Optional<AllowlistSigner> signer,
      byte @Nullable [] key,
      byte @Nullable [] value,
      byte @Nullable [] signature) {
    if (key == null) {
      return new Malformed("no key (expected: a line such as sha256:HEX)");
    }
    if (key.length > MAX_KEY) {
      return value == null ? new Nothing() : tooLong("key", key, MAX_KEY);
    }
    String line = new String(key, StandardCharsets.UTF_8);
    boolean form =
        Arrays.equals(line.getBytes(StandardCharsets.UTF_8), key) && Submission.isForm(line);
    if (!form && value == null) {
      return new Nothing();
    }
    if (!form) {
      return new Malformed(
          "key: %s (expected: a line in its one form, such as sha256:HEX in lowercase)"
              .formatted(Sanitizer.clean(line, 100)));
    }
    if (value == null) {
      return new Off(line);
    }
    if (value.length > MAX_VALUE) {
      return tooLong("value", value, MAX_VALUE);
    }
    if (signature != null && signature.length > MAX_SIGNATURE) {
      return tooLong("signature", signature, MAX_SIGNATURE);
    }
    return read(list, signer, line, value, signature);
  }

  private static TopicRecord read(
      String list,
      Optional<AllowlistSigner> signer,
      String line,
      byte[] value,
      byte @Nullable [] signature) {
    Submission submission;
    try {
      submission = Submission.parse(value);
    } catch (MalformedSubmissionException e) {
      return new Malformed("value: " + e.getMessage());
    }
    if (!submission.expected().isEmpty()) {
      return new Malformed("value: due: (expected: in a file or through the API only)");
    }
    String note = submission.lines().get(line);
    if (note == null || submission.lines().size() > 1) {
      return new Malformed("value: other lines than the key's (expected: the key's line alone)");
    }
    Optional<String> refusal =
        signer.flatMap(it ->
            it.refusal(
                list,
                value,
                signature == null ? "" : new String(signature, StandardCharsets.UTF_8)));
    return refusal
        .<TopicRecord>map(why -> new Malformed("signature: " + why))
        .orElseGet(() -> new On(line, note));
  }

  private static Malformed tooLong(String part, byte[] bytes, int most) {
    return new Malformed("%s: %d bytes (expected: at most %d)".formatted(part, bytes.length, most));
  }
}
