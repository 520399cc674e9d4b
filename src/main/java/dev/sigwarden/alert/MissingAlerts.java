package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Watch;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Findings on entries that an allowlist says must appear and that did not: what is released
/// without them was not made where releases are made, or the log hides it.
public final class MissingAlerts {
  private final String tenant;
  private final Clock clock;

  /// Findings of one tenant; the clock gives the time of each telling.
  public MissingAlerts(String tenant, Clock clock) {
    this.tenant = tenant;
    this.clock = clock;
  }

  /// The line that says so.
  ///
  /// @param list the allowlist's name
  /// @param source where the line is: `file` or `api`
  /// @param by who added it; empty if not known
  /// @param note what stood behind it; empty for nothing
  public record Line(String list, String source, String by, String note) {}

  /// Where it was looked for.
  ///
  /// @param logs the logs that were read, by the operator's names
  /// @param through through when all of them were
  public record Read(List<String> logs, Instant through) {
    public Read {
      logs = logs.stream().sorted().toList();
    }
  }

  /// An entry that is missing.
  ///
  /// @param severity as the list has it; empty for as grave as the gravest of the watches
  /// @param watches those that go by the list: only their identities' entries count
  public Finding missing(
      Line line, ExpectedEntry entry, Read read, Optional<Severity> severity, List<Watch> watches) {
    Instant now = Alerts.millis(clock.instant());
    Optional<Watch> gravest = watches.stream().min(Comparator.comparing(Watch::severity));
    String where = entry.log().isEmpty() ? "any log that is followed" : "log " + entry.log();
    Fields scope = new Fields().add("allowlist", line.list()).add("said-by", line.source());
    watches.stream()
        .limit(Sanitizer.MAX_ITEMS)
        .forEach(watch -> scope.add("by-identity-of", watch.name()));
    Fields logs = new Fields();
    read.logs().stream().limit(Sanitizer.MAX_ITEMS).forEach(log -> logs.add("read", log));
    String uid =
        FindingId.finding(
            tenant,
            Kind.EXPECTED_ENTRY_MISSING.label() + "/" + line.list(),
            entry.line() + " " + entry.log(),
            entry.due().getEpochSecond());
    Alert alert =
        new Alert(
                uid,
                1,
                Alert.Event.OPENED,
                Kind.EXPECTED_ENTRY_MISSING,
                severity
                    .or(() -> gravest.map(Watch::severity))
                    .orElse(Kind.EXPECTED_ENTRY_MISSING.severity()),
                Kind.EXPECTED_ENTRY_MISSING.title(),
                "Allowlist %s says that an entry must be in %s by %s. All that was logged by then was read; %s."
                    .formatted(line.list(), where, entry.due(), who(watches)),
                entry.log(),
                watches.size() == 1 ? Sanitizer.clean(watches.getFirst().name()) : "",
                gravest.map(watch -> Sanitizer.clean(watch.owner())).orElse(""),
                gravest.map(watch -> Sanitizer.clean(watch.runbook())).orElse(""),
                now,
                now,
                new Fields().add("allowed-by", line.by()).list(),
                what(line, entry),
                new Fields()
                    .add("due", entry.due().toString())
                    .add("read-through", Alerts.millis(read.through()).toString())
                    .add("first-seen", now.toString())
                    .list(),
                logs.list(),
                scope.list(),
                new Commands().add("sigwarden allow list %s", line.list()).list(),
                steps(line))
            .withActs(acts(uid, line, entry));
    return new Finding(alert, 0, -1, List.of());
  }

  private static String who(List<Watch> watches) {
    if (watches.isEmpty()) {
      return "no watch goes by this list, so nobody's entry counts";
    }
    String names =
        watches.stream()
            .limit(Sanitizer.MAX_ITEMS)
            .map(watch -> Sanitizer.clean(watch.name()))
            .collect(Collectors.joining(", "));
    return "no such entry by an identity of %s %s is there"
        .formatted(watches.size() == 1 ? "watch" : "the watches", names);
  }

  private static List<Field> what(Line line, ExpectedEntry entry) {
    boolean certificate = entry.line().startsWith("tbs:");
    return new Fields()
        .add(certificate ? "certificate" : "digest", entry.line())
        .add("name", line.note())
        .list();
  }

  private static List<String> steps(Line line) {
    List<String> steps = new ArrayList<>();
    steps.add(
        "Ask whoever releases whether this was released, by a way that needs none of the release"
            + " pipeline's accounts.");
    steps.add(
        "If it was: it was published without being signed where releases are signed. Treat it as"
            + " made by somebody else until the pipeline's own record explains it: take it down by its"
            + " digest, search registries and machines for that digest, revoke tokens that can"
            + " publish.");
    steps.add(
        "If it was signed by another identity, or into another log: find it there, and ask why the"
            + " pipeline does so since when.");
    steps.add(
        "If the release was called off: %s, and close this finding."
            .formatted(
                line.source().equals("api")
                    ? "revoke the line"
                    : "take the line out of the list's file"));
    steps.add(
        "Should the entry appear late, this finding is told again with the place, and stays open.");
    return steps;
  }

  private static List<String> acts(String uid, Line line, ExpectedEntry entry) {
    List<String> acts = new ArrayList<>(Acts.of(uid));
    if (line.source().equals("api")) {
      acts.addAll(
          acts.size() - 1,
          new Commands()
              .add(
                  "sigwarden allow revoke %s --digest %s --reason 'WHY'", line.list(), entry.line())
              .list());
    }
    return acts;
  }
}
