package dev.sigwarden.store;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.text.Sanitizer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// The silences, those over included: who wanted what, until when and why, and how much each held
/// back. Thread-safe.
public final class Silences {
  /// Silences in force or to come: more are a sign that routes should change.
  public static final int MOST = 1_000;

  private static final Logger LOG = Logger.getLogger(Silences.class);

  private static final String COLUMNS =
      "id, starts_at, ends_at, author, comment, matchers, forced, held, created_at, ended_by";

  private final Database database;
  private final Clock clock;

  Silences(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Makes a silence.
  ///
  /// @return empty if there are `MOST` already
  public Optional<HeldSilence> add(Silence silence) {
    return database.update("silence", c -> add(c, silence, clock.instant()));
  }

  /// Ends a silence now; what it held back is told soon. Empty if it is not known or over.
  public Optional<HeldSilence> end(String id, String actor) {
    return database.update("silence " + id, c -> end(c, id, actor, clock.instant()));
  }

  /// One silence.
  public Optional<HeldSilence> find(String id) {
    return database.read("silence " + id, c -> find(c, id));
  }

  /// Silences, the one that ends last first, at most `limit`.
  ///
  /// @param over whether those that are over are wanted too
  public List<HeldSilence> list(boolean over, int limit) {
    Instant from = over ? Instant.EPOCH : clock.instant();
    return database.read(
        "silences",
        c ->
            Sql.all(
                c,
                Silences::silence,
                "SELECT "
                    + COLUMNS
                    + " FROM silence WHERE ends_at > ? ORDER BY ends_at DESC, id LIMIT ?",
                from,
                limit));
  }

  private static Optional<HeldSilence> add(Connection c, Silence silence, Instant now)
      throws SQLException {
    long active =
        Sql.all(c, row -> row.getLong(1), "SELECT count(*) FROM silence WHERE ends_at > ?", now)
            .getFirst();
    if (active >= MOST) {
      return Optional.empty();
    }
    String matchers =
        silence.matchers().stream().map(Matcher::toString).collect(Collectors.joining("\n"));
    String id =
        FindingId.silence(
            matchers,
            silence.author(),
            Long.toString(silence.startsAt().toEpochMilli()),
            Long.toString(silence.endsAt().toEpochMilli()),
            Long.toString(now.toEpochMilli()));
    // The same silence asked for twice at once is one.
    Sql.update(
        c,
        "INSERT INTO silence (id, starts_at, ends_at, author, comment, matchers, forced, held,"
            + " created_at, ended_by) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, '')"
            + " ON CONFLICT (id) DO NOTHING",
        id,
        silence.startsAt(),
        silence.endsAt(),
        silence.author(),
        silence.comment(),
        matchers,
        silence.forced() ? 1 : 0,
        now);
    return find(c, id);
  }

  private static Optional<HeldSilence> end(Connection c, String id, String actor, Instant now)
      throws SQLException {
    Optional<HeldSilence> known = find(c, id).filter(it -> it.silence().endsAt().isAfter(now));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    // One that has not begun ends as it begins; a silence always has a length.
    Instant start = known.get().silence().startsAt();
    Instant end = now.isAfter(start) ? now : start.plusMillis(1);
    Sql.update(
        c,
        "UPDATE silence SET ends_at = ?, ended_by = ? WHERE id = ?",
        end,
        Sanitizer.clean(actor, Act.MAX_ACTOR),
        id);
    Duties.freed(c, id, known.get().silence().endsAt(), now);
    return find(c, id);
  }

  private static Optional<HeldSilence> find(Connection c, String id) throws SQLException {
    return Sql.first(c, Silences::silence, "SELECT " + COLUMNS + " FROM silence WHERE id = ?", id);
  }

  /// Those in force. One that cannot be read holds nothing back: it must not keep findings from
  /// being written.
  static List<HeldSilence> active(Connection c, Instant now) throws SQLException {
    return Sql.all(
            c,
            row -> {
              try {
                return Optional.of(silence(row));
              } catch (SQLException e) {
                LOG.errorf(
                    "silence %s holds nothing back: %s", row.getString("id"), e.getMessage());
                return Optional.<HeldSilence>empty();
              }
            },
            "SELECT "
                + COLUMNS
                + " FROM silence WHERE ends_at > ? AND starts_at <= ?"
                + " ORDER BY ends_at DESC, id LIMIT ?",
            now,
            now,
            MOST)
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /// Counts a telling that a silence kept back.
  static void held(Connection c, String id) throws SQLException {
    Sql.update(c, "UPDATE silence SET held = held + 1 WHERE id = ?", id);
  }

  private static HeldSilence silence(ResultSet row) throws SQLException {
    try {
      Silence silence =
          new Silence(
              row.getString("matchers").lines().map(Matcher::parse).toList(),
              Sql.time(row, "starts_at"),
              Sql.time(row, "ends_at"),
              row.getString("author"),
              row.getString("comment"),
              row.getInt("forced") == 1);
      return new HeldSilence(
          row.getString("id"),
          silence,
          row.getLong("held"),
          Sql.time(row, "created_at"),
          row.getString("ended_by"));
    } catch (IllegalArgumentException e) {
      throw new SQLException("a stored silence cannot be read: " + e.getMessage(), e);
    }
  }
}
