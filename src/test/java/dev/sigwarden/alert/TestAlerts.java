package dev.sigwarden.alert;

import dev.sigwarden.entry.ArtifactDigest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.ClaimedArtifact;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.PgpSigner.PgpUserId;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Lookalike;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Alerts for tests, one of each kind, always the same.
public final class TestAlerts {
  public static final Instant SEEN = Instant.parse("2026-09-01T11:59:58Z");
  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-09-01T12:00:05.123Z"), ZoneOffset.UTC);
  public static final String IDENTITY =
      "https://github.com/acme/app/.github/workflows/release.yml@refs/heads/main";

  private static final Alerts ALERTS = new Alerts("acme", Optional.empty(), CLOCK);
  private static final LogAlerts LOGS = new LogAlerts("acme", CLOCK);
  private static final Conditions CONDITIONS = new Conditions("acme", CLOCK);
  private static final DrillAlerts DRILLS = new DrillAlerts("acme", CLOCK);

  private static final CertificateTrust UNCHECKED =
      new CertificateTrust.NotChecked("no trust is configured for this log");

  private TestAlerts() {}

  /// Each kind of alert by a short name.
  public static Map<String, Alert> all() {
    TreeHead known = head(1000, "known");
    WhereSeen log = log(0);
    Map<String, Alert> all = new LinkedHashMap<>();
    all.put("unexpected-signature", unexpected(IDENTITY));
    all.put("unexpected-signature-verified", verified());
    all.put("unverified-claim", claim());
    all.put("unexpected-signature-by-key", signature(selected(Optional.empty()), key()));
    all.put("unexpected-signature-by-openpgp", signature(selected(Optional.empty()), rpm()));
    all.put("unexpected-signature-by-text", signature(selected(Optional.empty())));
    all.put("lookalike", lookalike());
    all.put("expected-entry-missing", missing());
    all.put(
        "entry-undecodable",
        ALERTS.undecodable(entry(), "kind is \"nope\"", List.of(selected(Optional.empty())), SEEN));
    all.put("entry-undecodable-unnamed", ALERTS.undecodable(entry(), "cut off", List.of(), SEEN));
    all.put("log-fork", fork());
    all.put("log-rollback", LOGS.rollback(log, known, head(900, "older"), SEEN));
    all.put("checkpoint-invalid", LOGS.checkpointInvalid(log, "signature", "no key matches", SEEN));
    all.put("leaves-mismatch", LOGS.leavesMismatch(log, 256, 512, known, "root differs", SEEN));
    all.put(
        "shards-changed",
        LOGS.shardsChanged(log, LogAlerts.Missing.VANISHED, "it is not listed any more", SEEN));
    all.put(
        "merged-late",
        LOGS.mergedLate(
            log, 1234, SEEN.minus(Duration.ofDays(2)), 1200, SEEN, Duration.ofHours(24), SEEN));
    all.putAll(LedgerTestAlerts.all());
    all.put("log-appeared", LOGS.appeared(log, "rekor", SEEN));
    all.put(
        "log-key-changed",
        LOGS.keysChanged(
            log, "sigstore", List.of("a+1+old", "a+2+b"), List.of("a+2+b", "a+3+new"), SEEN));
    all.put("log-delisted", CONDITIONS.delisted(log, "ct", 5, SEEN));
    all.put("log-unreachable", unreachable());
    all.put("log-unreachable-over", CONDITIONS.resolved(unreachable()));
    all.put(
        "mirror-unreachable",
        CONDITIONS.mirrorUnreachable(log, "https://mirror.example/: timed out", SEEN));
    all.put("checkpoint-stale", CONDITIONS.stale(log, 1000, Duration.ofHours(2), SEEN));
    all.put(
        "merge-delay-missed", CONDITIONS.mergeDelayMissed(log, 1000, Duration.ofHours(24), SEEN));
    all.put("witness-stale", CONDITIONS.witnessStale(log, "1 of 2 witnesses", SEEN));
    all.put("log-backlog", CONDITIONS.backlog(log, 1000, 250_000, "in about 3 days", SEEN));
    Alert flood = CONDITIONS.flood(log, 3, 1000, 1900, SEEN);
    all.put("alert-flood", flood);
    all.put("alert-flood-over", CONDITIONS.floodOver(flood, 9_980, 1000, 11_000));
    all.put("delivery-failing", CONDITIONS.deliveryFailing("soc", "answered 503", SEEN));
    all.put("trust-stale", CONDITIONS.trustStale("sigstore", "expired at", true, SEEN));
    all.put("trust-missing", CONDITIONS.trustStale("sigstore", "no answer", false, SEEN));
    all.put(
        "config-rejected",
        CONDITIONS.configRejected("sigwarden.yaml", List.of("line 3: unknown key"), SEEN));
    all.put(
        "config-differs",
        new ConfigConditions(CONDITIONS)
            .differs(new TreeMap<>(Map.of("prod-1-a", "0123456789abcdef", "prod-1-b", "")), SEEN));
    all.put(
        "database-away",
        new DatabaseConditions(CONDITIONS)
            .away(SEEN.minusSeconds(90), SEEN, "Connection to db.acme.example:5432 refused"));
    all.put(
        "allowlist-unreadable",
        CONDITIONS.allowlistUnreadable("acme-releases", "line 3: no digest", SEEN));
    all.put(
        "allowlist-changed",
        new AllowlistAlerts("acme", CLOCK)
            .changed(
                "acme-releases",
                Severity.MEDIUM,
                "ab".repeat(16),
                "token:ci",
                "192.0.2.7",
                "release 1.4.2",
                "1 line added")
            .alert());
    Regulars regulars = new Regulars("acme");
    all.put("clock-skew", regulars.clockSkew(Duration.ofMinutes(-7), SEEN));
    all.put("heartbeat", regulars.heartbeat("prod-1-a", SEEN));
    all.put("report", report(regulars));
    all.put("internal-error", CONDITIONS.internalError("turn of rekor-2025", "a bug", SEEN));
    Alert drill = DRILLS.marked(inDrill(), "swd_abcdefghijklmnop", "acme-release");
    all.put("drill", drill);
    all.put("drill-of-no-watch", DRILLS.marked(drill, "swd_abcdefghijklmnop", ""));
    all.put("drill-failed", drillFailed("delivered", "soc"));
    all.put("drill-failed-on-the-way", drillFailed("judged", ""));
    all.put("test", ALERTS.test("drill-1"));
    return all;
  }

