package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Chains;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.verify.Inclusion;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// One log behind several addresses, which take turns: each head is asked of the next one, and what
/// belongs to that head of the same. So whoever follows the log compares what each of them shows,
/// and finds a log that shows one tree here and another there.
///
/// One that does not answer is passed over as long as another does.
final class FrontEnds implements LogClient {
  private static final Logger LOG = Logger.getLogger(FrontEnds.class);

  private final List<LogClient> clients;

  // Guarded by this.
  private int next;

  /// Why each does not answer; empty for those that do.
  private final List<Optional<String>> silent;

  private volatile LogClient current;

  /// @param clients at least one
  private FrontEnds(List<LogClient> clients) {
    this.clients = List.copyOf(clients);
    this.silent = new ArrayList<>(Collections.nCopies(clients.size(), Optional.empty()));
    this.current = clients.getFirst();
  }

  /// The one client, or all of them taking turns.
  static LogClient of(List<LogClient> clients) {
    return clients.size() == 1 ? clients.getFirst() : new FrontEnds(clients);
  }

  @Override
  public synchronized byte[] head() throws LogUnavailableException, BadAnswerException {
    Optional<LogUnavailableException> failure = Optional.empty();
    for (int i = 0; i < clients.size(); i++) {
      int number = next;
      next = (next + 1) % clients.size();
      try {
        byte[] head = clients.get(number).head();
        heard(number);
        current = clients.get(number);
        return head;
      } catch (LogUnavailableException e) {
        unheard(number, e.getMessage());
        failure = Optional.of(e);
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
    throw failure.orElseThrow();
  }

  private void heard(int number) {
    if (silent.get(number).isPresent()) {
      silent.set(number, Optional.empty());
      LOG.infof("mirror %s answers again", clients.get(number).leafAddress(0, 1));
    }
  }

  private void unheard(int number, String why) {
    if (silent.get(number).isEmpty()) {
      LOG.warnf("a mirror does not answer and is compared with no other: %s", Sanitizer.clean(why));
    }
    silent.set(number, Optional.of(why));
  }

  @Override
  public synchronized Optional<String> silent() {
    List<String> reasons = silent.stream().flatMap(Optional::stream).toList();
    return reasons.isEmpty() || reasons.size() == clients.size()
        ? Optional.empty()
        : Optional.of(String.join("; ", reasons));
  }

  @Override
  public Leaves leaves(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return current.leaves(from, to, head);
  }

  @Override
  public Optional<Leaves> leavesIfRoom(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return current.leavesIfRoom(from, to, head);
  }

  @Override
  public ConsistencyProof consistency(long older, long newer)
      throws LogUnavailableException, BadAnswerException {
    return current.consistency(older, newer);
  }

  @Override
  public CompactRange range(long size, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return current.range(size, head);
  }

  @Override
  public Inclusion inclusion(long index, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return current.inclusion(index, head);
  }

  @Override
  public Optional<Chains> chains() {
    return current.chains();
  }

  @Override
  public Optional<List<Hash>> leafHashes(long from, long to, TreeHead head)
      throws LogUnavailableException, BadAnswerException {
    return current.leafHashes(from, to, head);
  }

  @Override
  public String leafAddress(long index, long size) {
    return current.leafAddress(index, size);
  }

  @Override
  public boolean frozen(Checkpoint checkpoint) {
    return current.frozen(checkpoint);
  }

  @Override
  public void forget() {
    clients.forEach(LogClient::forget);
  }

  @Override
  public void close() {
    clients.forEach(LogClient::close);
  }
}
