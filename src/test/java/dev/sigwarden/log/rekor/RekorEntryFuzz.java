package dev.sigwarden.log.rekor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are one entry, or a bad answer.
class RekorEntryFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      var _ = RekorEntry.parse("fuzz", bytes).inclusion("fuzz", 1);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
