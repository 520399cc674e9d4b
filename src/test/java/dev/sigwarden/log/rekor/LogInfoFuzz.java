package dev.sigwarden.log.rekor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are a list of shards, or a bad answer.
class LogInfoFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      var _ = LogInfo.parse("fuzz", bytes);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
