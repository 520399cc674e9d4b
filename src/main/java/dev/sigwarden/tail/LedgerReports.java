package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Alerts;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.LedgerAlerts;
import dev.sigwarden.alert.LedgerAlerts.Became;
import dev.sigwarden.alert.LedgerAlerts.KeyChange;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.alert.Selected;
import dev.sigwarden.alert.Surroundings;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.LedgerReceipt;
import dev.sigwarden.store.Observation;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.watch.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What one ledger's turns write down: observations, and findings with their evidence and
/// receivers. The evidence of an entry is the statement as served, its receipt in it, and the
/// service's keys: `sigwarden verify` checks them without the ledger.
final class LedgerReports {
  /// Findings of a kind that a service can make as many of as it likes, told one by one in an hour.
  private static final int BROKEN_PER_HOUR = Flood.UNDECODABLE_PER_HOUR;

  /// Hex digits of a key id that an alert shows with the log; the whole is in the evidence.
  private static final int SHOWN_KEY = 8;

  private final LedgerSettings ledger;
  private final LedgerClient client;
  private final Neighbourhood neighbourhood;
  private final Alerts alerts;
  private final LedgerAlerts ledgerAlerts;
  private final Routes routes;
  private final TrustSettings.Claims claims;
  private final Clock clock;
  private volatile Optional<LedgerClient.Keys> keys = Optional.empty();

  LedgerReports(LedgerSettings ledger, LedgerClient client, TailTools tools) {
    this.ledger = ledger;
    this.client = client;
    this.neighbourhood = new Neighbourhood(tools);
    this.alerts = new Alerts(tools.tenant(), tools.config(), tools.clock());
    this.ledgerAlerts = new LedgerAlerts(tools.tenant(), alerts, tools.clock());
    this.routes = tools.routes();
    this.claims = tools.trusts().claims("");
    this.clock = tools.clock();
  }

  /// The service shows these keys: they go with what is found from now on.
  void keys(LedgerClient.Keys shown) {
    keys = Optional.of(shown);
  }

  /// The ledger itself, as alerts name it.
  WhereSeen ledger() {
    return WhereSeen.log(
        ledger.name(),
        ledger.protocol(),
        ledger.source().receipts().issuer(),
        "",
        0,
        client.address());
  }

  /// Where an entry stands.
  WhereSeen where(TxId id, Hash leaf, Hash key, long size, Optional<Instant> issued) {
    return new WhereSeen(
        ledger.name(),
        ledger.protocol(),
        ledger.source().receipts().issuer(),
        key.toHex().substring(0, SHOWN_KEY),
        0,
        id.seqno(),
        leaf.toHex(),
        size,
        client.address(id),
        issued);
  }

  private WhereSeen where(CheckedEntry.Judged entry) {
    return where(
        entry.id(), entry.leaf(), entry.key(), entry.kept().signed().seqno(), entry.issued());
  }

  /// The observation that a judgement leaves; empty for an entry that no watch selects.
  Optional<Observation> observation(Judgement judgement, Instant firstSeen) {
    return judgement instanceof Judgement.Signature signature
        ? Optional.of(
            new Observation(
                ledger.name(),
                0,
                signature.index(),
                signature.leaf(),
                Reports.observer(signature.hit().watch()),
                signature.verdict(),
                ledger.entryFormat(),
                signature.entry(),
                firstSeen,
                signature.loggedAt(),
                Optional.empty(),
                signature
                    .hit()
                    .signer()
                    .map(signer -> Surroundings.identity(signer, signature.trust())),
                signature.artifacts()))
        : Optional.empty();
  }

  /// The alert that a judgement leaves, if it is a finding.
  Optional<Alert> alert(CheckedEntry.Judged entry, Judgement judgement, Instant now) {
    WhereSeen where = where(entry);
    return switch (judgement) {
      case Judgement.Signature signature
          when signature.verdict() instanceof Verdict.Unexpected(String because) ->
          Optional.of(unexpected(where, signature, because, now));
      case Judgement.Signature _ -> Optional.empty();
      case Judgement.Resembling it ->
          Optional.of(alerts.lookalike(where, it.event(), it.lookalike(), it.trust(), now));
      case Judgement.Undecodable it ->
          Optional.of(
              alerts.undecodable(
                  where, it.reason(), it.mentioned().stream().map(Selected::of).toList(), now));
    };
  }

