package dev.sigwarden.log;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.verify.Inclusion;
import java.util.List;
import java.util.Optional;

/// What clients on logs have in common: what they are asked for is checked in one place, and what
/// needs no log is answered without it.
public abstract class CheckedClient implements LogClient {
  /// For subclasses.
  protected CheckedClient() {}

  @Override
  public final Leaves leaves(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    requireRange(from, to, head.size());
    return read(from, to, head, true).orElseThrow();
  }

  @Override
  public final Optional<Leaves> leavesIfRoom(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    requireRange(from, to, head.size());
    return read(from, to, head, false);
  }

  /// As `leaves`, of a range that is in the tree.
  ///
  /// @param wait whether to wait for room in memory
  /// @return empty only if there was no room and the caller was not to wait
  protected abstract Optional<Leaves> read(long from, long to, TreeHead head, boolean wait)
      throws LogUnavailableException, BadAnswerException;

  @Override
  public final ConsistencyProof consistency(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    if (older < 0 || older > newer) {
      throw new IllegalArgumentException("older: %d (expected: [0, %d])".formatted(older, newer));
    }
    // Logs refuse to prove what needs no proof.
    return older == 0 || older == newer
        ? new ConsistencyProof(List.of())
        : consistencyOf(older, newer);
  }

  /// As `consistency`, of `0 < older < newer`.
  protected abstract ConsistencyProof consistencyOf(long older, long newer)
      throws LogUnavailableException, BadAnswerException;

  @Override
  public final CompactRange range(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    if (size < 0 || size > head.size()) {
      throw new IllegalArgumentException(
          "size: %d (expected: [0, %d])".formatted(size, head.size()));
    }
    return size == 0 ? CompactRange.empty() : rangeOf(size, head);
  }

  /// As `range`, of `0 < size <= head.size()`.
  protected abstract CompactRange rangeOf(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException;

  @Override
  public final Inclusion inclusion(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    if (index < 0 || index >= head.size()) {
      throw new IllegalArgumentException(
          "index: %d (expected: [0, %d))".formatted(index, head.size()));
    }
    return inclusionOf(index, head);
  }

  /// As `inclusion`, of an index in the tree.
  protected abstract Inclusion inclusionOf(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException;

  /// @throws IllegalArgumentException unless `0 <= from < to <= size`
  protected static void requireRange(long from, long to, long size) {
    if (from < 0 || from >= to || to > size) {
      throw new IllegalArgumentException(
          "leaves: [%d, %d) (expected: a range within [0, %d))".formatted(from, to, size));
    }
  }
}