  private static Alert report(Regulars regulars) {
    return regulars.report(
        "daily",
        SEEN.minus(Duration.ofDays(1)),
        SEEN,
        List.of(
            new Field("found", "2 unexpected-signature, 1 lookalike", false),
            new Field("open", "unexpected-signature swf_3jzlhydm2bkzhs4xvebmmmzqf2kc5f26", false)));
  }

  private static Alert drillFailed(String step, String receiver) {
    DrillAlerts.Place place = new DrillAlerts.Place("nightly", "acme-release", receiver);
    return DRILLS.failed(place, step, "answered 503", Duration.ofMinutes(1), SEEN);
  }

  /// An unexpected signature by a certificate with these names.
  public static Alert unexpected(String... subjects) {
    Signer signer = new TestCertificate(List.of(subjects));
    return signature(selected(Optional.of(signer)), signer);
  }

  /// An unexpected signature with these surroundings.
  public static Alert around(Surroundings around) {
    Signer signer = new TestCertificate(List.of(IDENTITY));
    return ALERTS.unexpectedSignature(
        entry(), event(signer), selected(Optional.of(signer)), "not allowed", SEEN, around);
  }

  /// What an entry of a drill's own log is told as, before it is marked.
  private static Alert inDrill() {
    Signer signer = new TestCertificate(List.of(IDENTITY));
    WhereSeen where =
        new WhereSeen(
            "drill",
            "tiles",
            "drill.sigwarden.invalid/swd_abcdefghijklmnop",
            "cf119915",
            0,
            0,
            sha256("drill").toHex(),
            1,
            "http://127.0.0.1:40000/drill/tile/entries/000.p/1");
    return ALERTS.unexpectedSignature(
        where,
        event(signer),
        selected(Optional.of(signer)),
        "sha256:c7c5… is not in allowlist acme-releases",
        SEEN,
        Surroundings.ofWatch(1));
  }

  private static Alert verified() {
    Signer signer = new TestCertificate(List.of(IDENTITY));
    CertificateTrust trust =
        new CertificateTrust.Verified(
            "CN=sigstore-intermediate,O=sigstore.dev", "https://ctfe.sigstore.dev/2022");
    Surroundings around =
        new Surroundings(7, 3, Optional.of(SEEN.minus(Duration.ofDays(40))), "")
            .with(
                List.of("log rekor, index 41", "log sigstore/log2025-1, index 7"),
                List.of(
                    new Surroundings.ListState(
                        "acme-releases",
                        "12 lines, API revision 4, file sha256:" + "5f".repeat(32),
                        true)));
    Alert alert =
        ALERTS.unexpectedSignature(
            entry(),
            event(signer),
            selected(Optional.of(signer), trust),
            "sha256:c7c5… is not in allowlist acme-releases",
            SEEN,
            around);
    return alert.withUrl("https://sigwarden.acme.example/api/v1/findings/" + alert.uid());
  }

