package dev.sigwarden.watch;

import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Reads one watch from its section.
final class WatchReader {
  /// Longer waiting for an allowlist would be no watching.
  private static final Duration MAX_GRACE = Duration.ofDays(30);

  private final Section section;
  private final Collection<String> allowlists;
  private final List<String> warnings = new ArrayList<>();

  WatchReader(Section section, Collection<String> allowlists) {
    this.section = section;
    this.allowlists = List.copyOf(allowlists);
  }

  Watch read() {
    Severity severity =
        section.choice(
            "severity", Severity.class, Severity.HIGH, "how grave an unexpected signature is");
    String owner = section.text("owner", "", "who is responsible, shown in alerts");
    String runbook = section.text("runbook", "", "what to do, usually a URL, shown in alerts");
    List<String> paths = new ArrayList<>();
    List<Selector> selectors =
        section.list(
            "identities",
            "whom to watch; a signature is selected if all of one item's criteria hold",
            item -> {
              paths.add(item.path());
              return new SelectorReader(item, warnings).read();
            });
    Optional<Severity> lookalikes = lookalikes(severity);
    if (lookalikes.isPresent()) {
      warnOfLookalikes(selectors, paths);
    }
    Optional<LookBack> since = since();
    if (selectors.isEmpty()) {
      section.problem("identities", "missing or empty", "at least one item");
    }
    Optional<Expectation> expectation =
        section.section(
            "expect",
            "what is expected of the signatures; without it each one is reported",
            this::expectation);
    boolean hopeless =
        expectation.isPresent()
            && !expectation.get().require().isEmpty()
            && !selectors.isEmpty()
            && selectors.stream().noneMatch(Selector::needsCertificate)
            && selectors.stream().noneMatch(selector -> !selector.keys().isEmpty());
    if (hopeless) {
      warnings.add(
          section.path() + ".expect.require: no identity has a certificate, so this never holds");
    }
    return new Watch(
        section.name(),
        severity,
        owner,
        runbook,
        selectors,
        expectation,
        lookalikes,
        since,
        warnings);
  }

  private Optional<LookBack> since() {
    Optional<String> written =
        section.optionalText(
            "since",
            "how far to look back in each log when the watch is new or selects others: "
                + LookBack.FORMS);
    Optional<LookBack> since = written.flatMap(LookBack::parse);
    if (written.isPresent() && since.isEmpty()) {
      section.problem("since", written.get(), LookBack.FORMS);
    }
    return since;
  }

  /// Never graver than the real thing.
  private Optional<Severity> lookalikes(Severity severity) {
    boolean asked =
        section.flag(
            "lookalikes",
            false,
            "whether signers are reported whose subject is easily taken for one of identities");
    Severity own =
        section.choice(
            "lookalike-severity",
            Severity.class,
            Severity.MEDIUM,
            "how grave a look-alike is, at most as grave as severity");
    return asked ? Optional.of(own.compareTo(severity) < 0 ? severity : own) : Optional.empty();
  }

  private void warnOfLookalikes(List<Selector> selectors, List<String> paths) {
    for (int i = 0; i < selectors.size(); i++) {
      boolean subject =
          selectors.get(i).criteria().stream()
              .anyMatch(criterion -> criterion.trait() == Criterion.Trait.SUBJECT);
      if (subject && Watched.of(selectors.get(i)).isEmpty()) {
        warnings.add(
            paths.get(i)
                + ": no look-alikes can be told from this subject (expected: a value, or a glob that"
                + " writes out the owner or the domain)");
      }
    }
    if (selectors.stream().noneMatch(selector -> Watched.of(selector).isPresent())) {
      warnings.add(section.path() + ".lookalikes: no identity has a subject to resemble");
    }
  }

  private Expectation expectation(Section expect) {
    List<String> named =
        expect.optionalTexts("allowlists", "allowlists one of which has to hold the artifact");
    for (String name : named) {
      if (!allowlists.contains(name)) {
        expect.problem(
            "allowlists",
            name + Nearest.hint(name, allowlists),
            "the name of an allowlist that is defined");
      }
    }
    List<Expectation.Requirement> require = new ArrayList<>();
    expect
        .textMap("require", "certificate extensions, by name or OID, and the values they must have")
        .forEach((name, value) -> requirement(expect, name, value).ifPresent(require::add));
    Duration grace =
        expect.duration(
            "grace",
            Duration.ZERO,
            Duration.ZERO,
            MAX_GRACE,
            "how long an artifact may be missing from the allowlists before it is unexpected");
    if (named.isEmpty() && require.isEmpty()) {
      expect.problem("allowlists", "missing", "allowlists, require, or both");
    }
    if (named.isEmpty() && !grace.isZero()) {
      expect.problem("grace", grace.toString(), "allowlists beside it, for it to wait for");
    }
    return new Expectation(named, require, grace);
  }

  private static Optional<Expectation.Requirement> requirement(
      Section expect, String name, String value) {
    Optional<String> oid = SelectorReader.oid(name);
    if (oid.isEmpty()) {
      SelectorReader.unknownExtension(expect, "require", name);
      return Optional.empty();
    }
    return SelectorReader.pattern(expect, "require", value)
        .map(pattern -> new Expectation.Requirement(name, oid.get(), value, pattern));
  }
}
