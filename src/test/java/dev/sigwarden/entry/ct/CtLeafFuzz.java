package dev.sigwarden.entry.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;
import java.util.Arrays;

/// Any bytes are an event or undecodable, the same in a larger buffer, and every leaf cut short is
/// undecodable.
class CtLeafFuzz {
  @FuzzTest
  void decode(byte[] bytes) {
    Decoded decoded = new CtDecoder().decode(EntryBytes.of(bytes));
    byte[] buffer = new byte[bytes.length + 9];
    Arrays.fill(buffer, (byte) 0x30);
    System.arraycopy(bytes, 0, buffer, 5, bytes.length);
    Decoded inside = new CtDecoder().decode(new EntryBytes(buffer, 5, bytes.length));
    assertThat(Describe.decoded(inside)).isEqualTo(Describe.decoded(decoded));
    if (decoded instanceof Decoded.Event && bytes.length > 0) {
      byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
      assertThat(new CtDecoder().decode(EntryBytes.of(cut)))
          .isInstanceOf(Decoded.Undecodable.class);
    }
  }
}
