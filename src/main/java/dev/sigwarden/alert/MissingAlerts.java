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

  /// Scans that are proposed for what was not looked through.
  private static final int MAX_SCANS = 3;

  /// The line that says so.
  ///
  /// @param list the allowlist's name
  /// @param source where the line is: `file` or `api`
  /// @param by who added it; empty if not known
  /// @param note what stood behind it; empty for nothing
  public record Line(String list, String source, String by, String note) {}

  /// Where it was looked for.
  ///
  /// @param parts what of the logs was read
  /// @param through through when all of them were
  /// @param notCovered what of it a watch has not looked through as it is now
  public record Read(List<Part> parts, Instant through, List<NotCovered> notCovered) {
    public Read {
      parts = List.copyOf(parts);
      notCovered = List.copyOf(notCovered);
    }
  }

  /// What was read of a log.
  ///
  /// @param log the operator's name
  /// @param first the index of the first entry that was
  public record Part(String log, long first) {}

  /// Entries `[from, to)` that a watch has not looked through, since it was new or other then.
  ///
  /// @param log the operator's name
  /// @param watch the operator's name
  /// @param scannable whether a scan can look through them: of a ledger none can
  public record NotCovered(String log, String watch, long from, long to, boolean scannable) {
    private String words() {
      return "log %s [%d, %d): watch %s selected others, or nobody, when that was read"
          .formatted(log, from, to, watch);
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
                "Allowlist %s says that an entry must be in %s by %s. %s; %s."
                    .formatted(
                        line.list(),
                        where,
                        entry.due(),
                        read.notCovered().isEmpty()
                            ? "All that was logged by then was read"
                            : "It was looked for where the watches have looked, and not everywhere",
                        who(watches)),
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
                where(read),
                scope.list(),
                commands(line, read),
                steps(line))
            .withActs(acts(uid, line, entry));
    return new Finding(alert, 0, -1, List.of());
  }

  private static List<Field> where(Read read) {
    Fields logs = new Fields();
    read.parts().stream().limit(Sanitizer.MAX_ITEMS).forEach(part -> logs.add("read", part.log()));
    read.parts().stream()
        .filter(part -> part.first() > 0)
        .limit(Sanitizer.MAX_ITEMS)
        .forEach(part ->
            logs.add(
                "read-from",
                "log %s: entry %d, none before it".formatted(part.log(), part.first())));
    read.notCovered().stream()
        .limit(Sanitizer.MAX_ITEMS)
        .forEach(part -> logs.add("not-covered", part.words()));
    int more = read.notCovered().size() - Sanitizer.MAX_ITEMS;
    return logs.add("more-not-covered", more > 0 ? "…[+" + more + "]" : "").list();
  }

  /// How to see the lines, and how to look through what was not.
  private static List<String> commands(Line line, Read read) {
    Commands commands = new Commands().add("sigwarden allow list %s", line.list());
    read.notCovered().stream()
        .filter(NotCovered::scannable)
        .limit(MAX_SCANS)
        .forEach(part ->
            commands.add(
                "sigwarden scan --remote --log %s --from %s --to %s --watch %s --reason 'an entry is missed'",
                part.log(), Long.toString(part.from()), Long.toString(part.to()), part.watch()));
    return commands.list();
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
