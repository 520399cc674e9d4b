package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.Hash;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerPathTest {
  private final ScittForge forge = new ScittForge();

  private LedgerPath path(long index, long size)
      throws MalformedCoseException, UnsupportedCoseException {
    return LedgerPath.of(
        forge.receipt(forge.statement("app", "x"), new TxId(2, index), new TxId(2, size)));
  }

  @Test
  void ranges_and_the_leaf_make_up_the_whole_tree() throws Exception {
    for (long size = 2; size <= 33; size++) {
      for (long index = 1; index < size; index++) {
        LedgerPath path = path(index, size);
        long covered = path.ranges().stream().mapToLong(it -> it.to() - it.from()).sum();
        assertThat(covered).as("leaf %d of %d", index, size).isEqualTo(size);
        assertThat(path.left().stream().mapToLong(it -> it.to() - it.from()).sum())
            .isEqualTo(index);
      }
    }
  }

  /// The forge's trees are the same but for the leaf asked for, so that all behind its index and
  /// all before it agree.
  @Test
  void ranges_before_the_leaf_are_those_of_other_paths_and_make_up_older_roots() throws Exception {
    Map<String, Hash> known = new HashMap<>();
    for (long index = 20; index < 40; index++) {
      LedgerPath path = path(index, index + 1);
      assertThat(path.rootAt(index + 1)).contains(path.root());
      for (LedgerPath.Range range : path.left()) {
        Hash before = known.putIfAbsent(range.from() + "-" + range.to(), range.hash());
        assertThat(before == null || before.equals(range.hash())).isTrue();
      }
      for (long older : path.sizes()) {
        assertThat(path.rootAt(older)).isPresent();
      }
    }
    assertThat(path(35, 36).sizes()).containsExactly(32L, 34L, 35L, 36L);
    assertThat(path(35, 36).rootAt(33)).isEmpty();
    assertThat(path(35, 36).rootAt(32)).isEqualTo(path(39, 40).rootAt(32));
    assertThat(path(35, 36).rootAt(32)).isEqualTo(path(32, 34).rootAt(32));
  }
}
