package dev.sigwarden.api;

import dev.sigwarden.access.Caller;
import dev.sigwarden.store.Deed;
import dev.sigwarden.text.Sanitizer;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/// The call that is being answered: who makes it, and from where. Set by `Guard`.
@RequestScoped
public class Call {
  /// Characters of a reason: a few sentences.
  static final int MAX_REASON = 500;

  /// Characters of what the audit log says of a change.
  static final int MAX_DETAIL = 2_000;

  private @Nullable Caller caller;
  private String source = "";

  /// Remembers who calls.
  void by(Caller known, String address) {
    caller = known;
    source = address;
  }

  /// Who calls.
  Caller caller() {
    Caller known = caller;
    if (known == null) {
      throw new IllegalStateException("a call that nobody let in (expected: through the guard)");
    }
    return known;
  }

  /// The address that the call comes from.
  String source() {
    return source;
  }

  /// What the caller does, for the audit log.
  ///
  /// @param reason why, in the caller's words; must not be blank
  Deed deed(String action, String subject, @Nullable String reason, String detail) {
    String why = reason == null ? "" : reason.strip();
    if (why.isEmpty() || why.length() > MAX_REASON) {
      throw Refused.wrong(
          "reason",
          why.length() + " characters",
          "why, in 1 to %d characters".formatted(MAX_REASON));
    }
    return new Deed(
        Sanitizer.clean(caller().name()),
        caller().role().label(),
        source,
        action,
        subject,
        Sanitizer.clean(why),
        Sanitizer.clean(detail, MAX_DETAIL));
  }
}