  private Alert unexpected(
      WhereSeen where, Judgement.Signature signature, String because, Instant now) {
    Selected selected = Selected.of(signature.hit(), signature.trust());
    return signature.trust() instanceof CertificateTrust.UnverifiedClaim
        ? alerts.unverifiedClaim(
            claims.severity(),
            where,
            signature.event(),
            selected,
            because,
            now,
            neighbourhood.of(where, ledger.name(), signature.event(), selected, now, 1))
        : alerts.unexpectedSignature(
            where,
            signature.event(),
            selected,
            because,
            now,
            neighbourhood.of(where, ledger.name(), signature.event(), selected, now, 1));
  }

  /// The finding that a judgement leaves, with its alert.
  Filing filing(CheckedEntry.Judged entry, Alert alert) {
    return new Filing(
        new Finding(alert, 0, entry.id().seqno(), evidence(entry)),
        routes.plan(alert).measured(own -> Flood.perHour(alert.kind(), claims, own)));
  }

  /// The finding that a watched issuer's security version went down.
  Filing versionRollback(
      CheckedEntry.Judged entry, Judgement.Signature signature, String because, Instant now) {
    Selected selected = Selected.of(signature.hit(), signature.trust());
    return filing(
        entry,
        ledgerAlerts.versionRollback(
            where(entry),
            signature.event(),
            selected,
            because,
            now,
            neighbourhood.of(where(entry), ledger.name(), signature.event(), selected, now, 1)));
  }

  /// The finding that the service registered what is not its issuer's.
  Filing statementInvalid(CheckedEntry.Judged entry, String why, Instant now) {
    return bounded(
        ledgerAlerts.statementInvalid(where(entry), entry.id().toString(), why, now),
        entry.id().seqno(),
        evidence(entry));
  }

  /// The finding that two receipts cannot be of one history.
  Filing fork(CheckedEntry.Proven entry, LedgerHeads.Contradiction contradiction, Instant now) {
    LedgerReceipt known = contradiction.known();
    List<Evidence> evidence = new ArrayList<>(evidence(entry));
    evidence.add(new Evidence("receipt-known.cose", known.receipt().toBytes()));
    evidence.add(new Evidence("receipt-shown.cose", entry.receipt().toBytes()));
    evidence.add(text("why.txt", contradiction.why()));
    return file(
        ledgerAlerts.fork(
            ledger(),
            known.signed().seqno(),
            words(known.signed(), known.root()),
            words(entry.path().signed(), entry.path().root()),
            contradiction.why(),
            now),
        known.signed().seqno(),
        evidence);
  }

  /// The finding that the ledger's files and a receipt cannot be of one history.
  ///
  /// @param files the root that the files have at that size
  Filing forkOfFiles(LedgerEntry known, Hash files, Optional<LedgerReceipt> kept, String file) {
    String why =
        "the files have root %s for %d transactions, where a receipt has root %s"
            .formatted(files, known.signed().seqno(), known.root());
    List<Evidence> evidence = new ArrayList<>();
    kept.ifPresent(it -> evidence.add(new Evidence("receipt-known.cose", it.receipt().toBytes())));
    evidence.add(text("why.txt", why + ", file " + file));
    return file(
        ledgerAlerts.fork(
            ledger(),
            known.signed().seqno(),
            words(known.signed(), known.root()),
            "file %s, root sha256:%s".formatted(file, files),
            why,
            clock.instant()),
        known.signed().seqno(),
        evidence);
  }

  private static String words(TxId signed, Hash root) {
    return "signed in %s, root sha256:%s".formatted(signed, root);
  }

  /// The finding that a receipt is dated before an earlier one.
  Filing receiptTime(CheckedEntry.Proven entry, String why, Instant now) {
    return bounded(
        ledgerAlerts.receiptTime(ledger(), entry.id().toString(), entry.id().seqno(), why, now),
        entry.id().seqno(),
        evidence(entry));
  }

  /// The finding that what was served for an entry does not prove it.
  Filing receiptInvalid(CheckedEntry.Unbelievable entry, Instant now) {
    return bounded(
        ledgerAlerts.receiptInvalid(
            ledger(), entry.id().toString(), entry.id().seqno(), entry.why(), now),
        entry.id().seqno(),
        served(entry.served(), entry.why()));
  }

