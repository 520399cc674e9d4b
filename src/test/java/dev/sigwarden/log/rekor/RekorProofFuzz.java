package dev.sigwarden.log.rekor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are a consistency proof, or a bad answer.
class RekorProofFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      var _ = RekorApi.proofHashes("fuzz", bytes);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
