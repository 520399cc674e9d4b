package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.Chain;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Any bytes beside a leaf are a chain of bounded length, or refused.
class SubmittedEntryFuzz {
  /// The first 20 bytes are the leaf.
  private static final int LEAF_BYTES = 20;

  @FuzzTest
  void chain(byte[] bytes) {
    byte[] leaf = Arrays.copyOf(bytes, LEAF_BYTES);
    byte[] beside = Arrays.copyOfRange(bytes, 0, Math.max(0, bytes.length - LEAF_BYTES));
    System.arraycopy(bytes, bytes.length - beside.length, beside, 0, beside.length);
    try {
      Chain chain = SubmittedEntry.ofExtraData(leaf, beside);
      assertThat(chain.pem().split("BEGIN", -1).length - 1)
          .isLessThanOrEqualTo(ChainBuilder.MAX_CERTIFICATES);
    } catch (MalformedLeafException _) {
      // The other answer that any bytes may get.
    }
    try {
      assertThat(
              SubmittedEntry.readTileLeaf(new ChainBuilder(), leaf, ByteBuffer.wrap(beside)).size())
          .isLessThanOrEqualTo(2_047);
    } catch (MalformedLeafException _) {
      // As above.
    }
  }
}
