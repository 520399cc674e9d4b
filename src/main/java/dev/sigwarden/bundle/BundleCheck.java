package dev.sigwarden.bundle;

import dev.sigwarden.bundle.SigstoreBundle.Content;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.trust.CertificateCheck;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.TrustedRoot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/// Checks bundles against a trusted root: is the signature in a log, who made it, while the
/// certificate was valid, and of what. Asks nobody. Immutable, thread-safe.
///
/// Stricter than it has to be where that is simpler: of several entries each has to hold.
public final class BundleCheck {
  private final LogCheck logs;
  private final CertificateCheck certificates;
  private final TimestampCheck timestamps;
  private final ContentCheck contents = new ContentCheck();

  /// A check by this root.
  public BundleCheck(TrustedRoot root) {
    this.logs = new LogCheck(root);
    this.certificates = new CertificateCheck(root);
    this.timestamps = new TimestampCheck(root);
  }

  /// What each log's part of a bundle is worth, in the bundle's order.
  public List<LogVerdict> logs(SigstoreBundle bundle) {
    return bundle.entries().stream().map(entry -> logs.check(entry, bundle.version())).toList();
  }

  /// What the bundle is worth.
  ///
  /// @param artifact the digests of the artifact that it should be of, by any algorithms; empty if
  ///   any artifact will do
  public BundleVerdict check(SigstoreBundle bundle, Set<Digest> artifact) {
    List<LogVerdict> logged = logs(bundle);
    List<String> problems = new ArrayList<>(contents.check(bundle, artifact));
    if (logged.isEmpty()) {
      problems.add("log: the bundle names none (expected: an entry of one)");
    }
    return switch (bundle.signer()) {
      case Material.Key(String hint) -> {
        problems.add("signer: a key that the bundle does not hold, called %s".formatted(hint));
        yield new BundleVerdict(
            logged,
            new CertificateTrust.NotChecked("the bundle has no certificate"),
            times(logged),
            problems);
      }
      case Material.Certified(CertificateSigner certificate) -> {
        List<Instant> times = times(logged);
        byte[] signature = signature(bundle.content());
        bundle.timestamps().forEach(one -> timestamps.check(one, signature).ifPresent(times::add));
        when(problems, certificate, logged, times);
        yield new BundleVerdict(logged, certificates.check(certificate), times, problems);
      }
    };
  }

  /// A certificate is a few minutes long, so that its key may be lost afterwards: what is signed
  /// outside of them is not the identity's.
  private static void when(
      List<String> problems,
      CertificateSigner certificate,
      List<LogVerdict> logged,
      List<Instant> times) {
    if (times.isEmpty() && logged.stream().noneMatch(LogVerdict.Refused.class::isInstance)) {
      problems.add(
          "time: no log and no time stamping authority of the trusted root says when it was signed");
    }
    for (Instant time : times) {
      if (time.isBefore(certificate.notBefore()) || time.isAfter(certificate.notAfter())) {
        problems.add(
            "time: signed at %s (expected: while the certificate was valid, %s to %s)"
                .formatted(time, certificate.notBefore(), certificate.notAfter()));
      }
    }
  }

  private static List<Instant> times(List<LogVerdict> logged) {
    List<Instant> times = new ArrayList<>();
    logged.forEach(verdict -> verdict.time().ifPresent(times::add));
    return times;
  }

  private static byte[] signature(Content content) {
    return Base64.getDecoder()
        .decode(
            switch (content) {
              case Content.Message message -> message.signature();
              case Content.Envelope envelope -> envelope.signatures().getFirst();
            });
  }
}
