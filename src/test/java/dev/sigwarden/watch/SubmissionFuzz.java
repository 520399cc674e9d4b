package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Submission.MalformedSubmissionException;

/// Any bytes are lines in their one form, which read back as themselves, or refused in words that
/// can be shown.
class SubmissionFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      Submission submission = Submission.parse(bytes);
      assertThat(submission.lines()).isNotEmpty();
      assertThat(submission.lines().keySet()).allMatch(Submission::isForm);
      assertThat(submission.lines().values())
          .allSatisfy(note -> assertThat(note.codePoints()).allMatch(Sanitizer::isShown));
    } catch (MalformedSubmissionException e) {
      assertThat(e.getMessage().codePoints()).hasSizeLessThan(8_000).allMatch(Sanitizer::isShown);
    }
  }
}
