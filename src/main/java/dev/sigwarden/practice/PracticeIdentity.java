package dev.sigwarden.practice;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// Who a practice certificate is made out to, in the way of Fulcio.
///
/// @param kind the kind of the one SubjectAltName
/// @param subject its value
/// @param issuer the OIDC issuer: extensions 1.3.6.1.4.1.57264.1.1 and .8
/// @param claims further extensions 1.3.6.1.4.1.57264.1.x by their x, 2 or more and not 7 or 8;
///   sorted
public record PracticeIdentity(
    Kind kind, String subject, String issuer, Map<Integer, String> claims) {
  /// Kinds of SubjectAltName.
  public enum Kind {
    /// A workflow, a SPIFFE id.
    URI,
    /// A person or a service account.
    EMAIL,
    /// A user name, `user!domain`, as an otherName of type 1.3.6.1.4.1.57264.1.7.
    OTHER_NAME,
    /// A host, which Fulcio issues nothing for: what authorities of the web do.
    DNS
  }

  private static final String GITHUB = "https://github.com/";

  public PracticeIdentity {
    claims = Collections.unmodifiableMap(new TreeMap<>(claims));
  }

  /// A person, by e-mail address.
  public static PracticeIdentity email(String address, String issuer) {
    return new PracticeIdentity(Kind.EMAIL, address, issuer, Map.of());
  }

  /// Anything that has a URI, without further claims.
  public static PracticeIdentity uri(String uri, String issuer) {
    return new PracticeIdentity(Kind.URI, uri, issuer, Map.of());
  }

  /// A GitHub Actions workflow with the claims that Fulcio copies from its token.
  ///
  /// @param repository `OWNER/NAME`
  /// @param workflow the file name, `release.yml`
  /// @param ref `refs/tags/v1.0.0`
  public static PracticeIdentity githubWorkflow(String repository, String workflow, String ref) {
    String uri = GITHUB + repository + "/.github/workflows/" + workflow + "@" + ref;
    String commit = "%040x".formatted(repository.hashCode() & 0xffff_ffffL);
    String owner = repository.substring(0, Math.max(0, repository.indexOf('/')));
    Map<Integer, String> claims = new TreeMap<>();
    claims.put(2, "push");
    claims.put(3, commit);
    claims.put(4, "release");
    claims.put(5, repository);
    claims.put(6, ref);
    claims.put(9, uri);
    claims.put(10, commit);
    claims.put(11, "github-hosted");
    claims.put(12, GITHUB + repository);
    claims.put(13, commit);
    claims.put(14, ref);
    claims.put(15, Integer.toUnsignedString(repository.hashCode()));
    claims.put(16, GITHUB + owner);
    claims.put(17, Integer.toUnsignedString(owner.hashCode()));
    claims.put(18, uri);
    claims.put(19, commit);
    claims.put(20, "push");
    claims.put(21, GITHUB + repository + "/actions/runs/1/attempts/1");
    claims.put(22, "public");
    return new PracticeIdentity(
        Kind.URI, uri, "https://token.actions.githubusercontent.com", claims);
  }
}
