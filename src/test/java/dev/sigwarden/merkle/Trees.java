package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Leaves, trees and damaged proofs for the tests of this package.
final class Trees {
  private Trees() {}

  /// Distinct leaves, the first one empty.
  static List<byte[]> leaves(int count) {
    List<byte[]> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] leaf = new byte[i % 5 + (i == 0 ? 0 : 2)];
      for (int at = 0; at < leaf.length; at++) {
        leaf[at] = (byte) (i >>> (8 * (at & 1)));
      }
      leaves.add(leaf);
    }
    return leaves;
  }

  /// The heads of the first 0, 1, ... leaves.
  static List<TreeHead> heads(List<byte[]> leaves) {
    List<TreeHead> heads = new ArrayList<>();
    CompactRange range = CompactRange.empty();
    heads.add(range.head());
    for (byte[] leaf : leaves) {
      range.appendLeaf(leaf, 0, leaf.length);
      heads.add(range.head());
    }
    return heads;
  }

  /// The nodes over these leaves, computed as asked for.
  static NodeSource<RuntimeException> nodes(List<byte[]> leaves) {
    return (level, index) ->
        ReferenceTree.mth(leaves.subList((int) (index << level), (int) ((index + 1) << level)));
  }

  /// Every way to alter one hash of a proof, drop one, or put a foreign one in.
  static List<List<Hash>> damaged(List<Hash> proof, Random random) {
    List<List<Hash>> all = new ArrayList<>();
    for (int i = 0; i < proof.size(); i++) {
      byte[] altered = proof.get(i).toBytes();
      altered[random.nextInt(Hash.LENGTH)] ^= (byte) (1 << random.nextInt(8));
      List<Hash> copy = new ArrayList<>(proof);
      copy.set(i, Hash.of(altered));
      all.add(copy);
      List<Hash> shorter = new ArrayList<>(proof);
      shorter.remove(i);
      all.add(shorter);
    }
    for (int i = 0; i <= proof.size(); i++) {
      List<Hash> longer = new ArrayList<>(proof);
      byte[] foreign = new byte[Hash.LENGTH];
      random.nextBytes(foreign);
      longer.add(i, Hash.of(foreign));
      all.add(longer);
    }
    return all;
  }
}
