package dev.sigwarden.cose;

import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import java.util.ArrayList;
import java.util.List;

/// Proofs in a tree of RFC 9162, as receipts carry them. RFC 9942 section 5.
sealed interface Rfc9162Proof extends Receipt.Proof {
  /// That a leaf is in the tree.
  ///
  /// @param size leaves of the tree
  /// @param index of the leaf
  record Inclusion(long size, long index, InclusionProof proof) implements Rfc9162Proof {}

  /// That a tree continues another.
  ///
  /// @param older leaves of the older tree
  /// @param newer leaves of the newer one
  record Consistency(long older, long newer, ConsistencyProof proof) implements Rfc9162Proof {}

  /// `[tree size, leaf index, [* hash]]`
  static Inclusion inclusion(Cbor item) throws MalformedCoseException {
    List<Cbor> parts = parts(item, "inclusion proof");
    return new Inclusion(
        number(parts.get(0), "tree size"),
        number(parts.get(1), "leaf index"),
        new InclusionProof(path(parts.get(2), InclusionProof.MAX_HASHES)));
  }

  /// `[older size, newer size, [* hash]]`
  static Consistency consistency(Cbor item) throws MalformedCoseException {
    List<Cbor> parts = parts(item, "consistency proof");
    return new Consistency(
        number(parts.get(0), "older size"),
        number(parts.get(1), "newer size"),
        new ConsistencyProof(path(parts.get(2), ConsistencyProof.MAX_HASHES)));
  }

  private static List<Cbor> parts(Cbor item, String name) throws MalformedCoseException {
    if (item instanceof Cbor.Array(List<Cbor> parts) && parts.size() == 3) {
      return parts;
    }
    throw new MalformedCoseException(
        "%s: %s (expected: an array of 3)".formatted(name, Shown.item(item)));
  }

  private static long number(Cbor item, String name) throws MalformedCoseException {
    if (item instanceof Cbor.Int(long value) && value >= 0) {
      return value;
    }
    throw new MalformedCoseException(
        "%s: %s (expected: a number >= 0)".formatted(name, Shown.item(item)));
  }

  private static List<Hash> path(Cbor item, int max) throws MalformedCoseException {
    if (!(item instanceof Cbor.Array(List<Cbor> hashes)) || hashes.size() > max) {
      throw new MalformedCoseException(
          "path: %s (expected: at most %d hashes)".formatted(Shown.item(item), max));
    }
    List<Hash> path = new ArrayList<>();
    for (Cbor hash : hashes) {
      path.add(PathStep.hash(hash, "path"));
    }
    return path;
  }
}
