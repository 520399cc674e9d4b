package dev.sigwarden.tail;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.MalformedNoteException;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.verify.Inclusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A client on a practice log in this process, which may be exchanged for another at any time.
final class PracticeClient implements LogClient {
  private volatile PracticeLog log;
  private volatile int pageSize = Integer.MAX_VALUE;
  private volatile boolean ownHeads;
  private volatile boolean garbled;
  volatile int forgotten;
  volatile int proofsAsked;

  PracticeClient(PracticeLog log) {
    this.log = log;
  }

  void show(PracticeLog other) {
    log = other;
  }

  void page(int entries) {
    pageSize = entries;
  }

  /// From now on inclusion is proven in the newest published tree, with its note.
  void proveInOwnHeads() {
    ownHeads = true;
  }

  /// From now on what answers for a consistency proof is none.
  void garble() {
    garbled = true;
  }

  private static SignedNote note(PracticeLog log) {
    try {
      return SignedNote.parse(log.checkpointAt(log.published()));
    } catch (MalformedNoteException e) {
      throw new AssertionError("a note of our own", e);
    }
  }

  @Override
  public byte[] head() {
    return log.checkpointAt(log.published());
  }

  @Override
  public Leaves leaves(long from, long to, TreeHead head) throws LogUnavailableException {
    if (to > log.size()) {
      throw new LogUnavailableException("no entries beyond " + log.size());
    }
    int count = (int) Math.min(to - from, pageSize);
    Leaves.Builder leaves = new Leaves.Builder(from, count);
    for (long index = from; index < from + count; index++) {
      byte[] entry = log.entry(index);
      leaves.add(entry, 0, entry.length);
    }
    return leaves.build();
  }

  @Override
  public ConsistencyProof consistency(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    need(newer);
    if (garbled) {
      throw new BadAnswerException("practice:proof", "no proof");
    }
    return Proofs.consistency(older, newer, log::node);
  }

  @Override
  public CompactRange range(long size, TreeHead head) throws LogUnavailableException {
    need(size);
    return Proofs.range(size, log::node);
  }

  @Override
  public Inclusion inclusion(long index, TreeHead head) throws LogUnavailableException {
    proofsAsked++;
    if (ownHeads) {
      TreeHead own = log.headAt(log.published());
      return new Inclusion(
          own, Proofs.inclusion(index, own.size(), log::node), Optional.of(note(log)));
    }
    need(head.size());
    return Inclusion.in(head, Proofs.inclusion(index, head.size(), log::node));
  }

  @Override
  public Optional<List<Hash>> leafHashes(long from, long to, TreeHead head) {
    List<Hash> hashes = new ArrayList<>();
    for (long index = from; index < to; index++) {
      hashes.add(log.node(0, index));
    }
    return Optional.of(hashes);
  }

  private void need(long size) throws LogUnavailableException {
    if (size > log.size()) {
      throw new LogUnavailableException("no nodes of a tree of " + size);
    }
  }

  @Override
  public String leafAddress(long index, long size) {
    return "practice:" + index;
  }

  @Override
  public void forget() {
    forgotten++;
  }

  @Override
  public void close() {}
}
