package dev.sigwarden.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Submission;
import java.util.Arrays;
import java.util.Optional;

/// Any key and value, with a zero byte between them, say a line in its one form or are refused in
/// words that can be shown.
class TopicRecordFuzz {
  @FuzzTest
  void read(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    byte[] key = Arrays.copyOf(bytes, end);
    byte[] value = end == bytes.length ? null : Arrays.copyOfRange(bytes, end + 1, bytes.length);
    switch (TopicRecord.read("acme", Optional.empty(), key, value, null)) {
      case TopicRecord.On(String line, String note) -> {
        assertThat(Submission.isForm(line)).isTrue();
        assertThat(note.codePoints()).allMatch(Sanitizer::isShown);
        assertThat(value).isNotNull();
      }
      case TopicRecord.Off(String line) -> assertThat(Submission.isForm(line)).isTrue();
      case TopicRecord.Nothing _ -> assertThat(value).isNull();
      case TopicRecord.Malformed(String reason) ->
          assertThat(reason.codePoints()).isNotEmpty().allMatch(Sanitizer::isShown);
    }
  }
}
