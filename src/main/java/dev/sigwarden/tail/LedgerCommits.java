package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerCommit;
import dev.sigwarden.store.LedgerCommit.Version;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.LedgerReceipt;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.OwedEntry;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Untold;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Collects what came of entries of one ledger and writes it down, some entries at a time and each
/// time in one transaction. Used by one thread.
final class LedgerCommits {
  /// Entries written at once.
  private static final int MAX_ENTRIES = 64;

  /// What one transaction writes of statements at most, in bytes; one entry more may exceed it.
  private static final long MAX_BYTES = ChunkCommit.MAX_BYTES;

  private static final int MAX_WHY = 300;

  private final LedgerBook book;
  private final LedgerReports reports;
  private final Flood flood;
  private final long watchSet;
  private final Clock clock;
  private LedgerHeads heads;

  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<Long, LedgerReceipt> receipts = new LinkedHashMap<>();
  private final List<OwedEntry> owed = new ArrayList<>();
  private final Map<Hash, Version> versions = new HashMap<>();
  private final List<Observation> observations = new ArrayList<>();
  private final List<Filing> filings = new ArrayList<>();
  private final List<Untold> untold = new ArrayList<>();
  private long bytes;
  private long view;

  /// @param watchSet the set of the watches that judge
  LedgerCommits(LedgerBook book, LedgerReports reports, Flood flood, long watchSet, Clock clock) {
    this.book = book;
    this.reports = reports;
    this.flood = flood;
    this.watchSet = watchSet;
    this.clock = clock;
    this.heads = new LedgerHeads(book.receipts());
  }

  /// The trees that are known.
  LedgerHeads heads() {
    return heads;
  }

  /// Whether what was added is to be written before more is added.
  boolean isFull() {
    return entries.size() + owed.size() >= MAX_ENTRIES || bytes >= MAX_BYTES;
  }

  /// Adds an entry that is proven.
  void add(CheckedEntry.Proven entry) {
    Instant now = clock.instant();
    TxId signed = entry.path().signed();
    LedgerReceipt receipt =
        new LedgerReceipt(
            signed, entry.path().root(), entry.receipt(), now, entry.verdict().issuedAt(), false);
    LedgerHeads.Answer answer = heads.add(receipt, entry.path());
    answer.contradiction().ifPresent(it -> file(reports.fork(entry, it, now)));
    answer.late().ifPresent(why -> file(reports.receiptTime(entry, why, now)));
    if (answer.contradiction().isEmpty()) {
      receipts.putIfAbsent(signed.seqno(), heads.of(signed.seqno()).orElse(receipt));
    }
    for (long older : answer.proven()) {
      heads.of(older).ifPresent(head -> receipts.put(older, head));
    }
    judged(entry, now);
    view = Math.max(view, signed.view());
  }

  /// Adds an entry that the ledger's files prove.
  void add(CheckedEntry.Filed entry) {
    judged(entry, clock.instant());
  }

  private void judged(CheckedEntry.Judged entry, Instant now) {
    entry.refused().ifPresent(why -> file(reports.statementInvalid(entry, why, now)));
    for (Judgement judgement : entry.judgements()) {
      judge(entry, judgement, now);
    }
    entries.add(entry.kept());
    view = Math.max(view, entry.id().view());
  }

  /// Compares the receipt of an entry that was proven before with all that are known.
  void compare(CheckedEntry.Proven entry) {
    Instant now = clock.instant();
    LedgerReceipt receipt =
        new LedgerReceipt(
            entry.path().signed(),
            entry.path().root(),
            entry.receipt(),
            now,
            entry.verdict().issuedAt(),
            false);
    heads
        .add(receipt, entry.path())
        .contradiction()
        .ifPresent(it -> file(reports.fork(entry, it, now)));
  }

  private void judge(CheckedEntry.Judged entry, Judgement judgement, Instant now) {
    reports
        .observation(judgement, now)
        .ifPresent(it -> {
          observations.add(it);
          bytes += it.entry().length();
        });
    Optional<Alert> alert = reports.alert(entry, judgement, now);
    if (alert.isPresent()) {
      Optional<Untold> one = untold(judgement, alert.get());
      one.ifPresentOrElse(untold::add, () -> file(reports.filing(entry, alert.get())));
    }
    if (judgement instanceof Judgement.Signature signature && entry.refused().isEmpty()) {
      version(entry, signature, now);
    }
  }

  private Optional<Untold> untold(Judgement judgement, Alert alert) {
    return switch (judgement) {
      case Judgement.Signature _ -> Optional.empty();
      case Judgement.Resembling it -> flood.tooMany(0, judgement, alert, it.lookalike().subject());
      case Judgement.Undecodable it -> flood.tooMany(0, judgement, alert, it.reason());
    };
  }

  /// What a watched issuer signs for a feed does not become older. An entry that is read late is
  /// compared with nothing: it was registered before.
  private void version(CheckedEntry.Judged entry, Judgement.Signature signature, Instant now) {
    Optional<StatementSigner> signer =
        signature.event().signers().stream()
            .filter(StatementSigner.class::isInstance)
            .map(StatementSigner.class::cast)
            .findFirst();
    if (signer.isEmpty() || signer.get().svn().isEmpty()) {
      return;
    }
    Hash subject = subject(signer.get());
    Version version = new Version(subject, signer.get().svn().getAsLong(), entry.id().seqno());
    Optional<Version> highest =
        Optional.ofNullable(versions.get(subject)).or(() -> book.version(subject));
    if (highest.isPresent()
        && version.version() < highest.get().version()
        && version.seqno() > highest.get().seqno()) {
      String because =
          "security version %d after %d, for one feed of one issuer"
              .formatted(version.version(), highest.get().version());
      file(reports.versionRollback(entry, signature, because, now));
    } else if (highest.isEmpty() || version.version() > highest.get().version()) {
      versions.put(subject, version);
    }
  }

  private static Hash subject(StatementSigner signer) {
    String both = signer.issuer().length() + "\n" + signer.issuer() + signer.feed();
    return Hash.ofData(both.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds an entry that is listed and not proven.
  ///
  /// @param since when that was first so
  void owe(TxId id, String why, Instant since) {
    owed.add(new OwedEntry(id, since, Sanitizer.clean(why, MAX_WHY)));
    view = Math.max(view, id.view());
  }

  /// Adds a finding.
  void file(Filing filing) {
    filings.add(filing);
    bytes +=
        filing.finding().evidence().stream().mapToLong(dev.sigwarden.alert.Evidence::length).sum();
  }

  /// Writes what was added since the last time.
  ///
  /// @param known the place that was read from
  /// @param next the place after what was read
  /// @return the findings written
  List<Filing> write(long known, long next) throws StaleStateException {
    List<Filing> written = List.copyOf(filings);
    try {
      book.commit(
          new LedgerCommit(
              known,
              next,
              view,
              entries,
              List.copyOf(receipts.values()),
              owed,
              List.copyOf(versions.values()),
              observations,
              filings,
              untold,
              watchSet));
    } finally {
      clear();
    }
    if (heads.size() > 2 * LedgerBook.MAX_RECEIPTS) {
      heads = new LedgerHeads(book.receipts());
    }
    return written;
  }

  /// Whether anything was added since the last time.
  boolean isEmpty() {
    return entries.isEmpty() && owed.isEmpty() && filings.isEmpty();
  }

  private void clear() {
    entries.clear();
    receipts.clear();
    owed.clear();
    versions.clear();
    observations.clear();
    filings.clear();
    untold.clear();
    bytes = 0;
  }
}
