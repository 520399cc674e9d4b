package dev.sigwarden.store;

import java.sql.SQLException;
import java.util.Set;

/// What an error of PostgreSQL says about trying again. Class 08 and the codes below: PostgreSQL,
/// Appendix A.
enum Lost {
  /// Another transaction was in the way; the same work succeeds when repeated.
  CONFLICT,
  /// The connection is gone, was never had, or leads to a server that does not take writes any
  /// more; another one may do.
  CONNECTION,
  /// The server takes no further connection for now; one of those that are had may become free.
  FULL,
  /// Repeating it changes nothing.
  NOTHING;

  /// serialization_failure, deadlock_detected.
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01");

  /// admin_shutdown, crash_shutdown, cannot_connect_now, idle_session_timeout,
  /// idle_in_transaction_session_timeout, and read_only_sql_transaction: of what was the primary
  /// before another took over.
  private static final Set<String> GONE =
      Set.of("57P01", "57P02", "57P03", "57P05", "25P03", "25006");

  /// too_many_connections: of the server, the database or the account.
  private static final String TOO_MANY = "53300";

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
    if (state.equals(TOO_MANY)) {
      return FULL;
    }
    return state.startsWith("08") || GONE.contains(state) ? CONNECTION : NOTHING;
  }
}
