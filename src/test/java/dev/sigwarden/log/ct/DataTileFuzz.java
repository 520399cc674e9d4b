package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.tiles.EntryBundle;
import dev.sigwarden.log.tiles.TilePath;

/// Any bytes are as many leaves as were asked for, or the first of them, or a bad answer; each leaf
/// is a MerkleTreeLeaf with a time.
class DataTileFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    int count = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 3);
    Leaves.Builder builder = new Leaves.Builder(0, count);
    try {
      EntryBundle bundle =
          DataTile.FORM.parse(
              "fuzz", new TilePath(TilePath.DATA, 0, count), bytes, DataTile.FORM.maxBytes(count));
      bundle.addTo(builder, 0, count);
    } catch (BadAnswerException _) {
      return;
    }
    Leaves leaves = builder.build();
    for (int i = 0; i < leaves.count(); i++) {
      assertThat(leaves.copy(i)).startsWith((byte) 0, (byte) 0);
      assertThat(TimestampedEntry.timeOf(leaves.copy(i))).isEqualTo(leaves.loggedAt(i));
    }
  }
}
