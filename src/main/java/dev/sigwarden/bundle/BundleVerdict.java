package dev.sigwarden.bundle;

import dev.sigwarden.trust.CertificateTrust;
import java.time.Instant;
import java.util.List;

/// What a bundle is worth.
///
/// @param logs what each log's part is worth, in the bundle's order
/// @param certificate what the signer's certificate is worth
/// @param times when the signature was there already, as logs and time stamping authorities of the
///   trusted root signed
/// @param problems what else does not hold; may hold text from the bundle
public record BundleVerdict(
    List<LogVerdict> logs,
    CertificateTrust certificate,
    List<Instant> times,
    List<String> problems) {
  public BundleVerdict {
    logs = List.copyOf(logs);
    times = List.copyOf(times);
    problems = List.copyOf(problems);
  }

  /// Whether a log holds the entry: at least one is named, and of each named what is said holds.
  public boolean logged() {
    return !logs.isEmpty() && logs.stream().noneMatch(LogVerdict.Refused.class::isInstance);
  }

  /// Whether everything holds.
  public boolean accepted() {
    return logged() && certificate instanceof CertificateTrust.Verified && problems.isEmpty();
  }
}
