package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// What a receipt of a CCF ledger says of the tree beside its own leaf: the hash of each range of
/// leaves that its path passes. Whoever signed the root signed all of them, so that two receipts
/// which give different hashes for one range are two histories, and a receipt whose ranges make up
/// an older tree proves that tree a prefix of its own.
///
/// Worth anything only of a receipt that was verified.
///
/// @param registered the transaction that the receipt is for; its place is the leaf's index
/// @param signed the transaction of the signature; its place is the tree's size
/// @param leaf the hash of the leaf
/// @param root the root that the path leads to
/// @param left ranges that make up `[0, index)`, in order
/// @param ranges all ranges with the leaf's own, in no order
public record LedgerPath(
    TxId registered, TxId signed, Hash leaf, Hash root, List<Range> left, List<Range> ranges) {
  /// Leaves `[from, to)`, as the tree has them.
  ///
  /// @param hash the root over them
  public record Range(long from, long to, Hash hash) {}

  public LedgerPath {
    left = List.copyOf(left);
    ranges = List.copyOf(ranges);
  }

  /// The path in a receipt of a CCF ledger.
  ///
  /// @throws UnsupportedCoseException if it is a receipt of something else
  /// @throws MalformedCoseException if it is no receipt, or its path is not that of its transaction
  public static LedgerPath of(byte[] bytes)
      throws MalformedCoseException, UnsupportedCoseException {
    Receipt receipt = Receipt.parse(bytes);
    if (receipt.structure() != Receipt.Structure.CCF) {
      throw new UnsupportedCoseException("receipt: of no CCF ledger");
    }
    if (receipt.inclusions().isEmpty() || receipt.signed().isEmpty()) {
      throw new MalformedCoseException("receipt: no inclusion proof, or no transaction");
    }
    return of((CcfInclusion) receipt.inclusions().getFirst(), receipt.signed().get());
  }

  private static LedgerPath of(CcfInclusion proof, TxId signed) throws MalformedCoseException {
    long index = proof.registered().seqno();
    long size = signed.seqno();
    if (index >= size || !PathStep.sides(proof.path()).equals(CcfTree.sides(index, size))) {
      throw new MalformedCoseException(
          "receipt: the path is not that of transaction %s in the tree of %s"
              .formatted(proof.registered(), signed));
    }
    Deque<Range> left = new ArrayDeque<>();
    List<Range> ranges = new ArrayList<>();
    Hash leaf = proof.leaf();
    ranges.add(new Range(index, index + 1, leaf));
    // RFC 9162 section 2.1.3.2, with the level of `fn` kept along.
    long fn = index;
    int level = 0;
    for (PathStep step : proof.path()) {
      if (step.left()) {
        int skipped = Long.numberOfTrailingZeros(fn);
        fn >>>= skipped;
        level += skipped;
        left.addFirst(new Range((fn - 1) << level, fn << level, step.hash()));
      } else {
        long to = Math.min((fn + 2) << level, size);
        ranges.add(new Range((fn + 1) << level, to, step.hash()));
      }
      fn >>>= 1;
      level++;
    }
    ranges.addAll(left);
    return new LedgerPath(
        proof.registered(), signed, leaf, proof.root(), List.copyOf(left), ranges);
  }

  /// The root of the tree's first `older` leaves, if the ranges make it up: so for its own size,
  /// and for those that the leaf's index has as its leading bits.
  public Optional<Hash> rootAt(long older) {
    if (older == signed.seqno()) {
      return Optional.of(root);
    }
    Hash node = null;
    for (Range range : left.reversed()) {
      if (range.to() > older || (node == null && range.to() != older)) {
        continue;
      }
      node = node == null ? range.hash() : CcfTree.node(range.hash(), node);
    }
    return Optional.ofNullable(node);
  }

  /// The sizes for which `rootAt` answers, its own included.
  public List<Long> sizes() {
    List<Long> sizes = new ArrayList<>(left.stream().map(Range::to).toList());
    sizes.add(signed.seqno());
    return sizes;
  }
}