  private static Alert missing() {
    return new MissingAlerts("acme", CLOCK)
        .missing(
            new MissingAlerts.Line("acme-releases", "api", "token:ci", "app-1.4.2.tar.gz"),
            new ExpectedEntry("sha256:" + "ab".repeat(32), "sigstore", SEEN.minusSeconds(58)),
            new MissingAlerts.Read(
                List.of(
                    new MissingAlerts.Part("sigstore/log2025-1", 1_000_000),
                    new MissingAlerts.Part("sigstore/log2026-1", 0)),
                SEEN,
                List.of(
                    new MissingAlerts.NotCovered(
                        "sigstore/log2025-1", "acme-release", 1_000_000, 1_200_000, true))),
            Optional.of(Severity.HIGH),
            List.of())
        .alert();
  }

  private static Alert claim() {
    Signer signer = new TestCertificate(List.of(IDENTITY));
    String reason = "no trusted authority has the name that it gives as its issuer";
    return ALERTS.unverifiedClaim(
        Severity.LOW,
        entry(),
        event(signer),
        selected(Optional.of(signer), new CertificateTrust.UnverifiedClaim(reason)),
        "nobody vouches for the certificate: " + reason,
        SEEN,
        Surroundings.ofWatch(3));
  }

  /// An alert that holds `text` in every place that a log can fill.
  public static Alert hostile(String text) {
    TestCertificate signer = new TestCertificate(List.of(text, text), text);
    SigningEvent event =
        new SigningEvent(
            text,
            text,
            List.of(
                signer,
                new TestPgp(List.of(new PgpUserId(text, PgpSigner.Proof.NOT_CHECKED))),
                new KeySigner(sha256("tuf"), text, List.of(new KeyId(KeyId.Scheme.TUF, text)))),
            List.of(),
            _ -> ClaimedArtifact.named(List.of(text, text), 7, text, text, text),
            EntryBytes.of(new byte[0]));
    WhereSeen where = new WhereSeen("rekor-2025", "rekor", text, "cf119915", 0, 7, "00", 8, text);
    return ALERTS.unexpectedSignature(
        where, event, selected(Optional.of(signer)), text, SEEN, Surroundings.ofWatch(1));
  }

  public static Alert fork() {
    return LOGS.fork(log(1), head(1000, "known"), head(1000, "other"), Optional.empty(), SEEN);
  }

  public static Alert unreachable() {
    return CONDITIONS.unreachable(log(0), "connect timed out", SEEN);
  }

  /// The same alert told again later.
  public static Alert again(Alert alert, Alert.Event event) {
    return new Alert(
        alert.uid(),
        alert.revision() + 1,
        event,
        alert.kind(),
        alert.severity(),
        alert.title(),
        alert.why(),
        alert.log(),
        alert.watch(),
        alert.owner(),
        alert.runbook(),
        alert.firstSeen(),
        alert.at(),
        alert.who(),
        alert.what(),
        alert.when(),
        alert.where(),
        alert.scope(),
        alert.check(),
        alert.steps());
  }

  private static Alert lookalike() {
    String yaml =
        """
        watches:
          acme-release:
            owner: release-team@acme.example
            identities: [{subject: "%s"}]
            lookalikes: true
        """
            .formatted(IDENTITY);
    Allowlists none = new Allowlists(List.of());
    Watch watch =
        SettingsFile.read(
                yaml.getBytes(StandardCharsets.UTF_8),
                "test.yaml",
                Path.of(""),
                root -> root.sections("watches", "", it -> Watch.read(it, none)),
                Map.of())
            .value()
            .orElseThrow()
            .values()
            .iterator()
            .next();
    Signer signer = new TestCertificate(List.of(IDENTITY.replace("acme", "\u0430cme")));
    SigningEvent event = event(signer);
    Lookalike found = Watches.of(List.of(watch), none).lookalikes(event, List.of()).getFirst();
    return ALERTS.lookalike(
        entry(), event, found, new CertificateTrust.UnverifiedClaim("no trusted authority"), SEEN);
  }

  private static SigningEvent event(Signer... signers) {
    return new SigningEvent(
        "hashedrekord",
        "0.0.2",
        List.of(signers),
        List.of(new ArtifactDigest(sha256("artifact"), ArtifactDigest.Role.ARTIFACT)),
        EntryBytes.of(new byte[0]));
  }

  /// A package by name and version.
  private static SigningEvent rpm() {
    return new SigningEvent(
        "rpm",
        "0.0.1",
        List.of(pgp()),
        List.of(new ArtifactDigest(sha256("artifact"), ArtifactDigest.Role.ARTIFACT)),
        _ -> ClaimedArtifact.named("acme-app", "1.4.2-3.el9"),
        EntryBytes.of(new byte[0]));
  }

  private static Alert signature(Selected selected, Signer... signers) {
    return signature(selected, event(signers));
  }

