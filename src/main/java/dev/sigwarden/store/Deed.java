package dev.sigwarden.store;

/// A change that somebody makes, as the audit log keeps it.
///
/// @param who the caller: `token:ci`, `oidc:alice@acme.example`, `local`, `file`
/// @param role what the caller is, by its label; empty for none
/// @param source the address that the call came from; empty for none
/// @param action what is done, in words of the API: `allowlist.add`
/// @param subject to what: a finding's id, the name of an allowlist or token
/// @param reason why, in the caller's words; sanitised
/// @param detail what exactly; sanitised and bounded
public record Deed(
    String who,
    String role,
    String source,
    String action,
    String subject,
    String reason,
    String detail) {
  /// The same on another subject.
  public Deed about(String other) {
    return new Deed(who, role, source, action, other, reason, detail);
  }

  /// The same with another detail.
  public Deed withDetail(String other) {
    return new Deed(who, role, source, action, subject, reason, other);
  }
}
