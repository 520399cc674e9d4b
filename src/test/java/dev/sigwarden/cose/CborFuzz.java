package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any bytes are an item in its one form, or refused.
class CborFuzz {
  @FuzzTest
  void reads_what_it_would_write(byte[] bytes) {
    try {
      assertThat(new CborWriter().item(CborReader.read(bytes)).toBytes()).isEqualTo(bytes);
    } catch (MalformedCoseException e) {
      assertThat(e.getMessage()).startsWith("byte ");
    }
  }
}
