package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are a page of entries, a proof, or a bad answer.
class CtAnswersFuzz {
  @FuzzTest
  void entries(byte[] bytes) {
    try {
      assertThat(CtApi.entries("fuzz", bytes, 3)).hasSizeLessThanOrEqualTo(3);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void consistency(byte[] bytes) {
    try {
      assertThat(CtApi.consistency("fuzz", bytes).path()).hasSizeLessThanOrEqualTo(64);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void proven(byte[] bytes) {
    try {
      assertThat(CtApi.proven("fuzz", bytes).proof().path()).hasSizeLessThanOrEqualTo(63);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void chain(byte[] bytes) {
    try {
      assertThat(CtApi.entry("fuzz", bytes).chain("fuzz").pem()).doesNotContain("\r");
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
