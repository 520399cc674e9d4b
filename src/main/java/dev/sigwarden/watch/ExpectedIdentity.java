package dev.sigwarden.watch;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.text.Sanitizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whom a verifier expects to have signed, in the patterns of watches: each value as a whole,
/// exact, with `*`, or `re:` and an expression. Where a watch selects what may fit, this accepts
/// only what certainly does.
public final class ExpectedIdentity {
  private final Optional<Wanted> subject;
  private final Optional<Wanted> issuer;

  /// A pattern as the operator wrote it.
  private record Wanted(String text, ValuePattern pattern) {
    boolean holds(String value) {
      return pattern.holds(value);
    }

    String difference(String what, List<String> values) {
      String shown = Sanitizer.clean(values.isEmpty() ? "none" : String.join(", ", values));
      return "%s: %s (expected: %s)".formatted(what, shown, Sanitizer.clean(text));
    }
  }

  private ExpectedIdentity(Optional<Wanted> subject, Optional<Wanted> issuer) {
    this.subject = subject;
    this.issuer = issuer;
  }

  /// An expectation of these patterns; null where any value will do.
  ///
  /// @throws IllegalArgumentException if one is no pattern, with what was found and expected
  public static ExpectedIdentity of(@Nullable String subject, @Nullable String issuer) {
    return new ExpectedIdentity(wanted("identity", subject), wanted("issuer", issuer));
  }

  private static Optional<Wanted> wanted(String what, @Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(new Wanted(text, ValuePattern.of(text)));
    } catch (MalformedPatternException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /// An expectation of a signed statement; null where any value will do.
  ///
  /// @param feed what it has to be about
  /// @throws IllegalArgumentException if one is no pattern, with what was found and expected
  public static ExpectedIdentity ofStatement(@Nullable String issuer, @Nullable String feed) {
    return new ExpectedIdentity(wanted("feed", feed), wanted("issuer", issuer));
  }

  /// What of a statement's issuer and feed is not as expected; text from the statement, cleaned.
  public List<String> differences(String statementIssuer, String feed) {
    List<String> found = new ArrayList<>();
    if (subject.isPresent() && !subject.get().holds(feed)) {
      found.add(subject.get().difference("feed", List.of(feed)));
    }
    if (issuer.isPresent() && !issuer.get().holds(statementIssuer)) {
      found.add(issuer.get().difference("issuer", List.of(statementIssuer)));
    }
    return found;
  }

  /// Whether nothing is expected.
  public boolean isAny() {
    return subject.isEmpty() && issuer.isEmpty();
  }

  /// What of the certificate is not as expected; names in it are text from the certificate,
  /// cleaned.
  public List<String> differences(CertificateSigner certificate) {
    List<String> found = new ArrayList<>();
    List<String> names = certificate.subjects().stream().map(SubjectName::value).toList();
    if (subject.isPresent() && names.stream().noneMatch(subject.get()::holds)) {
      found.add(subject.get().difference("identity", names));
    }
    // Both forms of the extension: which of two that differ others believe depends on their age.
    List<String> issuers = new ArrayList<>(List.of(certificate.issuer()));
    Optional.ofNullable(certificate.extensions().get(Selector.ISSUER_V1)).ifPresent(issuers::add);
    if (issuer.isPresent() && !issuers.stream().allMatch(issuer.get()::holds)) {
      found.add(issuer.get().difference("issuer", issuers.stream().distinct().toList()));
    }
    return found;
  }
}
