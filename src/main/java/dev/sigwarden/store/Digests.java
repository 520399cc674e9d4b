package dev.sigwarden.store;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Digest;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.store.Duties.Duty;
import dev.sigwarden.store.Duties.Stage;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What was told to a receiver in one message, as one thing with a life: open while one of its
/// members is open, acknowledged while one of them is not closed, then closed. One transaction's;
/// whoever changes a digest or moves a member first calls `Tellings.alone`, so that none is joined
/// while it ends.
final class Digests {
  private static final String MEMBERS =
      " FROM digest_member AS m JOIN finding AS f ON f.uid = m.uid WHERE m.digest = ?";

  private static final String CONDITIONS =
      " FROM digest_member AS m JOIN condition_state AS s ON s.uid = m.uid WHERE m.digest = ?"
          + " AND s.is_open = 1";

  private final Connection c;
  private final Instant now;
  private final Duties duties;

  Digests(Connection c, Instant now) {
    this.c = c;
    this.now = now;
    this.duties = new Duties(c, now);
  }

  /// Tells members together, and writes down when to remind of them. They join the digest of their
  /// group that the receiver has open, so that a pager keeps one incident for them; one that
  /// somebody has taken is left alone, since nobody looks for news there.
  ///
  /// @param told one of their duties
  /// @param group what they have in common
  /// @return the digest's id
  String tell(Duty told, String group, Digest.Members members) throws SQLException {
    Optional<Alert> open =
        Sql.first(
            c,
            row -> Findings.alert(row.getString(1)).numbered(row.getInt(2), Sql.time(row, "since")),
            "SELECT alert, revision, since FROM digest WHERE receiver = ? AND grp = ?"
                + " AND state = 'open' ORDER BY since DESC, uid LIMIT 1",
            told.receiver(),
            group);
    String first = members.named().getFirst().uid();
    Alert alert =
        open.map(it -> Digest.again(it, members, now))
            .orElseGet(() ->
                Digest.of(FindingId.digest(told.receiver(), group, first, now), members, now));
    Sql.update(
        c,
        "INSERT INTO digest (uid, receiver, grp, state, revision, since, changed_at, alert)"
            + " VALUES (?, ?, ?, 'open', ?, ?, ?, ?) ON CONFLICT (uid) DO UPDATE SET"
            + " revision = excluded.revision, alert = excluded.alert",
        alert.uid(),
        told.receiver(),
        group,
        alert.revision(),
        alert.firstSeen(),
        now,
        AlertJson.write(alert));
    Deliveries.route(c, alert, List.of(told.receiver()), 1, now);
    if (told.stage() != Stage.REMINDER) {
      duties.remind(told, alert.uid(), alert.uid());
    }
    return alert.uid();
  }

  /// How a digest is named as what holds back.
  static String named(String uid) {
    return "digest " + uid;
  }

