package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;

/// No bytes are a timestamp over themselves: an authority signs what was there before.
class TimestampFuzz {
  private static final TimestampCheck CHECK = new TimestampCheck(new TestBundle().trustedRoot());

  @FuzzTest
  void none_counts_and_none_throws(byte[] bytes) {
    assertThat(CHECK.check(Base64.getEncoder().encodeToString(bytes), bytes)).isEmpty();
  }
}
