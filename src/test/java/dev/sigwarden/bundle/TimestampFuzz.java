package dev.sigwarden.bundle;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Base64;

/// Any bytes are a timestamp that counts, or none.
class TimestampFuzz {
  private static final TimestampCheck CHECK = new TimestampCheck(new TestBundle().trustedRoot());

  @FuzzTest
  void throws_nothing(byte[] bytes) {
    CHECK.check(Base64.getEncoder().encodeToString(bytes), bytes);
  }
}
