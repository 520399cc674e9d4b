package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.merkle.Hash;

/// Any bytes are one entry, or a bad answer.
class RekorEntryFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      RekorEntry entry = RekorEntry.parse("fuzz", bytes);
      assertThat(entry.globalIndex()).isNotNegative();
      entry
          .inclusion("fuzz", 1)
          .ifPresent(
              it -> assertThat(it.proof().holds(1, Hash.ofLeaf(entry.leaf()), it.head())).isTrue());
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