  /// The finding that another statement stands where one was proven.
  Filing changed(LedgerEntry known, CheckedEntry.Proven now, Optional<LedgerReceipt> kept) {
    String why =
        "transaction %s: the digest of its statement is %s (known: %s)"
            .formatted(now.id(), now.message().claimsDigest(), known.claims());
    List<Evidence> evidence = new ArrayList<>(evidence(now));
    kept.ifPresent(
        receipt -> evidence.add(new Evidence("receipt-known.cose", receipt.receipt().toBytes())));
    evidence.add(text("why.txt", why));
    return became(Became.CHANGED, now.id().toString(), now.id().seqno(), why, evidence);
  }

  /// The finding that an entry or a file is not what an append-only ledger has.
  Filing became(Became became, String subject, long place, String why, List<Evidence> evidence) {
    return bounded(
        ledgerAlerts.entry(ledger(), became, subject, place, why, clock.instant()),
        place,
        evidence.isEmpty() ? List.of(text("why.txt", why)) : evidence);
  }

  /// The finding that the newest transaction is before one that was read.
  Filing rollback(long place, TxId shown) {
    return file(
        ledgerAlerts.rollback(ledger(), place, shown.toString(), clock.instant()),
        place,
        List.of(text("why.txt", "newest transaction: %s (read: %d)".formatted(shown, place))));
  }

  /// The finding that a key of the service is not what it was.
  ///
  /// @param key its id, or words
  /// @param served what came with it, if anything did
  Filing keys(KeyChange change, String key, Optional<CheckedEntry.OfUnknownKey> served) {
    List<Evidence> evidence = new ArrayList<>();
    served.ifPresent(entry -> evidence.addAll(served(entry.served(), entry.why())));
    if (served.isEmpty()) {
      keys.ifPresent(shown -> evidence.add(asEvidence(shown)));
    }
    return bounded(ledgerAlerts.keys(ledger(), change, key, clock.instant()), -1, evidence);
  }

  /// The finding that the service's policy is another one.
  Filing policy(String before, String now) {
    return bounded(
        ledgerAlerts.policy(ledger(), sha256(before), sha256(now), clock.instant()),
        -1,
        List.of(text("policy-before.json", before), text("policy-now.json", now)));
  }

  private static String sha256(String text) {
    return Hash.ofData(text.getBytes(StandardCharsets.UTF_8)).toHex();
  }

  private Filing file(Alert alert, long index, List<Evidence> evidence) {
    return new Filing(new Finding(alert, 0, index, evidence), routes.plan(alert));
  }

  private Filing bounded(Alert alert, long index, List<Evidence> evidence) {
    return new Filing(
        new Finding(alert, 0, index, evidence), routes.plan(alert).measured(own -> atMost(own)));
  }

  private static int atMost(int route) {
    return route == Telling.ALL ? BROKEN_PER_HOUR : Math.min(route, BROKEN_PER_HOUR);
  }

  /// What proves an entry without the ledger.
  List<Evidence> evidence(CheckedEntry.Judged entry) {
    List<Evidence> evidence = new ArrayList<>();
    switch (entry) {
      case CheckedEntry.Proven proven ->
          evidence.add(new Evidence("statement.cose", proven.message().toBytes()));
      case CheckedEntry.Filed filed -> {
        evidence.add(new Evidence("statement.cose", filed.entry().toBytes()));
        evidence.add(
            text(
                "receipt.txt",
                "no receipt was had: proven by the ledger's file %s, whose tree of %d the service"
                        .formatted(filed.file(), filed.kept().signed().seqno())
                    + " signed with root "
                    + filed.kept().root()));
      }
    }
    keys.ifPresent(shown -> evidence.add(asEvidence(shown)));
    return evidence;
  }

  private List<Evidence> served(Cbor.Bytes served, String why) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(new Evidence("statement.cose", served.toBytes()));
    keys.ifPresent(shown -> evidence.add(asEvidence(shown)));
    evidence.add(text("why.txt", why));
    return evidence;
  }

  private static Evidence asEvidence(LedgerClient.Keys shown) {
    return new Evidence("service-keys", shown.raw().toBytes());
  }

  static Evidence text(String name, String content) {
    return Reports.text(name, content);
  }
}
