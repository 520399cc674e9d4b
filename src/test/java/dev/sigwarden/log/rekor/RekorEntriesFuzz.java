package dev.sigwarden.log.rekor;

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
      for (RekorEntry entry : RekorEntry.parseAll("fuzz", bytes)) {
        entry.timestamp("fuzz").ifPresent(time -> time.verified(TimestampKey.of(List.of(KEY))));
      }
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
