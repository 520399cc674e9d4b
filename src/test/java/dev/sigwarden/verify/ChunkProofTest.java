package dev.sigwarden.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHasher;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.WitnessPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChunkProofTest {
  private static List<Hash> leaves(int from, int to) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = from; i < to; i++) {
      leaves.add(Hash.ofLeaf(new byte[] {(byte) i}));
    }
    return leaves;
  }

  private static LeafHashes hashes(int from, int to) {
    LeafHashes hashes = new LeafHashes(to - from);
    TreeHasher hasher = new TreeHasher();
    for (int i = from; i < to; i++) {
      hashes.hash(i - from, hasher, new byte[] {(byte) i}, 0, 1);
    }
    return hashes;
  }

  private static CompactRange range(int size) {
    return ChunkProof.append(CompactRange.empty(), hashes(0, size));
  }

  @Test
  void appends_to_a_copy_what_appending_one_by_one_gives() {
    for (int size = 0; size <= 20; size++) {
      CompactRange before = range(size);
      CompactRange after = ChunkProof.append(before, hashes(size, 20));

      assertThat(after.head()).isEqualTo(range(20).head());
      assertThat(before.size()).isEqualTo(size);
    }
  }

  @Test
  void holds_for_the_tree_that_the_chunk_ends_and_for_no_other() {
    CompactRange after = range(2);
    Hash third = leaves(2, 3).getFirst();
    TreeHead head = range(3).head();

    assertThat(ChunkProof.holds(after, new ConsistencyProof(List.of(third)), head)).isTrue();
    assertThat(ChunkProof.holds(range(3), new ConsistencyProof(List.of()), head)).isTrue();
    assertThat(ChunkProof.holds(after, new ConsistencyProof(List.of()), head)).isFalse();
    CompactRange altered = ChunkProof.append(range(1), hashes(7, 8));
    assertThat(ChunkProof.holds(altered, new ConsistencyProof(List.of(third)), head)).isFalse();
  }

  @Test
  void names_the_first_leaf_that_was_served_otherwise_than_stored() {
    List<Hash> stored = leaves(0, 5);
    for (int altered = 0; altered < 5; altered++) {
      List<Hash> computed = leaves(0, 5);
      computed.set(altered, Hash.ofLeaf(new byte[] {99}));
      computed.set(4, Hash.ofLeaf(new byte[] {98}));

      assertThat(ChunkProof.firstDifference(1_000, computed, stored)).hasValue(1_000 + altered);
    }
    assertThat(ChunkProof.firstDifference(1_000, stored, stored)).isEmpty();
    assertThat(ChunkProof.firstDifference(1_000, stored, stored.subList(0, 3))).isEmpty();
    assertThat(ChunkProof.firstDifference(1_000, stored.subList(0, 3), stored)).isEmpty();
  }

  @Test
  void a_log_without_a_key_is_not_to_be_trusted() {
    assertThatThrownBy(() -> new TrustedLog("mine", "o", List.of(), WitnessPolicy.none()))
        .hasMessage("keys of log mine: none (expected: at least one)");
  }
}
