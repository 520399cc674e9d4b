package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.FindingState;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/// What a receiver was told last of a finding, condition or digest that is still there, or has
/// ended lately.
///
/// @param key the key of that telling
/// @param alert what it was told
/// @param openedKey the key of this receiver's first telling of the same
public record Standing(String key, Alert alert, String openedKey) {
  /// The next of them in the order of their uids.
  ///
  /// @param after the uid to go on behind; empty to begin
  /// @param endedSince what ended before that is not among them
  static List<Standing> page(
      Connection c, String receiver, String after, int limit, Instant endedSince)
      throws SQLException {
    return Sql.all(
        c,
        row ->
            new Standing(
                row.getString("id"),
                Findings.alert(row.getString("alert")),
                row.getString("opened_id")),
        "SELECT o.id, o.alert, o.opened_id FROM ("
            + "SELECT uid FROM finding WHERE state IN (?, ?)"
            + " UNION SELECT uid FROM condition_state WHERE is_open = 1"
            + " UNION SELECT uid FROM digest WHERE state <> 'closed'"
            + " UNION SELECT uid FROM outbox WHERE receiver = ? AND state = 'SENT'"
            + " AND sent_at >= ? AND reason IN (?, ?)"
            + ") AS there JOIN outbox AS o ON o.uid = there.uid"
            + " WHERE o.receiver = ? AND o.state = 'SENT' AND o.uid > ?"
            + " AND NOT EXISTS (SELECT 1 FROM outbox AS later WHERE later.receiver = o.receiver"
            + " AND later.uid = o.uid AND later.state = 'SENT' AND later.revision > o.revision)"
            + " ORDER BY o.uid LIMIT ?",
        FindingState.OPEN.label(),
        FindingState.ACKNOWLEDGED.label(),
        receiver,
        endedSince,
        Alert.Event.CLOSED.label(),
        Alert.Event.RESOLVED.label(),
        receiver,
        after,
        limit);
  }
}
