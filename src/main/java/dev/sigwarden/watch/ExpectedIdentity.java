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
  private final Optional<ValuePattern> subject;
  private final Optional<ValuePattern> issuer;

  private ExpectedIdentity(Optional<ValuePattern> subject, Optional<ValuePattern> issuer) {
    this.subject = subject;
    this.issuer = issuer;
  }

  /// An expectation of these patterns; null where any value will do.
  ///
  /// @throws IllegalArgumentException if one is no pattern, with what was found and expected
  public static ExpectedIdentity of(@Nullable String subject, @Nullable String issuer) {
    return new ExpectedIdentity(pattern("identity", subject), pattern("issuer", issuer));
  }

  private static Optional<ValuePattern> pattern(String what, @Nullable String text) {
    try {
      return text == null ? Optional.empty() : Optional.of(ValuePattern.of(text));
    } catch (MalformedPatternException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /// An expectation of a signed statement; null where any value will do.
  ///
  /// @param feed what it has to be about
  /// @throws IllegalArgumentException if one is no pattern, with what was found and expected
  public static ExpectedIdentity ofStatement(@Nullable String issuer, @Nullable String feed) {
    return new ExpectedIdentity(pattern("feed", feed), pattern("issuer", issuer));
  }

  /// What of a statement's issuer and feed is not as expected; text from the statement, cleaned.
  public List<String> differences(String statementIssuer, String feed) {
    List<String> found = new ArrayList<>();
    if (subject.isPresent() && !subject.get().holds(feed)) {
      found.add("feed: " + shown(List.of(feed)));
    }
    if (issuer.isPresent() && !issuer.get().holds(statementIssuer)) {
      found.add("issuer: " + shown(List.of(statementIssuer)));
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
      found.add("identity: " + shown(names));
    }
    // Both forms of the extension: which of two that differ others believe depends on their age.
    List<String> issuers = new ArrayList<>(List.of(certificate.issuer()));
    Optional.ofNullable(certificate.extensions().get(Selector.ISSUER_V1)).ifPresent(issuers::add);
    if (issuer.isPresent() && !issuers.stream().allMatch(issuer.get()::holds)) {
      found.add("issuer: " + shown(issuers.stream().distinct().toList()));
    }
    return found;
  }

  private static String shown(List<String> values) {
    return Sanitizer.clean(values.isEmpty() ? "none" : String.join(", ", values));
  }
}
