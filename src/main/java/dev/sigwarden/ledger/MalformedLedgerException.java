package dev.sigwarden.ledger;

import java.util.Objects;

/// Bytes that are no ledger file. The message says where, what was found and what was expected.
public final class MalformedLedgerException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLedgerException(String message) {
    super(message);
  }

  /// What was found and what was expected; never null.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
