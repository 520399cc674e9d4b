package dev.sigwarden.merkle;

import java.util.ArrayList;
import java.util.List;

/// RFC 6962 section 2.1 as written, by recursion over the leaves: slow, short and independent of
/// the code under test but for `Hash`.
public final class ReferenceTree {
  private ReferenceTree() {}

  /// MTH(D[n]), section 2.1.
  public static Hash mth(List<byte[]> d) {
    if (d.isEmpty()) {
      return Hash.ofData(new byte[0]);
    }
    if (d.size() == 1) {
      return prefixed(0, d.getFirst());
    }
    int k = split(d.size());
    return prefixed(1, mth(d.subList(0, k)).toBytes(), mth(d.subList(k, d.size())).toBytes());
  }

  /// PATH(m, D[n]), section 2.1.1.
  public static List<Hash> path(int m, List<byte[]> d) {
    if (d.size() == 1) {
      return List.of();
    }
    int k = split(d.size());
    return m < k
        ? plus(path(m, d.subList(0, k)), mth(d.subList(k, d.size())))
        : plus(path(m - k, d.subList(k, d.size())), mth(d.subList(0, k)));
  }

  /// PROOF(m, D[n]), section 2.1.2, for `0 < m < n`.
  static List<Hash> proof(int m, List<byte[]> d) {
    return subproof(m, d, true);
  }

  private static List<Hash> subproof(int m, List<byte[]> d, boolean b) {
    if (m == d.size()) {
      return b ? List.of() : List.of(mth(d));
    }
    int k = split(d.size());
    return m <= k
        ? plus(subproof(m, d.subList(0, k), b), mth(d.subList(k, d.size())))
        : plus(subproof(m - k, d.subList(k, d.size()), false), mth(d.subList(0, k)));
  }

  private static int split(int n) {
    int k = 1;
    while (2 * k < n) {
      k *= 2;
    }
    return k;
  }

  private static List<Hash> plus(List<Hash> hashes, Hash last) {
    List<Hash> all = new ArrayList<>(hashes);
    all.add(last);
    return all;
  }

  private static Hash prefixed(int prefix, byte[]... parts) {
    var input = new java.io.ByteArrayOutputStream();
    input.write(prefix);
    for (byte[] part : parts) {
      input.writeBytes(part);
    }
    return Hash.ofData(input.toByteArray());
  }
}
