package dev.sigwarden.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompactRangeTest {
  private static final int SIZES = 130;

  @Test
  void its_root_is_the_tree_hash_at_every_size() {
    List<byte[]> leaves = Trees.leaves(SIZES);
    List<TreeHead> heads = Trees.heads(leaves);
    for (int size = 0; size <= SIZES; size++) {
      assertThat(heads.get(size).size()).isEqualTo(size);
      assertThat(heads.get(size).root()).isEqualTo(ReferenceTree.mth(leaves.subList(0, size)));
    }
  }

  @Test
  void goes_on_from_its_hashes_and_from_a_copy() {
    List<byte[]> leaves = Trees.leaves(SIZES);
    Hash root = ReferenceTree.mth(leaves);
    for (int size = 0; size <= SIZES; size++) {
      CompactRange whole = CompactRange.empty();
      for (byte[] leaf : leaves.subList(0, size)) {
        whole.append(Hash.ofLeaf(leaf));
      }
      CompactRange restored = CompactRange.of(size, whole.hashes());
      CompactRange copied = whole.copy();
      for (byte[] leaf : leaves.subList(size, SIZES)) {
        restored.append(Hash.ofLeaf(leaf).toBytes(), 0);
        copied.appendLeaf(leaf, 0, leaf.length);
      }
      assertThat(restored.root()).isEqualTo(root);
      assertThat(copied.root()).isEqualTo(root);
      assertThat(whole.size()).isEqualTo(size);
      assertThat(whole.hashes()).hasSize(Integer.bitCount(size));
    }
  }

  @Test
  void refuses_a_count_of_hashes_that_the_size_does_not_have() {
    List<Hash> one = List.of(Hash.emptyRoot());
    assertThatThrownBy(() -> CompactRange.of(3, one)).hasMessageContaining("1 (expected: 2)");
    assertThatThrownBy(() -> CompactRange.of(0, one)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> CompactRange.of(-1, one)).hasMessageContaining(">= 0");
  }

  @Test
  void holds_as_many_leaves_as_a_long_counts_and_no_more() {
    List<Hash> hashes = java.util.Collections.nCopies(62, Hash.emptyRoot());
    CompactRange range = CompactRange.of(Long.MAX_VALUE - 1, hashes);
    range.append(Hash.emptyRoot());
    assertThat(range.size()).isEqualTo(Long.MAX_VALUE);
    assertThat(range.hashes()).hasSize(63);
    assertThatThrownBy(() -> range.append(Hash.emptyRoot()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void ranges_merge_into_what_appending_every_leaf_gives() {
    List<byte[]> leaves = Trees.leaves(70);
    for (int border = 0; border <= 64; border += 8) {
      int most = border == 0 ? 64 : Integer.lowestOneBit(border);
      for (int length = 0; length <= Math.min(most, leaves.size() - border); length++) {
        CompactRange whole = over(leaves.subList(0, border));

        whole.append(over(leaves.subList(border, border + length)));

        CompactRange expected = over(leaves.subList(0, border + length));
        assertThat(whole.head()).isEqualTo(expected.head());
        assertThat(whole.hashes()).isEqualTo(expected.hashes());
      }
    }
  }

  @Test
  void range_is_merged_only_where_its_subtrees_are_the_whole_trees() {
    List<byte[]> leaves = Trees.leaves(12);
    CompactRange whole = over(leaves.subList(0, 4));
    CompactRange right = over(leaves.subList(4, 12));

    assertThatThrownBy(() -> whole.append(right))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected: a multiple of 2^3");
    assertThat(whole.head()).isEqualTo(over(leaves.subList(0, 4)).head());
  }

  private static CompactRange over(List<byte[]> leaves) {
    CompactRange range = CompactRange.empty();
    leaves.forEach(leaf -> range.append(Hash.ofLeaf(leaf)));
    return range;
  }
}
