package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.http.Gzip;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/// Any bytes are a bundle of the count asked for that is written back as it was, plain or packed,
/// or a bad answer.
class EntryBundleFuzz {
  @FuzzTest
  void parse(byte[] bytes) throws IOException {
    int count = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 0xff);
    int maxBytes = EntryBundle.maxBytes(count);
    Leaves leaves;
    try {
      Leaves.Builder builder = new Leaves.Builder(0, count);
      EntryBundle.parse("fuzz", bytes, count, maxBytes).addTo(builder, 0, count);
      leaves = builder.build();
    } catch (BadAnswerException _) {
      return;
    }
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      byte[] entry = leaves.copy(i);
      written.write(entry.length >>> 8);
      written.write(entry.length);
      written.writeBytes(entry);
    }
    if (!Arrays.equals(written.toByteArray(), bytes)) {
      assertThat(Gzip.inflate(bytes, maxBytes)).isEqualTo(written.toByteArray());
    }
  }
}