  void add(String digest, String member) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO digest_member (digest, uid) VALUES (?, ?) ON CONFLICT (digest, uid) DO NOTHING",
        digest,
        member);
  }

  /// A digest is told as what of it nobody has taken; what becomes of it is told in the same words,
  /// since some services know an alert by its labels. Nothing for what is no digest.
  void renew(Alert alert) throws SQLException {
    Sql.update(c, "UPDATE digest SET alert = ? WHERE uid = ?", AlertJson.write(alert), alert.uid());
  }

  /// The digest as it stands.
  static Optional<Tracked> find(Connection c, String uid) throws SQLException {
    return Sql.first(
        c,
        row ->
            new Tracked(
                Findings.alert(row.getString("alert")),
                0,
                -1,
                Lifecycle.state(row.getString("state")),
                Optional.empty(),
                Sql.time(row, "changed_at")),
        "SELECT alert, state, changed_at FROM digest WHERE uid = ?",
        uid);
  }

  /// What of a digest nobody has taken.
  ///
  /// @param alert the digest of it
  /// @param named the first of them
  record Untaken(Alert alert, List<Alert> named) {}

  /// What of a digest nobody has taken; empty for nothing, and for what is no digest.
  Optional<Untaken> untaken(String uid) throws SQLException {
    Optional<Tracked> digest = find(c, uid);
    List<Alert> named =
        Sql.all(
            c,
            row -> Findings.alert(row.getString(1)),
            "SELECT f.alert AS alert, f.opened_at AS since, f.idx AS idx, f.uid AS uid"
                + MEMBERS
                + " AND f.state = 'open' UNION ALL SELECT s.alert, s.since, -1, s.uid"
                + CONDITIONS
                + " ORDER BY since, idx, uid LIMIT ?",
            uid,
            uid,
            Digest.NAMED);
    if (digest.isEmpty() || named.isEmpty()) {
      return Optional.empty();
    }
    long all = count(MEMBERS + " AND f.state = 'open'", uid) + count(CONDITIONS, uid);
    Digest.Members members =
        new Digest.Members(named, all, "Nobody has taken any of these yet.", List.of());
    return Optional.of(new Untaken(Digest.again(digest.get().alert(), members, now), named));
  }

  private long count(String which, String uid) throws SQLException {
    return Sql.all(c, row -> row.getLong(1), "SELECT count(*)" + which, uid).getFirst();
  }

  /// Members that are findings in one of these states, at most `limit`.
  List<String> members(String uid, Collection<FindingState> states, int limit) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(uid);
    states.stream().map(FindingState::label).forEach(values::add);
    values.add(limit);
    return Sql.all(
        c,
        row -> row.getString(1),
        "SELECT m.uid"
            + MEMBERS
            + " AND f.state IN ("
            + String.join(", ", Collections.nCopies(states.size(), "?"))
            + ") ORDER BY m.uid LIMIT ?",
        values.toArray());
  }

  /// A person has moved findings: tells what that made of the digests that they are in.
  void follow(Collection<String> members, Act act) throws SQLException {
    for (String digest : of(members)) {
      settle(digest, Optional.of(act));
    }
  }

  /// A condition is over, and if it comes again that is news: it leaves the digests that it is in.
  void leave(String member) throws SQLException {
    List<String> digests = of(List.of(member));
    Sql.update(c, "DELETE FROM digest_member WHERE uid = ?", member);
    for (String digest : digests) {
      settle(digest, Optional.empty());
    }
  }

  private List<String> of(Collection<String> members) throws SQLException {
    List<String> digests = new ArrayList<>();
    for (String member : members) {
      digests.addAll(
          Sql.all(
              c,
              row -> row.getString(1),
              "SELECT digest FROM digest_member WHERE uid = ?",
              member));
    }
    return digests.stream().distinct().sorted().toList();
  }

  /// Writes and tells what has become of a digest, if anything.
  private void settle(String uid, Optional<Act> act) throws SQLException {
    Tracked before = find(c, uid).orElseThrow();
    FindingState state = state(uid);
    if (state == before.state()) {
      return;
    }
    Sql.update(
        c, "UPDATE digest SET state = ?, changed_at = ? WHERE uid = ?", state.label(), now, uid);
    if (state == FindingState.OPEN) {
      Duties.resume(c, uid, now);
    } else {
      Duties.rest(c, uid, state);
    }
    Alert.Event event =
        switch (state) {
          case OPEN -> Alert.Event.REOPENED;
          case ACKNOWLEDGED -> Alert.Event.ACKNOWLEDGED;
          case CLOSED -> Alert.Event.RESOLVED;
        };
    List<Field> last =
        act
            .map(it -> new Field("last-act", it.action().label() + " by " + it.actor(), false))
            .stream()
            .collect(Collectors.toList());
    Alert telling = before.alert().again(Findings.nextRevision(c, uid), event, now, last);
    Deliveries.route(c, telling, Deliveries.told(c, uid), 1, now);
  }

  private FindingState state(String uid) throws SQLException {
    if (is(MEMBERS + " AND f.state = 'open'", uid) || is(CONDITIONS, uid)) {
      return FindingState.OPEN;
    }
    return is(MEMBERS + " AND f.state = 'acknowledged'", uid)
        ? FindingState.ACKNOWLEDGED
        : FindingState.CLOSED;
  }

  private boolean is(String which, String uid) throws SQLException {
    return Sql.first(c, _ -> true, "SELECT 1" + which + " LIMIT 1", uid).isPresent();
  }

  /// Forgets digests that ended before `before`, the oldest first.
  static void forget(Connection c, Instant before, int limit) throws SQLException {
    List<String> old =
        Sql.all(
            c,
            row -> row.getString(1),
            "SELECT uid FROM digest WHERE state = 'closed' AND changed_at < ?"
                + " ORDER BY changed_at, uid LIMIT ?",
            before,
            limit);
    for (String uid : old) {
      Sql.update(c, "DELETE FROM duty WHERE uid = ?", uid);
      Sql.update(c, "DELETE FROM digest_member WHERE digest = ?", uid);
      Sql.update(c, "DELETE FROM digest WHERE uid = ?", uid);
    }
  }
}