  private static Alert signature(Selected selected, SigningEvent event) {
    return ALERTS.unexpectedSignature(
        entry(),
        event,
        selected,
        sha256("artifact") + " is not in allowlist acme-releases",
        SEEN,
        Surroundings.ofWatch(3));
  }

  private static Signer key() {
    return new KeySigner(sha256("key"), "PKIX_ECDSA_P256_SHA_256");
  }

  private static TestPgp pgp() {
    return new TestPgp(
        List.of(
            new PgpUserId("Acme Releases <sign@acme.example>", PgpSigner.Proof.SELF_SIGNED),
            new PgpUserId("CEO <ceo@acme.example>", PgpSigner.Proof.NOT_SELF_SIGNED)));
  }

  /// An OpenPGP key with these user ids.
  private record TestPgp(List<PgpUserId> checkedUserIds) implements PgpSigner {
    @Override
    public List<PgpKey> keys() {
      return Stream.of("main", "sub")
          .map(seed ->
              new PgpKey(
                  new KeyId(KeyId.Scheme.PGP, sha256(seed).toHex().substring(0, 40)),
                  sha256(seed),
                  "RSA 4096"))
          .toList();
    }

    @Override
    public List<String> userIds() {
      return checkedUserIds.stream().map(PgpUserId::text).toList();
    }
  }

  private static Selected selected(Optional<Signer> signer) {
    return selected(signer, UNCHECKED);
  }

  private static Selected selected(Optional<Signer> signer, CertificateTrust trust) {
    return new Selected(
        "acme-release",
        Severity.CRITICAL,
        "release-team@acme.example",
        "https://wiki.acme.example/key-compromise",
        "subject https://github.com/acme/*",
        signer.map(TestAlerts::lastName).orElse(""),
        signer,
        trust);
  }

  private static String lastName(Signer signer) {
    return signer instanceof CertificateSigner certificate && !certificate.subjects().isEmpty()
        ? certificate.subjects().getLast().value()
        : "";
  }

  private static WhereSeen entry() {
    return new WhereSeen(
        "rekor-2025",
        "rekor-tiles",
        "log2025-1.rekor.sigstore.dev",
        "cf119915",
        0,
        123456789,
        sha256("leaf").toHex(),
        123456999,
        "https://log2025-1.rekor.sigstore.dev/api/v2/tile/entries/x482/253");
  }

  private static WhereSeen log(int branch) {
    return WhereSeen.log(
        "rekor-2025",
        "rekor-tiles",
        "log2025-1.rekor.sigstore.dev",
        "cf119915",
        branch,
        "https://log2025-1.rekor.sigstore.dev");
  }

  private static TreeHead head(long size, String seed) {
    return new TreeHead(size, Hash.ofLeaf(seed.getBytes(StandardCharsets.UTF_8)));
  }

  static Digest sha256(String seed) {
    byte[] hash = FindingId.sha256().digest(seed.getBytes(StandardCharsets.UTF_8));
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  /// A certificate that says what it is told.
  private record TestCertificate(List<String> names, String text) implements CertificateSigner {
    TestCertificate(List<String> names) {
      this(names, "");
    }

    private String or(String usual) {
      return text.isEmpty() ? usual : text;
    }

    @Override
    public List<SubjectName> subjects() {
      return names.stream().map(name -> new SubjectName(SubjectName.Kind.URI, name)).toList();
    }

    @Override
    public String issuer() {
      return or("https://token.actions.githubusercontent.com");
    }

    @Override
    public Map<String, String> extensions() {
      return Map.of(
          "1.3.6.1.4.1.57264.1.12", or("https://github.com/acme/app"),
          "1.3.6.1.4.1.57264.1.14", or("refs/heads/main"),
          "1.3.6.1.4.1.57264.1.3", or("1f3c0000000000000000000000000000000000aa"),
          "1.3.6.1.4.1.57264.1.21", or("https://github.com/acme/app/actions/runs/123456"),
          "1.3.6.1.4.1.57264.1.11", or("github-hosted"));
    }

    @Override
    public String subjectDn() {
      return text;
    }

    @Override
    public String issuerDn() {
      return or("CN=sigstore-intermediate,O=sigstore.dev");
    }

    @Override
    public String serial() {
      return or("3b9a1f00c2d4e6");
    }

    @Override
    public Instant notBefore() {
      return Instant.parse("2026-09-01T11:59:50Z");
    }

    @Override
    public Instant notAfter() {
      return Instant.parse("2026-09-01T12:09:50Z");
    }

    @Override
    public List<String> oddities() {
      return text.isEmpty() ? List.of() : List.of(text);
    }

    @Override
    public Digest certificateSha256() {
      return sha256("certificate");
    }

    @Override
    public Digest keySha256() {
      return sha256("key");
    }

    @Override
    public byte[] toDer() {
      return new byte[0];
    }
  }
}
