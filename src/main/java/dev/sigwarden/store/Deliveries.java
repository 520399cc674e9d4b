package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.MalformedAlertException;
import dev.sigwarden.merkle.Hash;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// The outbox: one row for each telling to each receiver.
///
/// A row is PENDING until it is due and leased, LEASED until it is marked, the lease ends or its
/// owner asks for another, and stays as SENT or DEAD. Every change names the state it expects, so
/// that two workers cannot both count.
final class Deliveries {
  /// The longest reason or reference that is kept, in characters: the first line of any error is
  /// shorter.
  static final int MAX_TEXT = 500;

  /// How long a row that this version cannot read is put off: until a person has updated or
  /// repaired.
  private static final Duration UNREADABLE_PAUSE = Duration.ofHours(1);

  /// How far the clocks of those who share a database may be apart. What was written later than
  /// that from now was written before the clock was set back, and waits for no time of that clock.
  private static final Duration SKEW = Duration.ofMinutes(1);

  /// Deliveries of a receiver that may be tried; parameters: receiver, now, now and the skew, who
  /// asks. Whoever asks has nothing in work: what it leased itself it was never told of, since the
  /// connection was lost. The first two conditions are those of the index outbox_next.
  private static final String DUE =
      " FROM outbox AS o WHERE receiver = ? AND state IN ('PENDING', 'LEASED')"
          + " AND (due_at <= ? OR changed_at > ? OR lease_owner = ?)"
          + " AND NOT EXISTS (SELECT 1 FROM outbox AS earlier"
          + " WHERE earlier.receiver = o.receiver AND earlier.uid = o.uid"
          + " AND earlier.revision < o.revision"
          + " AND earlier.state IN ('PENDING', 'LEASED'))";

  /// What the id of a telling that was held back starts with; uid, receiver and by what follow.
  static final String HELD = "held-";

  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  private Deliveries() {}

  /// Writes a row for each receiver, unless there is one of this telling.
  ///
  /// @param openedRevision the telling that opened the finding or condition
  static void route(
      Connection c, Alert alert, List<String> receivers, int openedRevision, Instant now)
      throws SQLException {
    String json = AlertJson.write(alert);
    for (String receiver : receivers) {
      String id = id(alert, receiver);
      Optional<String> opened =
          Sql.first(
              c,
              row -> row.getString(1),
              "SELECT id FROM outbox WHERE receiver = ? AND uid = ? AND revision >= ?"
                  + " AND state <> 'SUPPRESSED' ORDER BY revision LIMIT 1",
              receiver,
              alert.uid(),
              openedRevision);
      Sql.update(
          c,
          "INSERT INTO outbox (id, uid, revision, receiver, severity, urgency, state, attempts,"
              + " due_at, changed_at, created_at, alert, opened_id, reason)"
              + " VALUES (?, ?, ?, ?, ?, ?, 'PENDING', 0, ?, ?, ?, ?, ?, ?)"
              + " ON CONFLICT (id) DO NOTHING",
          id,
          alert.uid(),
          alert.revision(),
          receiver,
          alert.severity().label(),
          urgency(alert),
          now,
          now,
          now,
          json,
          opened.orElse(id),
          alert.event().label());
    }
  }

  /// Notes a telling that was held back; false if that is noted already.
  ///
  /// @param by what held it back, in our words and the operator's names
  static boolean held(Connection c, Alert alert, String receiver, String by, Instant now)
      throws SQLException {
    return Sql.update(
            c,
            "INSERT INTO outbox (id, uid, revision, receiver, severity, urgency, state, attempts,"
                + " due_at, changed_at, created_at, alert, opened_id, reason, held_by)"
                + " VALUES (?, ?, ?, ?, ?, ?, 'SUPPRESSED', 0, ?, ?, ?, '', '', ?, ?)"
                + " ON CONFLICT (id) DO NOTHING",
            HELD + alert.uid() + " " + receiver + " " + by,
            alert.uid(),
            alert.revision(),
            receiver,
            alert.severity().label(),
            urgency(alert),
            now,
            now,
            now,
            alert.event().label(),
            bounded(by))
        > 0;
  }

