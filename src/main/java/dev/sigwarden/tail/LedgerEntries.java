package dev.sigwarden.tail;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.LedgerPath;
import dev.sigwarden.cose.LoggedMessage;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptCheck;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.ReceiptVerdict.Position;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.cose.UnsupportedCoseException;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LedgerClient.Fetched;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Asks a ledger for entries, some at a time, checks the receipts and judges what they prove.
final class LedgerEntries {
  /// Entries under way at a time: enough to hide the network.
  static final int AHEAD = 8;

  /// What they hold at most, in bytes.
  private static final long HELD = (long) AHEAD * LoggedMessage.MAX_BYTES;

  private final LedgerClient client;
  private final LedgerJudge judge;
  private final MemoryBudget memory;
  private final String issuer;

  /// @param issuer the service as its receipts have to name it
  LedgerEntries(LedgerClient client, LedgerJudge judge, MemoryBudget memory, String issuer) {
    this.client = client;
    this.judge = judge;
    this.memory = memory;
    this.issuer = issuer;
  }

  /// Whoever takes entries.
  @FunctionalInterface
  interface Taker {
    /// Takes the next entry; false for no more.
    boolean take(CheckedEntry entry)
        throws LogUnavailableException, dev.sigwarden.store.StaleStateException;
  }

  /// Hands out the entries of `ids` in order.
  ///
  /// @param keys those that receipts are believed by
  /// @param wait whether to wait while the service loads one
  void read(List<TxId> ids, ReceiptKeys keys, boolean wait, Taker taker)
      throws LogUnavailableException, BadAnswerException, dev.sigwarden.store.StaleStateException {
    if (ids.isEmpty()) {
      return;
    }
    ReceiptCheck check = new ReceiptCheck(keys, ReceiptCheck.LeafForm.DIGEST);
    ExecutorService fetchers = Executors.newVirtualThreadPerTaskExecutor();
    try (MemoryBudget.Charge charge = memory.charge()) {
      charge.hold(HELD);
      ArrayDeque<Future<CheckedEntry>> underWay = new ArrayDeque<>();
      int asked = 0;
      for (int taken = 0; taken < ids.size(); taken++) {
        while (asked < ids.size() && underWay.size() < AHEAD) {
          TxId id = ids.get(asked++);
          underWay.add(fetchers.submit(() -> one(id, check, wait)));
        }
        if (!taker.take(await(underWay.removeFirst()))) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("reading was interrupted", e);
    } finally {
      fetchers.shutdownNow();
    }
  }

  private static CheckedEntry await(Future<CheckedEntry> future)
      throws LogUnavailableException, BadAnswerException, InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case LogUnavailableException unavailable -> throw unavailable;
        case BadAnswerException bad -> throw bad;
        case RuntimeException bug -> throw bug;
        case Error error -> throw error;
        case null, default -> throw new IllegalStateException("reading an entry", e.getCause());
      }
    }
  }

  /// One entry, asked for now.
  CheckedEntry one(TxId id, ReceiptKeys keys, boolean wait) throws LogUnavailableException {
    return one(id, new ReceiptCheck(keys, ReceiptCheck.LeafForm.DIGEST), wait);
  }

  private CheckedEntry one(TxId id, ReceiptCheck check, boolean wait)
      throws LogUnavailableException {
    try {
      return switch (client.entry(id, wait)) {
        case Fetched.Whole(Cbor.Bytes statement) -> check(id, statement, check);
        case Fetched.NotReady(String why) -> new CheckedEntry.Missing(id, why, false);
        case Fetched.Unknown(String why) -> new CheckedEntry.Missing(id, why, true);
      };
    } catch (BadAnswerException e) {
      // One answer that no honest service gives says nothing of the other entries.
      return new CheckedEntry.Missing(id, e.getMessage(), false);
    }
  }

  /// What is worth what was served for `id`.
  CheckedEntry check(TxId id, Cbor.Bytes served, ReceiptCheck check) {
    LoggedMessage message;
    try {
      message = LoggedMessage.parse(served.toBytes());
    } catch (MalformedCoseException e) {
      return new CheckedEntry.Unbelievable(id, e.getMessage(), served);
    }
    Optional<String> invalid = Optional.empty();
    Optional<String> unproven = Optional.empty();
    for (Cbor.Bytes receipt : message.receipts()) {
      switch (check.check(message, receipt.toBytes())) {
        case ReceiptVerdict.Proven proven -> {
          Optional<String> other = other(id, proven);
          if (other.isEmpty()) {
            return proven(id, message, proven, receipt);
          }
          invalid = invalid.or(() -> other);
        }
        case ReceiptVerdict.Unproven(String why) -> unproven = unproven.or(() -> Optional.of(why));
        case ReceiptVerdict.Invalid(String why) -> invalid = invalid.or(() -> Optional.of(why));
      }
    }
    Optional<String> noKey = unproven;
    return invalid.isEmpty() && noKey.isPresent()
        ? new CheckedEntry.OfUnknownKey(id, noKey.get(), served)
        : new CheckedEntry.Unbelievable(id, invalid.or(() -> noKey).orElse("no receipt"), served);
  }

  /// Why a receipt that holds is none for this entry of this ledger.
  private Optional<String> other(TxId id, ReceiptVerdict.Proven proven) {
    if (!proven.issuer().equals(issuer)) {
      return Optional.of("receipt: of another service than %s".formatted(issuer));
    }
    return proven.position() instanceof Position.Transaction(TxId registered, _)
            && registered.equals(id)
        ? Optional.empty()
        : Optional.of("receipt: of another transaction than %s".formatted(id));
  }

  private CheckedEntry proven(
      TxId id, LoggedMessage message, ReceiptVerdict.Proven verdict, Cbor.Bytes receipt) {
    LedgerPath path;
    try {
      path = LedgerPath.of(receipt.toBytes());
    } catch (MalformedCoseException | UnsupportedCoseException e) {
      throw new IllegalStateException("the path of a receipt that was verified", e);
    }
    LedgerJudge.Judged judged = judge.judge(id, message.entry(), path.leaf(), verdict.issuedAt());
    return new CheckedEntry.Proven(
        id, message, verdict, path, receipt, judged.judgements(), judged.refused());
  }
}
