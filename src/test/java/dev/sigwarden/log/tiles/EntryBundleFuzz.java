package dev.sigwarden.log.tiles;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;

/// Any bytes are a bundle of the count asked for, or a bad answer.
class EntryBundleFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    int count = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 0xff);
    try {
      Leaves.Builder builder = new Leaves.Builder(0, count);
      EntryBundle.parse("fuzz", bytes, count, EntryBundle.maxBytes(count)).addTo(builder, 0, count);
      Leaves leaves = builder.build();
      for (int i = 0; i < count; i++) {
        leaves.copy(i);
      }
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
