package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import java.nio.charset.StandardCharsets;

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
      for (ExpectedEntry entry : submission.expected()) {
        assertThat(submission.lines()).containsKey(entry.line());
        String line = ExpectedEntry.words(entry.due(), entry.log()) + entry.line();
        assertThat(Submission.parse(line.getBytes(StandardCharsets.UTF_8)).expected())
            .containsExactly(entry);
      }
    } catch (MalformedSubmissionException e) {
      assertThat(e.getMessage().codePoints()).hasSizeLessThan(8_000).allMatch(Sanitizer::isShown);
    }
  }
}
