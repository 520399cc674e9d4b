package dev.sigwarden.store;

import java.sql.SQLException;
import java.util.Set;

/// What an error of PostgreSQL says about trying again. Class 08 and the codes below: PostgreSQL,
/// Appendix A.
enum Lost {
  /// Another transaction was in the way; the same work succeeds when repeated.
  CONFLICT,
  /// The connection is gone, or was never had; another one may do.
  CONNECTION,
  /// Repeating it changes nothing.
  NOTHING;

  /// serialization_failure, deadlock_detected.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /// admin_shutdown, crash_shutdown, cannot_connect_now, idle_in_transaction_session_timeout.
  private static final Set<String> GONE = Set.of("57P01", "57P02", "57P03", "25P03");

  /// transaction_resolution_unknown: nobody may repeat it by itself.
  static final String UNRESOLVED = "08007";

  static Lost of(SQLException e) {
    String state = e.getSQLState();
    if (state == null) {
      return NOTHING;
    }
    if (CONFLICTS.contains(state)) {
      return CONFLICT;
    }
    if (state.equals(UNRESOLVED)) {
      return NOTHING;
    }
    return state.startsWith("08") || GONE.contains(state) ? CONNECTION : NOTHING;
  }
}
