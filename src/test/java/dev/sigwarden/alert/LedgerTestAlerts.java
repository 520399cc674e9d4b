package dev.sigwarden.alert;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.StatementSigner;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Alerts on ledgers for tests, one of each kind, always the same.
final class LedgerTestAlerts {
  private static final Instant SEEN = TestAlerts.SEEN;
  private static final String KEY =
      "a7ad3b7729516ca443fa472a0f2faa4a984ee3da7eafd17f98dcffbac4a6a10f";
  private static final Alerts ALERTS = new Alerts("acme", Optional.empty(), TestAlerts.CLOCK);
  private static final LedgerAlerts LEDGERS = new LedgerAlerts("acme", ALERTS, TestAlerts.CLOCK);
  private static final LedgerConditions CONDITIONS =
      new LedgerConditions(new Conditions("acme", TestAlerts.CLOCK));

  private LedgerTestAlerts() {}

  static Map<String, Alert> all() {
    WhereSeen ledger = WhereSeen.log("cts", "scitt", "cts.example", "", 0, "https://cts.example/");
    WhereSeen entry =
        new WhereSeen(
            "cts",
            "scitt",
            "cts.example",
            "a7ad3b77",
            0,
            120,
            "12".repeat(32),
            121,
            "https://cts.example/entries/2.120/statement",
            Optional.of(SEEN));
    Map<String, Alert> all = new LinkedHashMap<>();
    all.put(
        "ledger-fork",
        LEDGERS.fork(
            ledger,
            121,
            "signed in 2.121, root sha256:11",
            "signed in 2.121, root sha256:22",
            "two roots signed in transaction 2.121",
            SEEN));
    all.put("ledger-rollback", LEDGERS.rollback(ledger, 121, "4.90", SEEN));
    all.put(
        "entries-changed",
        LEDGERS.entry(
            ledger,
            LedgerAlerts.Became.HIDDEN,
            "2.120",
            120,
            "file ledger_1-200.committed has transaction 2.120, which the list leaves out",
            SEEN));
    all.put(
        "receipt-invalid",
        LEDGERS.receiptInvalid(ledger, "2.120", 120, "receipt: for another statement", SEEN));
    all.put(
        "receipt-time",
        LEDGERS.receiptTime(ledger, "2.120", 120, "dated before the one before", SEEN));
    all.put(
        "service-keys-changed", LEDGERS.keys(ledger, LedgerAlerts.KeyChange.UNKNOWN, KEY, SEEN));
    all.put(
        "service-keys-accepted", LEDGERS.keys(ledger, LedgerAlerts.KeyChange.ACCEPTED, KEY, SEEN));
    all.put("policy-changed", LEDGERS.policy(ledger, "11".repeat(32), "22".repeat(32), SEEN));
    all.put(
        "statement-invalid",
        LEDGERS.statementInvalid(
            entry, "2.120", "the signature is not that of the certificate's key", SEEN));
    all.put(
        "version-rollback",
        LEDGERS.versionRollback(
            entry,
            event(),
            selected(),
            "security version 6 after 7",
            SEEN,
            Surroundings.ofWatch(2)));
    all.put(
        "entry-unavailable",
        CONDITIONS.unavailable(ledger, 3, "2.120", "not ready: status 503", SEEN));
    return all;
  }

  private static StatementSigner signer() {
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    return new StatementSigner(
        "did:x509:0:sha256:I__iuL25oXEVFdTP::eku:1.2.3",
        List.of(),
        "acme/app",
        OptionalLong.of(6),
        Optional.of(SEEN),
        "application/octet-stream",
        "",
        "ES384",
        Optional.empty(),
        List.of("1.2.3"),
        Digest.sha256(key, 0, key.length),
        List.of());
  }

  private static SigningEvent event() {
    byte[] artifact = "artifact".getBytes(StandardCharsets.UTF_8);
    return new SigningEvent(
        "scittstatement",
        "",
        List.of(signer()),
        List.of(
            new ArtifactDigest(
                Digest.sha256(artifact, 0, artifact.length), ArtifactDigest.Role.ARTIFACT)),
        _ ->
            ClaimedArtifact.named(
                List.of("pkg:oci/acme/app@sha256:7e7e", "acme-app.spdx.json"),
                3,
                "",
                "https://slsa.dev/provenance/v1",
                "application/vnd.in-toto+json"),
        EntryBytes.of(artifact));
  }

  private static Selected selected() {
    return new Selected(
        "acme-images",
        Severity.CRITICAL,
        "release-team@acme.example",
        "https://wiki.acme.example/key-compromise",
        "issuer: did:x509:*",
        "",
        Optional.of(signer()),
        new CertificateTrust.Verified("the issuer's did:x509 stands for the certificate", ""));
  }
}