  /// The receivers that were told of a finding or are about to be.
  static List<String> told(Connection c, String uid) throws SQLException {
    return Sql.all(
        c,
        row -> row.getString(1),
        "SELECT DISTINCT receiver FROM outbox WHERE uid = ?"
            + " AND state IN ('PENDING', 'LEASED', 'SENT') ORDER BY receiver",
        uid);
  }

  /// Whether `lease` would find something.
  static boolean anyDue(Connection c, String receiver, Instant now, String owner)
      throws SQLException {
    return Sql.first(
            c, _ -> true, "SELECT 1" + DUE + " LIMIT 1", receiver, now, now.plus(SKEW), owner)
        .isPresent();
  }

  /// The key of a telling to a receiver: the same whenever and wherever it is computed.
  private static String id(Alert alert, String receiver) {
    String text =
        "sigwarden-delivery-v1\n" + alert.uid() + "\n" + alert.revision() + "\n" + receiver;
    return Hash.ofData(text.getBytes(StandardCharsets.UTF_8)).toHex();
  }

  static List<Pending> lease(
      Connection c, String receiver, int limit, Instant now, Instant until, String owner)
      throws SQLException {
    record Due(String id, String alert, String opened, int attempts, Instant created) {}
    List<Due> due =
        Sql.all(
            c,
            row ->
                new Due(
                    row.getString("id"),
                    row.getString("alert"),
                    row.getString("opened_id"),
                    row.getInt("attempts"),
                    Sql.time(row, "created_at")),
            "SELECT id, alert, opened_id, attempts, created_at"
                + DUE
                + " ORDER BY urgency, created_at, id LIMIT ?",
            receiver,
            now,
            now.plus(SKEW),
            owner,
            limit);
    List<Pending> leased = new ArrayList<>(due.size());
    for (Due row : due) {
      try {
        Alert alert = AlertJson.read(row.alert());
        if (take(c, row.id(), now, until, owner)) {
          leased.add(
              new Pending(
                  row.id(), receiver, alert, row.opened(), row.attempts(), row.created(), owner));
        }
      } catch (MalformedAlertException e) {
        LOG.errorf(
            "delivery %s to %s cannot be read and waits: %s", row.id(), receiver, e.getMessage());
        putOff(c, row.id(), now, String.valueOf(e.getMessage()));
      }
    }
    return leased;
  }

  private static boolean take(Connection c, String id, Instant now, Instant until, String owner)
      throws SQLException {
    return Sql.update(
            c,
            "UPDATE outbox SET state = 'LEASED', lease_owner = ?, due_at = ?, changed_at = ?"
                + " WHERE id = ? AND state IN ('PENDING', 'LEASED')"
                + " AND (due_at <= ? OR changed_at > ? OR lease_owner = ?)",
            owner,
            until,
            now,
            id,
            now,
            now.plus(SKEW),
            owner)
        > 0;
  }

