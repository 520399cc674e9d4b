package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.practice.PracticeRekor;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/// Any bytes are a few entries with their times, or a bad answer.
class RekorEntriesFuzz {
  private static final VerifierKey KEY =
      new PracticeRekor("fuzz.example", new SecureRandom(), Clock.systemUTC()).verifierKey();

  @FuzzTest
  void parse(byte[] bytes) {
    try {
      List<RekorEntry> entries = RekorEntry.parseAll("fuzz", bytes);
      assertThat(entries).hasSizeLessThanOrEqualTo(RekorEntry.MAX_AT_ONCE);
      for (RekorEntry entry : entries) {
        // Nobody has signed by this key.
        assertThat(
                entry.timestamp("fuzz").flatMap(it -> it.verified(TimestampKey.of(List.of(KEY)))))
            .isEmpty();
      }
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
