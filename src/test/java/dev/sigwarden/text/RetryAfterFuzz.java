package dev.sigwarden.text;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Any header value is a pause within its bounds, or none.
class RetryAfterFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    RetryAfter.parse(new String(bytes, StandardCharsets.ISO_8859_1), Instant.EPOCH)
        .ifPresent(pause -> {
          if (pause.compareTo(RetryAfter.MIN) < 0 || pause.compareTo(RetryAfter.MAX) > 0) {
            throw new AssertionError("pause: " + pause);
          }
        });
  }
}
