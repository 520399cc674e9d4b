package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.merkle.ConsistencyProof;

/// Any bytes are a consistency proof, or a bad answer.
class RekorProofFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      assertThat(RekorApi.proofHashes("fuzz", bytes))
          .hasSizeLessThanOrEqualTo(ConsistencyProof.MAX_HASHES);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
