package dev.sigwarden.store;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Trees, alerts and findings for tests: whatever has the same arguments is equal.
public final class StoreSamples {
  private StoreSamples() {}

  /// The first `size` leaves of a history; histories of other names differ from the first leaf on.
  public static Position position(String history, long size) {
    CompactRange range = CompactRange.empty();
    for (long i = 0; i < size; i++) {
      range.append(Hash.ofLeaf((history + i).getBytes(StandardCharsets.UTF_8)));
    }
    return Position.of(range);
  }

  public static Position position(long size) {
    return position("", size);
  }

  public static SeenHead head(String history, long size) {
    TreeHead head = position(history, size).head();
    return new SeenHead(
        head, "note of " + history + size + "\n", TestClock.START.plusSeconds(size));
  }

  public static SeenHead head(long size) {
    return head("", size);
  }

  public static View view(int branch, long head, long position) {
    return new View(branch, head(head), position(position));
  }

  public static Alert alert(String uid, int revision, Alert.Event event, Severity severity) {
    return new Alert(
        uid,
        revision,
        event,
        Kind.UNEXPECTED_SIGNATURE,
        severity,
        "Unexpected signature by acme-release",
        "not on allowlist acme-releases",
        "rekor",
        "acme-release",
        "release-team@acme.example",
        "https://wiki.acme.example/key-compromise",
        TestClock.START,
        TestClock.START.plusSeconds(1),
        List.of(new Field("identity", "https://github.com/acme/app <b>\"'\u2028", true)),
        List.of(
            new Field("sha256", "00ff", true),
            new Field("sha256", "11ee", true),
            new Field("name", "app.tar.gz", true)),
        List.of(new Field("integrated", "2026-11-22T10:00:00Z", false)),
        List.of(new Field("index", "9223372036854775807", false)),
        List.of(),
        List.of("sigwarden verify 'app'"),
        List.of("Ask the release team.", "Revoke the key."));
  }

  /// The alert with another time of first sight.
  public static Alert firstSeen(Alert a, Instant firstSeen) {
    return new Alert(
        a.uid(),
        a.revision(),
        a.event(),
        a.kind(),
        a.severity(),
        a.title(),
        a.why(),
        a.log(),
        a.watch(),
        a.owner(),
        a.runbook(),
        firstSeen,
        a.at(),
        a.who(),
        a.what(),
        a.when(),
        a.where(),
        a.scope(),
        a.check(),
        a.steps());
  }

  public static Finding finding(String uid) {
    return finding(uid, Severity.HIGH, 17);
  }

  public static Finding finding(String uid, Severity severity, long index) {
    return new Finding(
        alert(uid, 1, Alert.Event.OPENED, severity),
        0,
        index,
        List.of(
            new Evidence("entry.bin", new byte[] {1, 2, 3, 0, -1}),
            new Evidence("checkpoint.note", "note\n".getBytes(StandardCharsets.UTF_8))));
  }

  /// The finding met at another place.
  public static Finding elsewhere(Finding finding, String log, long index) {
    Alert a = finding.alert();
    Alert moved =
        new Alert(
            a.uid(),
            a.revision(),
            a.event(),
            a.kind(),
            a.severity(),
            a.title(),
            a.why(),
            log,
            a.watch(),
            a.owner(),
            a.runbook(),
            a.firstSeen(),
            a.at(),
            a.who(),
            a.what(),
            a.when(),
            a.where(),
            a.scope(),
            a.check(),
            a.steps());
    return new Finding(moved, finding.branch(), index, finding.evidence());
  }

  public static Filing filing(String uid, String... receivers) {
    return new Filing(finding(uid), List.of(receivers));
  }

  /// Tells the receiver so many findings one by one in an hour.
  public static Plan measured(String receiver, int perHour) {
    return Plan.of(List.of(receiver)).measured(_ -> perHour);
  }

  public static Condition condition(String uid, Alert.Event event, String... receivers) {
    Alert sample = alert(uid, 1, event, Severity.MEDIUM);
    return new Condition(sample, List.of(receivers));
  }

  public static Observer observer(String watch) {
    return new Observer(watch, Severity.HIGH, "team of " + watch, "https://run.example");
  }

  public static Observation observation(long index, String watch, Verdict verdict) {
    return observation(index, watch, verdict, TestClock.START);
  }

  public static Observation observation(
      long index, String watch, Verdict verdict, Instant firstSeen) {
    return new Observation(
        "rekor",
        0,
        index,
        Hash.ofLeaf(new byte[] {(byte) index}),
        observer(watch),
        verdict,
        "hashedrekord",
        EntryBytes.of(new byte[] {9, 8, (byte) index}),
        firstSeen,
        // Some logs keep no time.
        Optional.of(TestClock.START.minusSeconds(index)).filter(_ -> index % 2 == 1),
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  /// The same of an entry of other bytes.
  public static Observation ofEntry(Observation observation, String format, byte[] entry) {
    return with(observation, format, EntryBytes.of(entry), observation.certificate());
  }

  /// The same of an entry about a certificate.
  public static Observation ofCertificate(Observation observation, Hash certificate) {
    return with(observation, observation.format(), observation.entry(), Optional.of(certificate));
  }

  private static Observation with(
      Observation observation, String format, EntryBytes entry, Optional<Hash> certificate) {
    return new Observation(
        observation.log(),
        observation.branch(),
        observation.index(),
        observation.leaf(),
        observation.observer(),
        observation.verdict(),
        format,
        entry,
        observation.firstSeen(),
        observation.loggedAt(),
        certificate,
        observation.signer(),
        observation.artifacts());
  }

  /// The position of log `rekor` moved from the first `from` leaves to the first `to`.
  public static Commit commit(
      long from, long to, List<Observation> observations, List<Filing> filings) {
    return new Commit("rekor", 0, position(from).head(), position(to), observations, filings);
  }
}