  private static void putOff(Connection c, String id, Instant now, String reason)
      throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'PENDING', lease_owner = NULL, due_at = ?, changed_at = ?,"
            + " last_error = ? WHERE id = ?",
        now.plus(UNREADABLE_PAUSE),
        now,
        bounded(reason),
        id);
  }

  /// True whoever holds the lease by now: the receiver has it.
  static void sent(Connection c, Pending delivery, String reference, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'SENT', attempts = attempts + 1, lease_owner = NULL,"
            + " sent_at = ?, reference = ? WHERE id = ? AND state <> 'SENT'",
        now,
        bounded(reference),
        delivery.key());
  }

  static void retry(Connection c, Pending delivery, Instant at, String reason, Instant now)
      throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'PENDING', attempts = attempts + 1, lease_owner = NULL,"
            + " due_at = ?, changed_at = ?, last_error = ?"
            + " WHERE id = ? AND state = 'LEASED' AND lease_owner = ?",
        at,
        now,
        bounded(reason),
        delivery.key(),
        delivery.owner());
  }

  static void dead(Connection c, Pending delivery, String reason) throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'DEAD', attempts = attempts + 1, lease_owner = NULL,"
            + " last_error = ? WHERE id = ? AND state = 'LEASED' AND lease_owner = ?",
        bounded(reason),
        delivery.key(),
        delivery.owner());
  }

  /// Gives back what a worker had leased, as if it had not.
  static void release(Connection c, String owner, Instant now) throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'PENDING', lease_owner = NULL, due_at = ?, changed_at = ?"
            + " WHERE state = 'LEASED' AND lease_owner = ?",
        now,
        now,
        owner);
  }

  /// Gives back every lease: for a database that only this process uses, when it starts.
  static void releaseAll(Connection c, Instant now) throws SQLException {
    Sql.update(
        c,
        "UPDATE outbox SET state = 'PENDING', lease_owner = NULL, due_at = ?, changed_at = ?"
            + " WHERE state = 'LEASED'",
        now,
        now);
  }

  /// Deletes deliveries made before `before`, the oldest first, and adds them to what was
  /// forgotten.
  static int forgetSent(Connection c, Instant before, int limit) throws SQLException {
    record Old(String id, String receiver) {}
    List<Old> old =
        Sql.all(
            c,
            row -> new Old(row.getString(1), row.getString(2)),
            "SELECT id, receiver FROM outbox WHERE state = 'SENT' AND sent_at < ?"
                + " AND uid NOT IN (SELECT uid FROM condition_state WHERE is_open = 1)"
                + " ORDER BY sent_at LIMIT ?",
            before,
            limit);
    for (Old one : old) {
      forget(c, one.id(), one.receiver());
    }
    Sql.update(
        c,
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE state = 'SUPPRESSED'"
            + " AND created_at < ? ORDER BY created_at LIMIT ?)",
        before,
        limit);
    return old.size();
  }

  /// Deletes a delivery that was made, and counts it as forgotten.
  static void forget(Connection c, String id, String receiver) throws SQLException {
    Sql.update(c, "DELETE FROM outbox WHERE id = ?", id);
    Sql.update(
        c,
        "INSERT INTO outbox_forgotten (receiver, sent) VALUES (?, 1) ON CONFLICT (receiver)"
            + " DO UPDATE SET sent = outbox_forgotten.sent + 1",
        receiver);
  }

  static List<QueueState> queues(Connection c) throws SQLException {
    return Sql.all(
        c,
        row -> {
          long oldest = row.getLong(6);
          Optional<Instant> since =
              row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(oldest));
          return new QueueState(
              row.getString(1),
              row.getLong(2),
              row.getLong(3),
              row.getLong(4),
              row.getLong(5),
              since);
        },
        "SELECT receiver, sum(pending), sum(sent), sum(dead), sum(held), min(oldest) FROM ("
            + "SELECT receiver,"
            + " sum(CASE WHEN state IN ('PENDING', 'LEASED') THEN 1 ELSE 0 END) AS pending,"
            + " sum(CASE WHEN state = 'SENT' THEN 1 ELSE 0 END) AS sent,"
            + " sum(CASE WHEN state = 'DEAD' THEN 1 ELSE 0 END) AS dead,"
            + " sum(CASE WHEN state = 'SUPPRESSED' THEN 1 ELSE 0 END) AS held,"
            + " min(CASE WHEN state IN ('PENDING', 'LEASED') THEN created_at END) AS oldest"
            + " FROM outbox GROUP BY receiver"
            + " UNION ALL SELECT receiver, 0, sent, 0, 0, NULL FROM outbox_forgotten"
            + ") AS parts GROUP BY receiver ORDER BY receiver");
  }

  /// `[0, 9]`: by severity, and at equal severity look-alikes and entries that could not be decoded
  /// after all others. Anybody may write such entries into a log; they must not hold up what is
  /// certain.
  private static int urgency(Alert alert) {
    int gravity =
        switch (alert.severity()) {
          case CRITICAL -> 0;
          case HIGH -> 1;
          case MEDIUM -> 2;
          case LOW -> 3;
          case INFO -> 4;
        };
    boolean anybodys = alert.kind() == Kind.ENTRY_UNDECODABLE || alert.kind() == Kind.LOOKALIKE;
    return 2 * gravity + (anybodys ? 1 : 0);
  }

  private static String bounded(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
    return text.substring(0, end);
  }
}
