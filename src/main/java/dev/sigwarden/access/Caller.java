package dev.sigwarden.access;

import java.util.Set;

/// Who calls the API.
///
/// @param name how the audit log calls it: `token:ci`, `oidc:alice@acme.example`, `local`
/// @param role what it is
/// @param allowlists the allowlists that a `RELEASE` may add to; nothing for the others
public record Caller(String name, Role role, Set<String> allowlists) {
  public Caller {
    allowlists = Set.copyOf(allowlists);
  }

  /// A caller that is bound to no allowlist.
  public Caller(String name, Role role) {
    this(name, role, Set.of());
  }

  /// Whether it may do that.
  public boolean may(Permission permission) {
    return role.may(permission);
  }

  /// Whether it may add to that allowlist.
  public boolean mayAllow(String allowlist) {
    return may(Permission.ADMINISTER) || (may(Permission.ALLOW) && allowlists.contains(allowlist));
  }
}
