package dev.sigwarden.bundle;

import dev.sigwarden.bundle.SigstoreBundle.Content;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.watch.AllowlistSigner;
import dev.sigwarden.watch.ExpectedIdentity;
import dev.sigwarden.watch.Watch;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// An identity whose Sigstore bundle has to come with the lines of an allowlist: `cosign sign-blob
/// --bundle`, by somebody who is not the release pipeline. Asks nobody: the trusted root is a file
/// of the operator's, and a log of it has to prove that it holds the signature.
///
/// Whoever gets hold of that identity leaves an entry in a public log each time they widen a list.
public final class IdentitySigner implements AllowlistSigner {
  /// The key of an allowlist's section.
  private static final String KEY = "signed-by-identity";

  private final String subject;
  private final String issuer;
  private final ExpectedIdentity identity;
  private final BundleCheck check;

  IdentitySigner(String subject, String issuer, TrustedRoot root) {
    this.subject = subject;
    this.issuer = issuer;
    this.identity = ExpectedIdentity.of(subject, issuer);
    this.check = new BundleCheck(root);
  }

  /// Reads who has to sign a list's lines; empty if no identity has to.
  ///
  /// @param list the section of the allowlist
  public static Optional<AllowlistSigner> read(Section list) {
    return list.section(
            KEY,
            "an identity that no watch watches and whose Sigstore bundle has to come with the lines",
            IdentitySigner::identity)
        .flatMap(found -> found);
  }

  private static Optional<AllowlistSigner> identity(Section section) {
    String subject = one(section, "subject", "the subject of its certificates, whole");
    String issuer = one(section, "issuer", "the OIDC issuer of its certificates, whole");
    String meaning = "a trusted_root.json: the authorities and logs of a Sigstore instance";
    Optional<String> root = section.optionalFile("trusted-root", meaning);
    if (root.isEmpty()) {
      section.problem("trusted-root", "missing", meaning);
      return Optional.empty();
    }
    try {
      return Optional.of(
          new IdentitySigner(
              subject, issuer, TrustedRoot.parse(root.get().getBytes(StandardCharsets.UTF_8))));
    } catch (RefusedException e) {
      section.problem("trusted-root", String.valueOf(e.getMessage()), meaning);
      return Optional.empty();
    }
  }

  /// One value and no pattern: whoever fits a pattern could sign.
  private static String one(Section section, String key, String meaning) {
    String value = section.text(key, meaning);
    if (value.indexOf('*') >= 0 || value.startsWith("re:")) {
      section.problem(key, value, "one value, no pattern");
      return "none";
    }
    return value;
  }

  @Override
  public Optional<String> watchedBy(Watch watch) {
    return watch.watches(subject, issuer)
        ? Optional.of("watches the identity in " + KEY)
        : Optional.empty();
  }

  @Override
  public Optional<String> wrong(byte[] lines, String signature) {
    return refused(lines, signature).map(why -> "bundle: " + Sanitizer.clean(why));
  }

  /// The first thing that does not hold; may hold text from the bundle.
  private Optional<String> refused(byte[] lines, String signature) {
    SigstoreBundle bundle;
    try {
      bundle = SigstoreBundle.parse(signature.getBytes(StandardCharsets.UTF_8));
    } catch (RefusedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    if (!(bundle.content() instanceof Content.Message)) {
      // A statement about a text says something of it, and not that it is approved.
      return Optional.of("a statement about something (expected: a signature over the lines)");
    }
    BundleVerdict verdict = check.check(bundle, Set.of(Digest.sha256(lines, 0, lines.length)));
    for (LogVerdict log : verdict.logs()) {
      switch (log) {
        case LogVerdict.Proven _ -> {}
        case LogVerdict.Promised _ -> {
          return Optional.of("log: a promise (expected: a proof that the log holds it)");
        }
        case LogVerdict.Refused(String why) -> {
          return Optional.of("log: " + why);
        }
      }
    }
    if (!verdict.problems().isEmpty()) {
      return Optional.of(verdict.problems().getFirst());
    }
    return switch (verdict.certificate()) {
      case CertificateTrust.Verified _ -> another(bundle.signer());
      case CertificateTrust.UnverifiedClaim(String why) -> Optional.of("certificate: " + why);
      case CertificateTrust.NotChecked(String why) -> Optional.of("certificate: " + why);
    };
  }

  private Optional<String> another(Material signer) {
    return switch (signer) {
      case Material.Certified(CertificateSigner certificate) ->
          identity.differences(certificate).stream().findFirst();
      case Material.Key _ -> Optional.of("signer: a key (expected: a certificate)");
    };
  }
}
