package dev.sigwarden.bundle;

import dev.sigwarden.bundle.SigstoreBundle.Content;
import dev.sigwarden.bundle.SigstoreBundle.Material;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.trust.KeptRoot;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.trust.TrustedRoot;
import dev.sigwarden.tuf.RefusedException;
import dev.sigwarden.watch.AllowlistSigner;
import dev.sigwarden.watch.ExpectedIdentity;
import dev.sigwarden.watch.Watch;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An identity whose Sigstore bundle has to come with the lines of an allowlist: `cosign sign-blob
/// --bundle`, by somebody who is not the release pipeline. Asks nobody: the trusted root is a file
/// of the operator's, or what was kept of a repository, and a log of it has to prove that it holds
/// the signature.
///
/// Whoever gets hold of that identity leaves an entry in a public log each time they widen a list.
public final class IdentitySigner implements AllowlistSigner {
  /// The key of an allowlist's section.
  private static final String KEY = "signed-by-identity";

  private final String subject;
  private final String issuer;
  private final ExpectedIdentity identity;
  private final KeptRoot root;
  private volatile @Nullable Checking checking;

  /// What checks by one version of the root.
  private record Checking(String version, BundleCheck check) {}

  IdentitySigner(String subject, String issuer, KeptRoot root) {
    this.subject = subject;
    this.issuer = issuer;
    this.identity = ExpectedIdentity.of(subject, issuer);
    this.root = root;
  }

  /// Reads who has to sign a list's lines; empty if no identity has to.
  ///
  /// @param list the section of the allowlist
  /// @param trusts all trusted roots by name
  public static Optional<AllowlistSigner> read(Section list, Map<String, TrustSettings> trusts) {
    return list.section(
            KEY,
            "an identity that no watch watches and whose Sigstore bundle has to come with the lines",
            section -> identity(section, trusts))
        .flatMap(found -> found);
  }

  private static Optional<AllowlistSigner> identity(
      Section section, Map<String, TrustSettings> trusts) {
    String subject = one(section, "subject", "the subject of its certificates, whole");
    String issuer = one(section, "issuer", "the OIDC issuer of its certificates, whole");
    return root(section, trusts).map(root -> new IdentitySigner(subject, issuer, root));
  }

  private static Optional<KeptRoot> root(Section section, Map<String, TrustSettings> trusts) {
    String named =
        "the name of the trusted root that certificates and logs are checked against; in place of"
            + " trusted-root";
    String trust = section.text("trust", "", named);
    String meaning = "a trusted_root.json: the authorities and logs of a Sigstore instance";
    Optional<String> file = section.optionalFile("trusted-root", meaning);
    if (file.isPresent() != trust.isEmpty()) {
      section.problem(
          "trust", file.isPresent() ? "and trusted-root as well" : "missing", "one of the two");
      return Optional.empty();
    }
    if (!trust.isEmpty()) {
      return named(section, trust, trusts).map(KeptRoot::of);
    }
    try {
      byte[] json = file.orElseThrow().getBytes(StandardCharsets.UTF_8);
      return Optional.of(KeptRoot.of(TrustedRoot.parse(json)));
    } catch (RefusedException e) {
      section.problem("trusted-root", String.valueOf(e.getMessage()), meaning);
      return Optional.empty();
    }
  }

  private static Optional<TrustSettings> named(
      Section section, String trust, Map<String, TrustSettings> trusts) {
    Optional<TrustSettings> found = Optional.ofNullable(trusts.get(trust));
    if (found.isEmpty()) {
      String hint = Nearest.hint(trust, trusts.keySet());
      section.problem("trust", trust + hint, "the name of a section of `trust`");
    } else if (!found.get().namesLogs()) {
      section.problem("trust", trust + ", which names no log", "a trusted root with tlogs");
      return Optional.empty();
    }
    return found;
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
  public String trust() {
    return root.name();
  }

  @Override
  public Optional<String> basis() {
    return root.version();
  }

  /// What checks by the root that is kept now; empty if there is none.
  private Optional<BundleCheck> check() {
    Optional<String> version = root.version();
    Checking known = checking;
    if (known == null || version.isEmpty() || !known.version().equals(version.get())) {
      known =
          version
              .flatMap(now -> root.root().map(it -> new Checking(now, new BundleCheck(it))))
              .orElse(null);
      checking = known;
    }
    return Optional.ofNullable(known).map(Checking::check);
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
    Optional<BundleCheck> check = check();
    if (check.isEmpty()) {
      return Optional.of("no trusted root of %s was ever verified here".formatted(root.name()));
    }
    BundleVerdict verdict =
        check.get().check(bundle, Set.of(Digest.sha256(lines, 0, lines.length)));
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
