package dev.sigwarden.store;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Act.Action;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.FindingState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What people do with findings: take them, judge them, open them again, say something about them.
/// Each act is written down for good, and told, in the same transaction, to the receivers that were
/// told of the finding. Thread-safe; nothing but these methods moves a finding.
public final class Lifecycle {
  /// Acts on one finding: a conversation belongs elsewhere.
  static final int MAX_ACTS = 1_000;

  /// Members of a digest that are moved in one transaction, so that no other waits for long.
  static final int AT_ONCE = 500;

  private static final String COLUMNS = "alert, branch, idx, state, verdict, changed_at, opened_at";

  private final Database database;
  private final Clock clock;

  Lifecycle(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// A finding, or what was told in one message, as it stands.
  public Optional<Tracked> find(String uid) {
    return database.read("finding " + uid, c -> find(c, uid));
  }

  /// Whether there is a finding or digest of that id.
  public boolean knows(String uid) {
    return find(uid).isPresent();
  }

  /// Findings, newest first, at most `limit`.
  ///
  /// @param after the last one of the page before; empty for the first page
  public List<Tracked> list(FindingQuery query, Optional<FindingQuery.Place> after, int limit) {
    return database.read("findings", c -> list(c, query, after, limit));
  }

  /// What was done with a finding, in order; empty for one that nobody touched or that is not
  /// known.
  public List<Act> history(String uid) {
    return database.read("history of " + uid, c -> acts(c, uid));
  }

  /// Takes an open finding: reminders and escalations end.
  public Change acknowledge(String uid, String actor, String note) {
    return act(uid, new Act(now(), actor, Action.ACKNOWLEDGED, Optional.empty(), note));
  }

  /// Judges a finding, open or acknowledged.
  public Change close(String uid, String actor, ClosingVerdict verdict, String note) {
    return act(uid, new Act(now(), actor, Action.CLOSED, Optional.of(verdict), note));
  }

  /// Opens a finding again that was acknowledged or closed: reminders and escalations begin anew.
  public Change reopen(String uid, String actor, String note) {
    return act(uid, new Act(now(), actor, Action.REOPENED, Optional.empty(), note));
  }

  /// Says something about a finding, whatever its state; nobody is told.
  public Change comment(String uid, String actor, String note) {
    return act(uid, new Act(now(), actor, Action.COMMENTED, Optional.empty(), note));
  }

  private Instant now() {
    return clock.instant();
  }

  private Change act(String uid, Act act) {
    return act(uid, act, Optional.empty());
  }

  /// What came of a part of an act.
  ///
  /// @param more whether there are members left that were not asked
  private record Part(Change change, boolean more) {}

  /// Moves a finding or comments on it; moves every finding of a digest that can be moved so.
  ///
  /// @param deed written into the audit log if anything was done
  Change act(String uid, Act act, Optional<Deed> deed) {
    Part part = part(uid, act, deed);
    while (part.more()) {
      part = part(uid, act, Optional.empty());
    }
    return part.change();
  }

  private Part part(String uid, Act act, Optional<Deed> deed) {
    return database.update(
        act.action().label() + " " + uid,
        c -> {
          if (act.action() != Action.COMMENTED) {
            Tellings.alone(c, act.at());
          }
          Digests digests = new Digests(c, act.at());
          Part part =
              Digests.find(c, uid).isPresent()
                  ? actOnDigest(c, digests, uid, act)
                  : new Part(act(c, uid, act), false);
          if (deed.isPresent() && part.change() instanceof Change.Done) {
            Audit.add(c, deed.get(), act.at());
          }
          return part;
        });
  }

  private static Part actOnDigest(Connection c, Digests digests, String uid, Act act)
      throws SQLException {
    if (act.action() == Action.COMMENTED) {
      return new Part(
          new Change.Refused(
              Digests.find(c, uid).orElseThrow(),
              "comment: on a digest, which keeps none (expected: on one of its findings)"),
          false);
    }
    Set<FindingState> from = from(act.action());
    List<String> members = digests.members(uid, from, AT_ONCE);
    int moved = 0;
    for (String member : members) {
      moved += one(c, member, act) instanceof Change.Done ? 1 : 0;
    }
    digests.follow(members, act);
    Tracked now = Digests.find(c, uid).orElseThrow();
    return moved > 0
        ? new Part(new Change.Done(now), members.size() == AT_ONCE)
        : new Part(refused(now, from), false);
  }

  /// Moves one finding or comments on it.
  static Change act(Connection c, String uid, Act act) throws SQLException {
    Change change = one(c, uid, act);
    if (change instanceof Change.Done && act.action() != Action.COMMENTED) {
      new Digests(c, act.at()).follow(List.of(uid), act);
    }
    return change;
  }

  private static Change.Refused refused(Tracked now, Set<FindingState> from) {
    String expected =
        from.stream().sorted().map(FindingState::label).collect(Collectors.joining(" or "));
    return new Change.Refused(
        now, "state: %s (expected: %s)".formatted(now.state().label(), expected));
  }

  private static Change one(Connection c, String uid, Act act) throws SQLException {
    // Changes nothing, and lets nobody else change it before the end of this transaction.
    if (Sql.update(c, "UPDATE finding SET state = state WHERE uid = ?", uid) == 0) {
      return new Change.Unknown();
    }
    Tracked before = find(c, uid).orElseThrow();
    Set<FindingState> from = from(act.action());
    if (!from.contains(before.state())) {
      return refused(before, from);
    }
    List<Act> acts = acts(c, uid);
    if (acts.size() >= MAX_ACTS) {
      return new Change.Refused(
          before, "history: %d acts (expected: fewer)".formatted(acts.size()));
    }
    append(c, uid, acts.size(), act);
    if (act.action() != Action.COMMENTED) {
      move(c, before.alert(), act);
    }
    return new Change.Done(find(c, uid).orElseThrow());
  }

  private static Set<FindingState> from(Action action) {
    return switch (action) {
      case ACKNOWLEDGED -> Set.of(FindingState.OPEN);
      case CLOSED -> Set.of(FindingState.OPEN, FindingState.ACKNOWLEDGED);
      case REOPENED -> Set.of(FindingState.ACKNOWLEDGED, FindingState.CLOSED);
      case COMMENTED -> Set.of(FindingState.values());
    };
  }

  private static void append(Connection c, String uid, int place, Act act) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO finding_act (uid, place, at, actor, action, verdict, note)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        uid,
        place,
        act.at(),
        act.actor(),
        act.action().label(),
        act.verdict().map(ClosingVerdict::label).orElse(""),
        act.note());
  }

  private static void move(Connection c, Alert first, Act act) throws SQLException {
    FindingState to =
        switch (act.action()) {
          case ACKNOWLEDGED -> FindingState.ACKNOWLEDGED;
          case CLOSED -> FindingState.CLOSED;
          case REOPENED -> FindingState.OPEN;
          case COMMENTED -> throw new IllegalStateException("a comment moves nothing");
        };
    Sql.update(
        c,
        "UPDATE finding SET state = ?, verdict = ?, changed_at = ? WHERE uid = ?",
        to.label(),
        act.verdict().map(ClosingVerdict::label).orElse(""),
        act.at(),
        first.uid());
    if (to == FindingState.OPEN) {
      Duties.resume(c, first.uid(), act.at());
    } else {
      Duties.rest(c, first.uid(), to);
    }
    List<String> told = Deliveries.told(c, first.uid());
    if (!told.isEmpty()) {
      Alert telling = first.after(act, Findings.nextRevision(c, first.uid()));
      Deliveries.route(c, telling, told, 1, act.at());
    }
  }

  private static Optional<Tracked> find(Connection c, String uid) throws SQLException {
    Optional<Tracked> finding =
        Sql.first(c, Lifecycle::tracked, "SELECT " + COLUMNS + " FROM finding WHERE uid = ?", uid);
    return finding.isPresent() ? finding : Digests.find(c, uid);
  }

  private static List<Tracked> list(
      Connection c, FindingQuery query, Optional<FindingQuery.Place> after, int limit)
      throws SQLException {
    List<String> conditions = new ArrayList<>();
    List<@Nullable Object> values = new ArrayList<>();
    oneOf("state", labels(query.states(), FindingState::label), conditions, values);
    oneOf("family", labels(query.families(), it -> it.label()), conditions, values);
    oneOf("kind", labels(query.kinds(), it -> it.label()), conditions, values);
    oneOf("severity", labels(query.severities(), it -> it.label()), conditions, values);
    oneOf("watch", query.watch().stream().toList(), conditions, values);
    oneOf("log", query.log().stream().toList(), conditions, values);
    query
        .since()
        .ifPresent(since -> {
          conditions.add("opened_at >= ?");
          values.add(since);
        });
    after.ifPresent(place -> {
      conditions.add("(opened_at < ? OR (opened_at = ? AND uid > ?))");
      values.addAll(List.of(place.openedAt(), place.openedAt(), place.uid()));
    });
    values.add(limit);
    return Sql.all(
        c,
        Lifecycle::tracked,
        "SELECT "
            + COLUMNS
            + " FROM finding"
            + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
            + " ORDER BY opened_at DESC, uid LIMIT ?",
        values.toArray());
  }

  private static <E> List<String> labels(
      Collection<E> wanted, java.util.function.Function<E, String> label) {
    return wanted.stream().map(label).sorted().toList();
  }

  /// Adds the condition that a column has one of the values; nothing for none.
  private static void oneOf(
      String column, List<String> wanted, List<String> conditions, List<@Nullable Object> values) {
    if (!wanted.isEmpty()) {
      String places = String.join(", ", Collections.nCopies(wanted.size(), "?"));
      conditions.add(column + " IN (" + places + ")");
      values.addAll(wanted);
    }
  }

  private static Tracked tracked(ResultSet row) throws SQLException {
    Alert alert = Findings.alert(row.getString("alert"));
    Instant changed = Sql.time(row, "changed_at");
    return new Tracked(
        alert,
        row.getInt("branch"),
        row.getLong("idx"),
        state(row.getString("state")),
        labelled(ClosingVerdict.values(), ClosingVerdict::label, row.getString("verdict")),
        changed.equals(Instant.EPOCH) ? Sql.time(row, "opened_at") : changed);
  }

  static FindingState state(String label) throws SQLException {
    return labelled(FindingState.values(), FindingState::label, label)
        .orElseThrow(() -> new SQLException("a finding in an unknown state"));
  }

  private static List<Act> acts(Connection c, String uid) throws SQLException {
    return Sql.all(
        c,
        row ->
            new Act(
                Sql.time(row, "at"),
                row.getString("actor"),
                labelled(Action.values(), Action::label, row.getString("action"))
                    .orElseThrow(() -> new SQLException("an unknown act")),
                labelled(ClosingVerdict.values(), ClosingVerdict::label, row.getString("verdict")),
                row.getString("note")),
        "SELECT at, actor, action, verdict, note FROM finding_act WHERE uid = ? ORDER BY place"
            + " LIMIT ?",
        uid,
        MAX_ACTS);
  }

  private static <E> Optional<E> labelled(
      E[] all, java.util.function.Function<E, String> label, String wanted) {
    return Arrays.stream(all).filter(one -> label.apply(one).equals(wanted)).findFirst();
  }
}
