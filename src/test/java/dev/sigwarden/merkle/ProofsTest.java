package dev.sigwarden.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every proof of every small tree, and some of the largest trees there can be.
class ProofsTest {
  private static final int SIZES = 70;

  private final List<byte[]> leaves = Trees.leaves(SIZES);
  private final List<TreeHead> heads = Trees.heads(leaves);
  private final NodeSource<RuntimeException> nodes = Trees.nodes(leaves);
  private final Random random = new Random(1);

  @Test
  void every_inclusion_proof_holds_and_no_damaged_one_does() {
    for (int size = 1; size <= SIZES; size++) {
      TreeHead head = heads.get(size);
      for (int index = 0; index < size; index++) {
        InclusionProof proof = Proofs.inclusion(index, size, nodes);
        Hash leaf = Hash.ofLeaf(leaves.get(index));
        assertThat(proof.path()).isEqualTo(ReferenceTree.path(index, leaves.subList(0, size)));
        assertThat(proof.holds(index, leaf, head)).isTrue();
        assertThat(proof.holds(index, Hash.emptyRoot(), head)).isFalse();
        assertThat(proof.holds(index, leaf, new TreeHead(size, leaf))).isEqualTo(size == 1);
        for (int other = -1; other <= size; other++) {
          assertThat(proof.holds(other, leaf, head)).isEqualTo(other == index);
        }
        for (List<Hash> damaged : Trees.damaged(proof.path(), random)) {
          assertThat(new InclusionProof(damaged).holds(index, leaf, head)).isFalse();
        }
      }
    }
  }

  @Test
  void an_inclusion_proof_gives_the_compact_range_to_read_on_from() {
    for (int size = 1; size <= SIZES; size++) {
      for (int index = 0; index < size; index++) {
        InclusionProof proof = Proofs.inclusion(index, size, nodes);
        Hash leaf = Hash.ofLeaf(leaves.get(index));
        CompactRange range = proof.range(index, leaf, heads.get(size)).orElseThrow();
        assertThat(range.hashes()).isEqualTo(Proofs.range(index + 1, nodes).hashes());
        assertThat(range.head()).isEqualTo(heads.get(index + 1));
        assertThat(proof.range(index, Hash.emptyRoot(), heads.get(size))).isEmpty();
      }
    }
  }

  @Test
  void the_inclusion_proof_of_a_trees_last_leaf_gives_its_consistency_proof() {
    for (int size = 2; size <= SIZES; size++) {
      for (int older = 1; older < size; older++) {
        InclusionProof last = Proofs.inclusion(older - 1, size, nodes);
        assertThat(last.consistency(older - 1, nodes.node(0, older - 1)))
            .contains(Proofs.consistency(older, size, nodes));
      }
    }
  }

  @Test
  void a_path_that_ends_inside_the_older_tree_gives_no_consistency_proof() {
    InclusionProof last = Proofs.inclusion(11, 64, nodes);
    Hash leaf = nodes.node(0, 11);
    assertThat(new InclusionProof(last.path().subList(0, 1)).consistency(11, leaf)).isEmpty();
    assertThat(new InclusionProof(last.path().subList(0, 2)).consistency(11, leaf)).isPresent();
  }

  @Test
  void every_consistency_proof_holds_and_no_damaged_one_does() {
    for (int newer = 1; newer <= SIZES; newer++) {
      for (int older = 1; older < newer; older++) {
        ConsistencyProof proof = Proofs.consistency(older, newer, nodes);
        TreeHead from = heads.get(older);
        TreeHead to = heads.get(newer);
        assertThat(proof.path()).isEqualTo(ReferenceTree.proof(older, leaves.subList(0, newer)));
        assertThat(proof.holds(from, to)).isTrue();
        assertThat(proof.holds(to, from)).isFalse();
        assertThat(proof.holds(new TreeHead(older, to.root()), to)).isFalse();
        assertThat(proof.holds(from, new TreeHead(newer, from.root()))).isFalse();
        for (List<Hash> damaged : Trees.damaged(proof.path(), random)) {
          assertThat(new ConsistencyProof(damaged).holds(from, to)).isFalse();
          assertThat(new ConsistencyProof(damaged).range(from, to)).isEmpty();
        }
      }
    }
  }

  @Test
  void a_consistency_proof_gives_the_compact_range_to_read_on_from() {
    for (int newer = 1; newer <= SIZES; newer++) {
      for (int older = 0; older < newer; older++) {
        ConsistencyProof proof = Proofs.consistency(older, newer, nodes);
        CompactRange range = proof.range(heads.get(older), heads.get(newer)).orElseThrow();
        assertThat(range.hashes()).isEqualTo(Proofs.range(older, nodes).hashes());
        assertThat(range.head()).isEqualTo(heads.get(older));
        for (byte[] leaf : leaves.subList(older, newer)) {
          range.appendLeaf(leaf, 0, leaf.length);
        }
        assertThat(range.head()).isEqualTo(heads.get(newer));
      }
    }
  }

