package dev.sigwarden.alert;

import dev.sigwarden.entry.Signer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Watch;
import java.util.Optional;

/// A watch that selected an entry, as far as an alert speaks of it.
///
/// @param watch the watch's name
/// @param severity how grave its unexpected signatures are
/// @param owner who is responsible; empty if not said
/// @param runbook where the runbook is; empty if not said
/// @param selector which of its selectors, in the operator's words
/// @param matched which of the signer's names the watch asks for; empty if it asks for none
/// @param signer the signer that matched; empty for selectors on raw text
/// @param trust what the signer's certificate is worth
public record Selected(
    String watch,
    Severity severity,
    String owner,
    String runbook,
    String selector,
    String matched,
    Optional<Signer> signer,
    CertificateTrust trust) {
  private static final CertificateTrust UNASKED =
      new CertificateTrust.NotChecked("the entry was not judged");

  /// The watch itself, none of its selectors.
  public static Selected of(Watch watch) {
    return new Selected(
        watch.name(),
        watch.severity(),
        watch.owner(),
        watch.runbook(),
        "",
        "",
        Optional.empty(),
        UNASKED);
  }

  /// A watch that is gone, as it was when it selected something.
  public static Selected gone(String watch, Severity severity, String owner, String runbook) {
    return new Selected(watch, severity, owner, runbook, "", "", Optional.empty(), UNASKED);
  }

  /// The same of a hit.
  ///
  /// @param trust what the certificate of the hit's signer is worth
  public static Selected of(Hit hit, CertificateTrust trust) {
    return new Selected(
        hit.watch().name(),
        hit.watch().severity(),
        hit.watch().owner(),
        hit.watch().runbook(),
        hit.selector(),
        hit.signer().flatMap(hit.watch()::subjectOf).orElse(""),
        hit.signer(),
        trust);
  }
}
