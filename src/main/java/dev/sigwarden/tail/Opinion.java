package dev.sigwarden.tail;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Hit;
import dev.sigwarden.watch.Verdict;
import dev.sigwarden.watch.Watches;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What one watch says of an entry that it selected, once the certificates that it was selected by
/// were checked.
///
/// A certificate that nobody vouches for is no signature of the identity that it names, so nothing
/// that is expected of that identity covers it: the entry is unexpected at once, as an unverified
/// claim. If one that is vouched for stands beside it, that one decides; only where it is expected
/// is the other one told of, so that a false name beside a true one neither hides nor lowers what
/// the true one did.
///
/// @param hit the watch, with the signer that counts
/// @param trust what that signer's certificate is worth
/// @param verdict what the watch says
record Opinion(Hit hit, CertificateTrust trust, Verdict verdict) {
  private static final CertificateTrust NOT_BY_NAME =
      new CertificateTrust.NotChecked("the watch selected it by something else");

  /// The opinion of the hit's watch on an event first seen at `firstSeen`.
  ///
  /// @param check what a certificate is worth; asked only for those that the watch selected by name
  static Opinion of(
      Watches watches,
      Function<CertificateSigner, CertificateTrust> check,
      Hit hit,
      SigningEvent event,
      Instant firstSeen,
      Instant now) {
    Verdict verdict = watches.judge(hit, event, firstSeen, now);
    Optional<Opinion> verified = Optional.empty();
    Optional<Opinion> unchecked = Optional.empty();
    Optional<Opinion> claim = Optional.empty();
    List<CertificateSigner> claimed = watches.claimed(hit, event);
    for (CertificateSigner signer : claimed) {
      Hit by = new Hit(hit.watch(), hit.selector(), Optional.of(signer));
      CertificateTrust trust = check.apply(signer);
      Optional<Opinion> opinion =
          Optional.of(
              new Opinion(
                  by,
                  trust,
                  trust instanceof CertificateTrust.UnverifiedClaim(String reason)
                      ? new Verdict.Unexpected("nobody vouches for the certificate: " + reason)
                      : verdict));
      switch (trust) {
        case CertificateTrust.Verified _ -> verified = verified.or(() -> opinion);
        case CertificateTrust.NotChecked _ -> unchecked = unchecked.or(() -> opinion);
        case CertificateTrust.UnverifiedClaim _ -> claim = claim.or(() -> opinion);
      }
    }
    if (verified.isPresent() && verdict instanceof Verdict.Expected && claim.isPresent()) {
      return claim.get();
    }
    Optional<Opinion> worst = claim;
    Optional<Opinion> neither = unchecked;
    return verified
        .or(() -> neither)
        .or(() -> worst)
        .orElseGet(() -> new Opinion(hit, NOT_BY_NAME, verdict));
  }

  /// How much it matters, more for the graver.
  int gravity() {
    return switch (verdict) {
      case Verdict.Expected _ -> 0;
      case Verdict.Pending _ -> 1;
      case Verdict.Unexpected _ -> isClaim() ? 2 : 3;
    };
  }

  /// Whether it is an unverified claim.
  boolean isClaim() {
    return trust instanceof CertificateTrust.UnverifiedClaim;
  }
}
