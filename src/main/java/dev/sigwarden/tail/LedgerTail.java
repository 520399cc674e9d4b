package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.View;
import dev.sigwarden.trust.CertificateTrust;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/// One ledger being followed: its client, its turns, its status.
public final class LedgerTail implements Tail {
  private static final Logger LOG = Logger.getLogger(LedgerTail.class);

  private static final int MAX_SAID = 1_000;

  private static final CertificateTrust NO_ROOT =
      new CertificateTrust.NotChecked("issuers of statements are told by their names");

  private final LedgerSettings ledger;
  private final LedgerClient client;
  private final LedgerReports reports;
  private final LedgerEntries entries;
  private final LedgerJudge judge;
  private final LedgerBook book;
  private final Vitals vitals;
  private final LedgerTurn turn;
  private final Runnable wake;

  /// Findings that a line was written of, the latest ones: what lasts is found again in each turn.
  private final Set<String> said =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > MAX_SAID;
            }
          });

  /// Opens the ledger; fetches nothing yet.
  public LedgerTail(LedgerSettings ledger, TailTools tools) {
    this.ledger = ledger;
    this.client = ledger.source().open(tools.log());
    this.reports = new LedgerReports(ledger, client, tools);
    this.book = tools.store().ledger(ledger.name());
    this.wake = tools.wake();
    Patience patience = new Patience(ledger.name(), tools.store(), tools.clock());
    this.vitals =
        new Vitals(
            new Vitals.Subject(ledger.name(), ledger.timing(), true, Optional.empty()),
            tools.tenant(),
            tools.conditions(),
            tools.board(),
            patience,
            tools.clock());
    this.judge =
        new LedgerJudge(
            new ChunkJudge(
                tools.decoders().forFormat(ledger.entryFormat()),
                tools.watches(),
                _ -> NO_ROOT,
                tools.clock()));
    this.entries =
        new LedgerEntries(client, judge, tools.log().memory(), ledger.source().receipts().issuer());
    LedgerService service = new LedgerService(ledger, client, book, reports, patience, this::told);
    OwedEntries owed = new OwedEntries(ledger, tools, reports);
    LedgerAudit audit =
        new LedgerAudit(book, client, entries, reports, owed, this::told, tools.clock());
    this.turn =
        new LedgerTurn(
            ledger,
            new LedgerTurn.Parts(
                client,
                service,
                entries,
                reports,
                audit,
                ledger
                    .source()
                    .folder()
                    .map(folder ->
                        new LedgerFiles(
                            new LedgerMirror(client, folder, tools.stopping()),
                            book,
                            judge,
                            reports,
                            service,
                            this::told,
                            tools)),
                new Flood(ledger.name(), tools),
                vitals,
                owed,
                this::told),
            tools);
  }

  private void told(List<Filing> filings) {
    for (Filing filing : filings) {
      Alert alert = filing.finding().alert();
      if (said.add(alert.uid())) {
        LOG.warnf(
            "%s %s %s: %s (ledger %s)",
            alert.severity().label(), alert.kind().label(), alert.uid(), alert.why(), alert.log());
      }
    }
    if (!filings.isEmpty()) {
      wake.run();
    }
  }

  @Override
  public LedgerSettings settings() {
    return ledger;
  }

  @Override
  public String identity() {
    return ledger.identity();
  }

  @Override
  public String trust() {
    return "";
  }

  @Override
  public boolean run() {
    return turn.run();
  }

  @Override
  public LogStatus status() {
    return vitals.status();
  }

  @Override
  public WhereSeen where(View view, Observation entry) {
    Optional<LedgerEntry> known = book.entry(entry.index());
    TxId id = known.map(LedgerEntry::id).orElse(new TxId(1, Math.max(1, entry.index())));
    long size = known.map(it -> it.signed().seqno()).orElse(view.head().head().size());
    Hash key =
        ledger.source().receipts().keys().stream().sorted().findFirst().orElse(Hash.emptyRoot());
    return reports.where(id, entry.leaf(), key, size, entry.loggedAt());
  }

  @Override
  public Optional<CertificateTrust> signature(EntryBytes entry) {
    return Optional.of(judge.trust(entry.toBytes()));
  }

  /// Asks for the statement again: its receipt is what proves it.
  @Override
  public List<Evidence> evidence(View view, Observation entry) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("entry.bin", entry.entry().toBytes()));
    Optional<LedgerEntry> known = book.entry(entry.index());
    String why = "its transaction is not known";
    if (known.isPresent()) {
      try {
        LedgerClient.Keys shown = client.keys();
        ReceiptKeys keys = ReceiptKeys.of(ledger.source().receipts().believed(shown.entries()));
        switch (entries.one(known.get().id(), keys, false)) {
          case CheckedEntry.Judged proven -> {
            evidence.addAll(reports.evidence(proven));
            return evidence;
          }
          case CheckedEntry.Missing missing -> why = missing.why();
          case CheckedEntry.Unbelievable broken -> why = broken.why();
          case CheckedEntry.OfUnknownKey unknown -> why = unknown.why();
        }
      } catch (LogUnavailableException e) {
        why = e.getMessage();
      } catch (BadAnswerException e) {
        why = e.getMessage();
      } catch (MalformedCoseException e) {
        why = e.getMessage();
      }
    }
    evidence.add(LedgerReports.text("receipt.txt", "no receipt was had: " + why));
    return evidence;
  }

  @Override
  public void close() {
    client.close();
  }
}
