package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.util.ArrayList;
import java.util.List;

/// One sibling on the way up in a CCF ledger's tree.
///
/// @param left whether it joins from the left
record PathStep(boolean left, Hash hash) {
  /// `[+ [left: bool, hash: bstr .size 32]]`
  static List<PathStep> read(Cbor item, String where) throws MalformedCoseException {
    if (!(item instanceof Cbor.Array(List<Cbor> steps))
        || steps.isEmpty()
        || steps.size() > CcfTree.MAX_PATH) {
      throw new MalformedCoseException(
          "%s path: %s (expected: 1 to %d steps)"
              .formatted(where, Shown.item(item), CcfTree.MAX_PATH));
    }
    List<PathStep> path = new ArrayList<>();
    for (Cbor step : steps) {
      if (!(step instanceof Cbor.Array(List<Cbor> pair))
          || pair.size() != 2
          || !(pair.get(0) instanceof Cbor.Bool(boolean left))) {
        throw new MalformedCoseException(
            "%s path: %s (expected: [bool, hash])".formatted(where, Shown.item(step)));
      }
      path.add(new PathStep(left, hash(pair.get(1), where)));
    }
    return List.copyOf(path);
  }

  /// 32 bytes.
  static Hash hash(Cbor item, String where) throws MalformedCoseException {
    if (item instanceof Cbor.Bytes bytes && bytes.length() == Hash.LENGTH) {
      return Hash.of(bytes.toBytes());
    }
    throw new MalformedCoseException(
        "%s: %s (expected: a hash of 32 bytes)".formatted(where, Shown.item(item)));
  }

  static List<Boolean> sides(List<PathStep> path) {
    return path.stream().map(PathStep::left).toList();
  }
}
