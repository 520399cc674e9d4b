package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;

/// Any bytes inflate to no more than the bound, or not at all; any bytes that were packed come out
/// again, exactly up to the bound.
class GzipFuzz {
  private static final int MAX_BYTES = 70_000;

  @FuzzTest
  void inflate(byte[] bytes) throws IOException {
    try {
      assertThat(Gzip.inflate(bytes, MAX_BYTES)).hasSizeLessThanOrEqualTo(MAX_BYTES);
    } catch (IOException _) {
      // The other answer that any bytes may get.
    }
    byte[] packed = packed(bytes);
    assertThat(Gzip.looksLike(packed)).isTrue();
    assertThat(Gzip.inflate(packed, bytes.length)).isEqualTo(bytes);
    if (bytes.length > 0) {
      boolean cut = false;
      try {
        Gzip.inflate(packed, bytes.length - 1);
      } catch (IOException _) {
        cut = true;
      }
      assertThat(cut).as("inflated beyond the bound").isTrue();
    }
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
