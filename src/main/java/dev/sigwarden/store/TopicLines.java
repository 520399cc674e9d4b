package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// The lines of one allowlist that come from a topic, and how far that was read: both are written
/// in one transaction, so that no record is lost or counts twice, whoever reads. Thread-safe.
public final class TopicLines {
  /// What the audit log calls a change that a topic made.
  public static final String CHANGED = "allowlist.topic";

  /// Lines of one list that come from a topic or through the API. When the topic is read again from
  /// its start, what it says of each of them is kept in memory.
  public static final int MAX_LINES = 500_000;

  /// Lines that the audit log names.
  private static final int MAX_NAMED = 10;

  private final String list;
  private final Database database;
  private final Clock clock;

  TopicLines(String list, Database database, Clock clock) {
    this.list = list;
    this.database = database;
    this.clock = clock;
  }

  /// How far a topic was read.
  ///
  /// @param topic its name
  /// @param id Kafka's own id of it: another one if it was made anew
  /// @param next the offset that is read next
  public record Place(String topic, String id, long next) {}

  /// What became of what a topic said.
  ///
  /// @param added lines that were put on the list
  /// @param revoked lines that were taken off
  /// @param kept lines that were not put on, since somebody had revoked them
  public record Taken(int added, int revoked, List<String> kept) {
    public Taken {
      kept = List.copyOf(kept);
    }
  }

  /// How far the list's topic was read; empty before the first record.
  public Optional<Place> place() {
    return database.read("topic of allowlist " + list, this::place);
  }

  private Optional<Place> place(Connection c) throws SQLException {
    return Sql.first(
        c,
        row -> new Place(row.getString(1), row.getString(2), row.getLong(3)),
        "SELECT topic, topic_id, next FROM allowlist_topic WHERE list = ?",
        list);
  }

  /// Lines behind `after` that a topic put on the list and that count, in their order.
  public List<AllowedLine> lines(String after, int limit) {
    return database.read("allowlist " + list, c -> AllowlistLines.ofTopic(c, list, after, limit));
  }

  /// Takes over what a topic says of lines: on the list with a note, or off it. Nothing comes back
  /// that was revoked through the API, or, if `once`, that was ever revoked. Only what a topic put
  /// on the list is taken off.
  ///
  /// @param known how far it was read
  /// @param next how far it is read with this
  /// @param changes each line in its one form, with its note, or empty to take it off
  /// @param once whether a line that was revoked never comes back
  /// @param deed who says so; what was changed is written to the audit log
  /// @param announcements findings that tell of a change, made from its words
  /// @throws StaleStateException if somebody else has read on meanwhile; nothing is written
  public Taken take(
      Optional<Place> known,
      Place next,
      Map<String, Optional<String>> changes,
      boolean once,
      Deed deed,
      Function<String, List<Filing>> announcements)
      throws StaleStateException {
    return database.write(
        "topic of allowlist " + list,
        c -> {
          move(c, known, next);
          return new Change(c, once, deed).make(changes, announcements);
        });
  }

  /// Whether a line counts.
  public boolean isOn(String line) {
    return database.read(
        "allowlist " + list,
        c -> AllowlistLines.find(c, list, line).filter(AllowedLine::allowed).isPresent());
  }

  /// How many lines more the list may have.
  public long room() {
    return MAX_LINES - database.read("allowlist " + list, c -> AllowlistLines.count(c, list));
  }

  /// Notes that the list is level with its topic now.
  public void level() {
    database.plainChange(
        "topic of allowlist " + list,
        c ->
            Sql.update(
                c,
                "UPDATE allowlist_topic SET level_at = ? WHERE list = ?",
                clock.instant(),
                list));
  }

  /// When the list was last noted to be level with its topic; empty for never.
  public Optional<Instant> levelAt() {
    return database.read(
        "topic of allowlist " + list,
        c ->
            Sql.first(
                c,
                row -> Sql.time(row, "level_at"),
                "SELECT level_at FROM allowlist_topic WHERE list = ? AND level_at > 0",
                list));
  }

  private void move(Connection c, Optional<Place> known, Place next)
      throws SQLException, StaleStateException {
    if (!place(c).equals(known)) {
      throw new StaleStateException("the topic of allowlist %s was read on".formatted(list));
    }
    Sql.update(
        c,
        "INSERT INTO allowlist_topic (list, topic, topic_id, next, level_at)"
            + " VALUES (?, ?, ?, ?, 0)"
            + " ON CONFLICT (list) DO UPDATE SET topic = excluded.topic,"
            + " topic_id = excluded.topic_id, next = excluded.next",
        list,
        next.topic(),
        next.id(),
        next.next());
  }

  /// One transaction's changes.
  private final class Change {
    private final Connection c;
    private final boolean once;
    private final Deed deed;
    private final Instant now = clock.instant();
    private final Map<String, String> added = new TreeMap<>();
    private final List<String> revoked = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();

    Change(Connection c, boolean once, Deed deed) {
      this.c = c;
      this.once = once;
      this.deed = deed;
    }

    Taken make(Map<String, Optional<String>> changes, Function<String, List<Filing>> announcements)
        throws SQLException {
      if (changes.isEmpty()) {
        return new Taken(0, 0, List.of());
      }
      Map<String, AllowedLine> lines = AllowlistLines.known(c, list, changes.keySet());
      for (Map.Entry<String, Optional<String>> change : changes.entrySet()) {
        String line = change.getKey();
        Optional<AllowedLine> known = Optional.ofNullable(lines.get(line));
        boolean allowed = known.filter(AllowedLine::allowed).isPresent();
        if (change.getValue().isEmpty()) {
          if (allowed && known.orElseThrow().isOfTopic()) {
            revoked.add(line);
          }
        } else if (!allowed && known.filter(it -> once || !it.isOfTopic()).isPresent()) {
          kept.add(line);
        } else if (!allowed) {
          added.put(line, change.getValue().orElseThrow());
        }
      }
      if (!added.isEmpty() || !revoked.isEmpty()) {
        long revision = Audit.next(c, "allowlist");
        AllowlistLines.revoke(c, list, revoked, deed, revision, now);
        AllowlistLines.allow(c, list, added, deed, revision, now);
      }
      tell(announcements);
      return new Taken(added.size(), revoked.size(), kept);
    }

    private void tell(Function<String, List<Filing>> announcements) throws SQLException {
      if (added.isEmpty() && revoked.isEmpty() && kept.isEmpty()) {
        return;
      }
      List<String> words = new ArrayList<>();
      if (!added.isEmpty()) {
        words.add("%d added: %s".formatted(added.size(), named(List.copyOf(added.keySet()))));
      }
      if (!revoked.isEmpty()) {
        words.add("%d revoked: %s".formatted(revoked.size(), named(revoked)));
      }
      if (!kept.isEmpty()) {
        words.add("%d not added, since revoked: %s".formatted(kept.size(), named(kept)));
      }
      String detail = String.join("; ", words);
      Audit.add(c, deed.withDetail(detail), now);
      Findings.file(c, announcements.apply(detail), now);
    }

    private static String named(List<String> lines) {
      int shown = Math.min(MAX_NAMED, lines.size());
      return String.join(", ", lines.subList(0, shown))
          + (lines.size() > shown ? " and %d more".formatted(lines.size() - shown) : "");
    }
  }
}
