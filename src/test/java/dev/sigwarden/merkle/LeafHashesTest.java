package dev.sigwarden.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeafHashesTest {
  private static final List<byte[]> LEAVES = Trees.leaves(37);

  /// The hashes of the leaves, which lie one behind the other in one buffer, filled from the last.
  private static LeafHashes hashes() {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    LEAVES.forEach(buffer::writeBytes);
    byte[] bytes = buffer.toByteArray();
    LeafHashes hashes = new LeafHashes(LEAVES.size());
    int end = bytes.length;
    for (int i = LEAVES.size() - 1; i >= 0; i--) {
      int length = LEAVES.get(i).length;
      hashes.hash(i, new TreeHasher(), bytes, end - length, length);
      end -= length;
    }
    return hashes;
  }

  @Test
  void holds_the_hash_of_each_leaf_in_its_place() {
    assertThat(hashes()).hasSize(LEAVES.size());
    assertThat(hashes()).containsExactlyElementsOf(LEAVES.stream().map(Hash::ofLeaf).toList());
  }

  @Test
  void appends_the_hashes_of_any_run_in_order() {
    List<TreeHead> heads = Trees.heads(LEAVES);
    for (int from = 0; from <= LEAVES.size(); from++) {
      CompactRange range = CompactRange.empty();
      hashes().appendTo(range, 0, from);
      assertThat(range.head()).isEqualTo(heads.get(from));
      hashes().appendTo(range, from, LEAVES.size());
      assertThat(range.head()).isEqualTo(heads.getLast());
    }
  }

  @Test
  void refuses_places_that_it_does_not_have_and_changes_nothing() {
    LeafHashes hashes = hashes();
    CompactRange range = CompactRange.empty();
    int count = LEAVES.size();

    for (int place : new int[] {-1, count}) {
      assertThatThrownBy(() -> hashes.get(place)).isInstanceOf(IndexOutOfBoundsException.class);
      assertThatThrownBy(() -> hashes.hash(place, new TreeHasher(), new byte[1], 0, 1))
          .isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThatThrownBy(() -> hashes.appendTo(range, 1, count + 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> hashes.appendTo(range, 2, 1))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(range.size()).isZero();
    assertThat(hashes).isEqualTo(hashes());
  }

  @Test
  void no_leaves_have_no_hashes() {
    assertThat(new LeafHashes(0)).isEmpty();
    assertThatThrownBy(() -> new LeafHashes(-1)).isInstanceOf(NegativeArraySizeException.class);
  }
}
