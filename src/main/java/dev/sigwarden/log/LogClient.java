package dev.sigwarden.log;

import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.verify.Inclusion;
import java.util.List;
import java.util.Optional;

/// One log, as it answers: fetched and framed, nothing believed. Thread-safe: chunks are fetched
/// ahead on several threads.
///
/// Every method throws `LogUnavailableException` when nothing was learnt (network, timeout, 5xx,
/// 404) and `BadAnswerException` when the log answered with something that no honest log answers.
public interface LogClient extends AutoCloseable {
  /// The newest head as a signed note, as received. Heads of other shapes (an STH, a sigsum tree
  /// head) are rewritten as the note that their signature stands for.
  byte[] head() throws LogUnavailableException, BadAnswerException;

  /// Leaves from index `from` on, at least one and at most up to index `to` (exclusive), in the
  /// tree of `head`; fewer than asked when the log pages or the answer would be large.
  ///
  /// May wait for memory, so the caller has released what it got before. What it gets stays charged
  /// until it is released.
  ///
  /// @throws IllegalArgumentException unless `0 <= from < to <= head.size()`
  Leaves leaves(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException;

  /// As `leaves`, but empty at once where `leaves` would wait for memory: for reading ahead. A
  /// client that charges memory overrides this, or whoever reads ahead waits while holding some.
  default Optional<Leaves> leavesIfRoom(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return Optional.of(leaves(from, to, head));
  }

  /// A proof that the tree of `older` leaves is a prefix of the tree of `newer` leaves, `0 <= older
  /// <= newer`; `newer` is the size of a head that the log signed.
  ConsistencyProof consistency(long older, long newer)
      throws LogUnavailableException, BadAnswerException;

  /// The compact range over the first `size` leaves as the log's tree of `head` has it, so that
  /// reading can start at `size` without the leaves before it.
  CompactRange range(long size, TreeHead head) throws LogUnavailableException, BadAnswerException;

  /// A proof that the leaf at `index` is in the tree of `head`, or in another tree that the log
  /// signed, with that tree's note: evidence that stands without the log.
  ///
  /// @throws IllegalArgumentException unless `0 <= index < head.size()`
  Inclusion inclusion(long index, TreeHead head) throws LogUnavailableException, BadAnswerException;

  /// The chains that the log keeps beside its entries; empty if it keeps none.
  default Optional<Chains> chains() {
    return Optional.empty();
  }

  /// The log's own stored leaf hashes `[from, to)` in the tree of `head`, to name the leaf that
  /// does not match; empty if the log stores none apart from the leaves. For runs no longer than
  /// `leaves` returns.
  Optional<List<Hash>> leafHashes(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException;

  /// The address that serves leaf `index` in the tree of `size` leaves, for people: shown in
  /// alerts, and given to `curl` there if it holds nothing but the characters of a plain URL.
  String leafAddress(long index, long size);

  /// Whether the log says in this checkpoint, once its signature is verified, that it will never
  /// grow again: then its silence is no news.
  default boolean frozen(Checkpoint checkpoint) {
    return false;
  }

  /// Which of the log's addresses do not answer while another does, in words; empty if the log has
  /// one or all do.
  default Optional<String> silent() {
    return Optional.empty();
  }

  /// Forgets whatever was cached, so that the next call asks the log again.
  void forget();

  @Override
  void close();
}