  @Test
  void a_proof_between_equal_heads_is_empty_and_gives_only_perfect_ranges() {
    ConsistencyProof empty = new ConsistencyProof(List.of());
    ConsistencyProof one = new ConsistencyProof(List.of(Hash.emptyRoot()));
    for (int size = 0; size <= SIZES; size++) {
      TreeHead head = heads.get(size);
      assertThat(Proofs.consistency(size, size, nodes)).isEqualTo(empty);
      assertThat(empty.holds(head, head)).isTrue();
      assertThat(one.holds(head, head)).isFalse();
      assertThat(empty.holds(head, new TreeHead(size, Hash.ofData(new byte[] {1, 2, 3}))))
          .isFalse();
      assertThat(empty.range(head, head).map(CompactRange::head))
          .isEqualTo(
              Integer.bitCount(size) <= 1
                  ? java.util.Optional.of(head)
                  : java.util.Optional.empty());
    }
  }

  @Test
  void any_tree_continues_the_empty_one_with_an_empty_proof_only() {
    ConsistencyProof empty = new ConsistencyProof(List.of());
    assertThat(empty.holds(TreeHead.empty(), heads.get(5))).isTrue();
    assertThat(new ConsistencyProof(List.of(heads.get(5).root())).holds(heads.get(0), heads.get(5)))
        .isFalse();
    assertThat(empty.holds(new TreeHead(0, heads.get(5).root()), heads.get(5))).isFalse();
    assertThat(empty.holds(heads.get(1), heads.get(5))).isFalse();
  }

  @Test
  void refuses_sizes_that_are_no_trees() {
    assertThatThrownBy(() -> Proofs.inclusion(3, 3, nodes)).hasMessageContaining("[0, 3)");
    assertThatThrownBy(() -> Proofs.inclusion(-1, 3, nodes)).hasMessageContaining("[0, 3)");
    assertThatThrownBy(() -> Proofs.consistency(4, 3, nodes)).hasMessageContaining("[0, 3]");
    assertThatThrownBy(() -> Proofs.range(-1, nodes)).hasMessageContaining(">= 0");
    assertThatThrownBy(() -> new TreeHead(-1, Hash.emptyRoot())).hasMessageContaining(">= 0");
  }

  /// Trees of equal leaves, in which all nodes of a level are equal, can have any size.
  @Test
  void proofs_of_trees_of_up_to_2_to_the_63_leaves_hold() {
    List<Hash> levels = new ArrayList<>(List.of(Hash.ofLeaf(new byte[0])));
    while (levels.size() < Long.SIZE) {
      levels.add(Hash.ofChildren(levels.getLast(), levels.getLast()));
    }
    NodeSource<RuntimeException> same = (level, _) -> levels.get(level);
    for (int round = 0; round < 300; round++) {
      long newer = round == 0 ? Long.MAX_VALUE : random.nextLong(1, Long.MAX_VALUE);
      newer >>>= random.nextInt(round == 0 ? 1 : 60);
      newer = Math.max(newer, 2);
      long older = random.nextLong(1, newer);
      TreeHead to = Proofs.range(newer, same).head();
      TreeHead from = Proofs.range(older, same).head();
      InclusionProof included = Proofs.inclusion(older, newer, same);
      assertThat(included.holds(older, levels.getFirst(), to)).isTrue();
      assertThat(included.path()).hasSizeLessThanOrEqualTo(InclusionProof.MAX_HASHES);
      ConsistencyProof consistent = Proofs.consistency(older, newer, same);
      assertThat(consistent.holds(from, to)).isTrue();
      assertThat(consistent.path()).hasSizeLessThanOrEqualTo(ConsistencyProof.MAX_HASHES);
      assertThat(consistent.range(from, to).orElseThrow().head()).isEqualTo(from);
      for (List<Hash> damaged : Trees.damaged(consistent.path(), random)) {
        assertThat(new ConsistencyProof(damaged).holds(from, to)).isFalse();
      }
    }
  }

  @Test
  void random_paths_never_hold_and_never_throw() {
    for (int round = 0; round < 5_000; round++) {
      List<Hash> path = new ArrayList<>();
      for (int i = random.nextInt(80); i > 0; i--) {
        path.add(Hash.ofData(new byte[] {(byte) random.nextInt()}));
      }
      TreeHead from =
          new TreeHead(random.nextLong() >>> random.nextInt(1, 64), heads.get(3).root());
      TreeHead to = new TreeHead(random.nextLong() >>> random.nextInt(1, 64), heads.get(5).root());
      assertThat(new ConsistencyProof(path).holds(from, to)).isFalse();
      assertThat(new InclusionProof(path).holds(random.nextLong(), from.root(), to)).isFalse();
    }
  }

  @Test
  void the_empty_tree_has_one_root() {
    ConsistencyProof nothing = new ConsistencyProof(List.of());
    TreeHead other = new TreeHead(0, Hash.ofLeaf(new byte[0]));
    assertThat(nothing.holds(TreeHead.empty(), TreeHead.empty())).isTrue();
    assertThat(nothing.holds(TreeHead.empty(), other)).isFalse();
    assertThat(nothing.holds(other, TreeHead.empty())).isFalse();
  }

  @Test
  void the_range_of_a_tree_that_did_not_grow_is_known_if_it_is_one_perfect_tree() {
    List<TreeHead> heads = Trees.heads(Trees.leaves(20));
    ConsistencyProof nothing = new ConsistencyProof(List.of());
    for (TreeHead head : heads) {
      boolean perfect = Long.bitCount(head.size()) <= 1;
      assertThat(nothing.range(head, head).map(CompactRange::head))
          .isEqualTo(perfect ? Optional.of(head) : Optional.empty());
    }
  }
}
