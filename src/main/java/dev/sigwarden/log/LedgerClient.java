package dev.sigwarden.log;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One ledger, as its service answers: fetched and framed, nothing believed. Thread-safe.
///
/// Every method throws `LogUnavailableException` when nothing was learnt and `BadAnswerException`
/// when the service answered what no honest one answers. What a service may lack is empty.
public interface LedgerClient extends AutoCloseable {
  /// The keys that the service says it signs with.
  ///
  /// @param entries each once
  /// @param raw the file as served, which `--keys` of `sigwarden verify` reads
  record Keys(List<ReceiptKeys.Entry> entries, Cbor.Bytes raw) {
    public Keys {
      entries = List.copyOf(entries);
    }
  }

  /// A part of the list of entries.
  ///
  /// @param ids transactions that registered something, in the ledger's order
  /// @param next the first place that the part says nothing of; empty if it is the last one
  record Page(List<TxId> ids, OptionalLong next) {
    public Page {
      ids = List.copyOf(ids);
    }
  }

  /// What came of asking for one entry.
  sealed interface Fetched {
    /// The entry with its receipts, as served.
    record Whole(Cbor.Bytes statement) implements Fetched {}

    /// It was not ready within the time that is waited for one.
    record NotReady(String why) implements Fetched {}

    /// The service says that it has no such entry.
    record Unknown(String why) implements Fetched {}
  }

  /// A file of the ledger's public copy.
  ///
  /// @param name a plain file name
  /// @param size in bytes; -1 if the index does not say
  /// @param changed when it changed last, in the index's own words; empty if it does not say
  record File(String name, long size, String changed) {}

  /// The keys that the service shows.
  Keys keys() throws LogUnavailableException, BadAnswerException;

  /// What the service says of its registration policy, in one form of JSON; empty if it says
  /// nothing.
  Optional<String> policy() throws LogUnavailableException, BadAnswerException;

  /// The newest transaction that cannot be taken back; empty if the service does not tell.
  Optional<TxId> committed() throws LogUnavailableException, BadAnswerException;

  /// The entries at places `from` and behind; empty if the service keeps no list.
  ///
  /// @param to the last place that is asked for; empty for the newest
  Optional<Page> page(long from, OptionalLong to)
      throws LogUnavailableException, BadAnswerException;

  /// The entry of a transaction.
  ///
  /// @param wait whether to wait while the service loads it
  Fetched entry(TxId id, boolean wait) throws LogUnavailableException, BadAnswerException;

  /// The files of the ledger's public copy; empty if none is configured.
  Optional<List<File>> files() throws LogUnavailableException, BadAnswerException;

  /// Bytes of a file from `from` on, at least one and at most `length` where the file is that long.
  byte[] part(String file, long from, int length)
      throws LogUnavailableException, BadAnswerException;

  /// The address that serves an entry, for people.
  String address(TxId id);

  /// The service's address, for people.
  String address();

  /// What is wrong with the certificate that the service proves itself by, in words; empty if
  /// nothing is, and if the operator did not ask for it to be compared.
  default Optional<String> identityTrouble() {
    return Optional.empty();
  }

  @Override
  void close();
}
