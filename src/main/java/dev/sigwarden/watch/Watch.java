package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.settings.Section;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A named rule of the operator: whom to watch, what is expected of them. Immutable.
public final class Watch {
  private final String name;
  private final Severity severity;
  private final String owner;
  private final String runbook;
  private final List<Selector> selectors;
  private final Optional<Expectation> expectation;
  private final Optional<Severity> lookalikes;
  private final Optional<LookBack> since;
  private final List<String> warnings;

  Watch(
      String name,
      Severity severity,
      String owner,
      String runbook,
      List<Selector> selectors,
      Optional<Expectation> expectation,
      Optional<Severity> lookalikes,
      Optional<LookBack> since,
      List<String> warnings) {
    this.name = name;
    this.severity = severity;
    this.owner = owner;
    this.runbook = runbook;
    this.selectors = List.copyOf(selectors);
    this.expectation = expectation;
    this.lookalikes = lookalikes;
    this.since = since;
    this.warnings = List.copyOf(warnings);
  }

  /// The watches in the section `watches` of a file, by name.
  ///
  /// @param allowlists the allowlists that they may name
  public static Map<String, Watch> readAll(Section file, Allowlists allowlists) {
    return file.sections(
        "watches", "whom to watch, by a name of your own", watch -> read(watch, allowlists));
  }

  /// The watch that a section of the configuration describes; its name is the section's.
  ///
  /// @param allowlists the allowlists that a watch may name
  public static Watch read(Section section, Allowlists allowlists) {
    return new WatchReader(section, allowlists.names()).read();
  }

  /// The name.
  public String name() {
    return name;
  }

  /// How grave an unexpected signature is.
  public Severity severity() {
    return severity;
  }

  /// Who is responsible, as written by the operator; empty if not said.
  public String owner() {
    return owner;
  }

  /// Where the runbook is, as written by the operator; empty if not said.
  public String runbook() {
    return runbook;
  }

  /// How grave a signer is that resembles a watched one; empty if nobody asked for look-alikes.
  public Optional<Severity> lookalikes() {
    return lookalikes;
  }

  /// How far it wants to look back; empty for not at all.
  public Optional<LookBack> since() {
    return since;
  }

  /// What is allowed and probably not meant, each with its path in the configuration: a subject
  /// without issuer, a value that cannot be looked up, a requirement that can never hold.
  public List<String> warnings() {
    return warnings;
  }

  /// Which of a signer's names one of the selectors asks for; empty if none does.
  public Optional<String> subjectOf(Signer signer) {
    if (!(signer instanceof CertificateSigner certificate)) {
      return Optional.empty();
    }
    List<ValuePattern> patterns =
        selectors.stream()
            .flatMap(selector -> selector.criteria().stream())
            .filter(criterion -> criterion.trait() == Criterion.Trait.SUBJECT)
            .map(Criterion::pattern)
            .toList();
    return certificate.subjects().stream()
        .map(SubjectName::value)
        .filter(name -> patterns.stream().anyMatch(pattern -> pattern.matches(name)))
        .findFirst();
  }

  /// Whether the watch names one of these keys, by the SHA-256 of its SubjectPublicKeyInfo.
  boolean names(Set<Digest> keys) {
    return selectors.stream()
        .anyMatch(selector -> selector.keys().stream().anyMatch(keys::contains));
  }

  /// Whether the watch may select who signs as this subject, vouched for by this issuer, whatever
  /// else it asks of them.
  public boolean watches(String subject, String issuer) {
    return selectors.stream().anyMatch(selector -> selector.mayBe(subject, issuer));
  }

  List<Selector> selectors() {
    return selectors;
  }

  Optional<Expectation> expectation() {
    return expectation;
  }

  /// The name.
  @Override
  public String toString() {
    return name;
  }
}
