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
    List<Selector> selectors =
        section.list(
            "identities",
            "whom to watch; a signature is selected if all of one item's criteria hold",
            item -> new SelectorReader(item, warnings).read());
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
    return new Watch(section.name(), severity, owner, runbook, selectors, expectation, warnings);
  }

  private Expectation expectation(Section expect) {
    List<String> named =
        expect.optionalTexts("allowlists", "allowlists one of which has to hold the artifact");
    for (String name : named) {
      if (!allowlists.contains(name)) {
        String nearest = Nearest.of(name, allowlists).map(known -> "; perhaps " + known).orElse("");
        expect.problem("allowlists", name, "the name of an allowlist that is defined" + nearest);
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
