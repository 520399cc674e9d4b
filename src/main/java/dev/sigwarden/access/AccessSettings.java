package dev.sigwarden.access;

import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The section `api` of the configuration.
///
/// @param perSecond calls that one caller may make each second
/// @param oidc whose identity tokens are believed besides Sigwarden's own tokens; empty for
///   nobody's
public record AccessSettings(int perSecond, Optional<Oidc> oidc) {
  /// A person's browser and a pipeline stay far below; a database look-up each is nothing.
  private static final int PER_SECOND = 50;

  /// Where the configuration says nothing.
  public static final AccessSettings DEFAULT = new AccessSettings(PER_SECOND, Optional.empty());

  /// An OpenID Connect issuer whose tokens name people and pipelines.
  ///
  /// @param issuer its URL, below which its discovery document is found
  /// @param audience what a token's `aud` has to hold
  /// @param claim which claim lists the groups of the caller
  /// @param groups the groups that give a role
  /// @param allowlists what those of the role `release` may add to
  public record Oidc(
      URI issuer,
      String audience,
      String claim,
      Map<Role, List<String>> groups,
      Set<String> allowlists) {
    public Oidc {
      groups = Map.copyOf(groups);
      allowlists = Set.copyOf(allowlists);
    }

    /// The strongest role that one of the caller's groups gives.
    public Optional<Role> role(Set<String> callersGroups) {
      for (Role role : List.of(Role.ADMIN, Role.RESPONDER, Role.VIEWER, Role.RELEASE)) {
        if (groups.getOrDefault(role, List.of()).stream().anyMatch(callersGroups::contains)) {
          return Optional.of(role);
        }
      }
      return Optional.empty();
    }

    private static Oidc read(Section section, Set<String> allowlists) {
      URI issuer = section.url("issuer", List.of("https", "http"), "the issuer's URL");
      if ("http".equals(issuer.getScheme())
          && !List.of("127.0.0.1", "localhost", "[::1]").contains(issuer.getHost())) {
        section.problem("issuer", "http to another machine", "https");
      }
      Map<Role, List<String>> groups = new EnumMap<>(Role.class);
      section.section(
          "roles",
          "which groups of callers have which role",
          roles -> {
            for (Role role : Role.values()) {
              groups.put(role, roles.optionalTexts(role.label(), "groups that have this role"));
            }
            return true;
          });
      if (groups.values().stream().allMatch(List::isEmpty)) {
        section.problem("roles", "nothing", "groups for at least one role");
      }
      List<String> lists =
          section.optionalTexts("allowlists", "what callers with the role release may add to");
      for (String list : lists) {
        if (!allowlists.contains(list)) {
          section.problem("allowlists", list, "names of allowlists");
        }
      }
      return new Oidc(
          issuer,
          section.text("audience", "sigwarden", "what the `aud` of a token has to hold"),
          section.text("claim", "groups", "the claim that lists the groups of the caller"),
          groups,
          Set.copyOf(lists));
    }
  }

  /// Reads the section.
  ///
  /// @param allowlists the names of all allowlists
  public static AccessSettings read(Section section, Set<String> allowlists) {
    return new AccessSettings(
        (int)
            section.number(
                "per-second",
                DEFAULT.perSecond,
                1,
                10_000,
                "calls that one caller may make each second"),
        section.section(
            "oidc",
            "an OpenID Connect issuer whose access tokens are taken",
            oidc -> Oidc.read(oidc, allowlists)));
  }
}
