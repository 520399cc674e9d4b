package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Digest;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.store.Duties.Duty;
import dev.sigwarden.store.Duties.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Tells what was too much to be told one by one, in one digest however many there are: their
/// number is the database's concern. Members of a flood have all labels alike. One transaction's.
final class Floods {
  private static final String MEMBERS =
      " FROM duty AS d JOIN finding AS f ON f.uid = d.uid WHERE d.receiver = ? AND d.grp = ?"
          + " AND d.stage = ? AND d.due_at <= ? AND f.state ";

  private final Connection c;
  private final Hush hush;
  private final Instant now;
  private final Duties duties;
  private final Holds holds;
  private final Digests digests;

  Floods(Connection c, Hush hush, Holds holds, Instant now) {
    this.c = c;
    this.hush = hush;
    this.now = now;
    this.holds = holds;
    this.duties = new Duties(c, now);
    this.digests = new Digests(c, now);
  }

  /// Tells each flood that is due, at most `limit`.
  void tell(int limit) throws SQLException {
    List<Duty> due =
        Sql.all(
            c,
            Duties::duty,
            "SELECT min(uid) AS uid, receiver, stage, grp, min(pause) AS pause,"
                + " max(repeats) AS repeats, min(hours) AS hours FROM duty"
                + " WHERE due_at IS NOT NULL AND due_at <= ? AND grp LIKE '"
                + Duties.FLOOD
                + "%' GROUP BY receiver, stage, grp ORDER BY receiver, stage, grp LIMIT ?",
            now,
            limit);
    for (Duty flood : due) {
      tell(flood);
    }
  }

  private record Sum(long all, long first, long last) {}

  private void tell(Duty flood) throws SQLException {
    List<Alert> named =
        Sql.all(
            c,
            row -> Findings.alert(row.getString(1)),
            "SELECT f.alert" + members(flood) + " ORDER BY f.opened_at, f.idx, f.uid LIMIT ?",
            flood.receiver(),
            flood.group(),
            flood.stage().label(),
            now,
            Digest.NAMED);
    if (!named.isEmpty()) {
      Optional<Holds.Hold> hold = holds.of(named.getFirst(), hush, flood.hours());
      if (hold.isPresent()) {
        holds.note(named.getFirst(), flood.receiver(), hold.get());
        putOff(flood, hold.get().until());
        return;
      }
      tell(flood, named);
    }
    Sql.update(
        c,
        "DELETE FROM duty WHERE receiver = ? AND grp = ? AND stage = ? AND due_at <= ?",
        flood.receiver(),
        flood.group(),
        flood.stage().label(),
        now);
  }

  /// Of what nobody has taken others are told, of what nobody has closed its receivers are.
  private static String members(Duty flood) {
    return MEMBERS + (flood.stage() == Stage.FIRST ? "<> 'closed'" : "= 'open'");
  }

  private void putOff(Duty flood, Instant until) throws SQLException {
    Sql.update(
        c,
        "UPDATE duty SET due_at = ?"
            + " WHERE receiver = ? AND grp = ? AND stage = ? AND due_at <= ?",
        until,
        flood.receiver(),
        flood.group(),
        flood.stage().label(),
        now);
  }

  private void tell(Duty flood, List<Alert> named) throws SQLException {
    Sum sum =
        Sql.all(
                c,
                row -> new Sum(row.getLong(1), row.getLong(2), row.getLong(3)),
                "SELECT count(*), min(f.idx), max(f.idx)" + members(flood),
                flood.receiver(),
                flood.group(),
                flood.stage().label(),
                now)
            .getFirst();
    String why =
        flood.stage() == Stage.FIRST
            ? "They are more than this receiver is told one by one in an hour."
            : "They were too many to be told one by one, and nobody has taken any of these yet.";
    String uid =
        digests.tell(
            flood,
            flood.group(),
            new Digest.Members(
                named,
                sum.all(),
                why,
                List.of(
                    new Field("first-index", Long.toString(sum.first()), false),
                    new Field("last-index", Long.toString(sum.last()), false))));
    Sql.update(
        c,
        "INSERT INTO digest_member (digest, uid) SELECT ?, d.uid"
            + members(flood)
            + " ON CONFLICT (digest, uid) DO NOTHING",
        uid,
        flood.receiver(),
        flood.group(),
        flood.stage().label(),
        now);
    if (flood.stage() == Stage.FIRST) {
      Sql.update(
          c,
          "INSERT INTO outbox (id, uid, revision, receiver, severity, urgency, state, attempts,"
              + " due_at, changed_at, created_at, alert, opened_id, reason, held_by)"
              + " SELECT '"
              + Deliveries.HELD
              + "' || d.uid || ' ' || d.receiver || ' ' || ?, d.uid, 1, d.receiver, f.severity,"
              + " 9, 'SUPPRESSED', 0, ?, ?, ?, '', '', 'opened', ?"
              + members(flood)
              + " ON CONFLICT (id) DO NOTHING",
          Digests.named(uid),
          now,
          now,
          now,
          Digests.named(uid),
          flood.receiver(),
          flood.group(),
          flood.stage().label(),
          now);
      duties.pause(flood);
    }
  }
}
