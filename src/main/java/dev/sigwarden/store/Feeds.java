package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Observations in the order of their numbers, and how far topics have them.
///
/// Each log counts for itself. A number is taken inside the transaction that writes the observation
/// or its new verdict, and whoever wants the next one waits for that transaction's end: what is
/// seen under a number is never followed by something under a smaller one. Numbers may be left out.
/// An observation has one number, that of its last change: one that changed before it was read is
/// read once, as it is now. Thread-safe; every method throws `StoreException` if the database
/// fails.
public final class Feeds {
  /// Observations read at once.
  public static final int PAGE = 500;

  /// Bytes of entries read at once, unless a single entry has more.
  private static final long PAGE_BYTES = 4 << 20;

  /// Observations counted for one log: more than this is far behind, however many they are.
  private static final int MOST_COUNTED = 100_000;

  private final Database database;
  private final Clock clock;

  Feeds(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// An observation under its number.
  ///
  /// @param number of its last change
  /// @param changedAt when that was
  public record Numbered(long number, Instant changedAt, Observation observation) {}

  /// A log of which a topic may not have everything.
  ///
  /// @param log the operator's name
  /// @param sent up to which number the topic has its observations; 0 for none
  /// @param last the last number that the log has given away
  public record Behind(String log, long sent, long last) {}

  /// What a topic does not have yet.
  ///
  /// @param observations how many; of one log at most 100,000 are counted
  /// @param oldest since when the oldest of them waits; empty for none
  public record Backlog(long observations, Optional<Instant> oldest) {}

  /// Takes `count` numbers of a log and returns the first; others that want some wait for the end
  /// of this transaction.
  static long numbers(Connection c, String log, int count) throws SQLException {
    Sql.update(
        c,
        "INSERT INTO observation_count (log, seq) VALUES (?, ?)"
            + " ON CONFLICT (log) DO UPDATE SET seq = observation_count.seq + excluded.seq",
        log,
        count);
    return Sql.all(c, row -> row.getLong(1), "SELECT seq FROM observation_count WHERE log = ?", log)
            .getFirst()
        - count
        + 1;
  }

  /// What tells this database from all others at a topic; made at the first question.
  public String id(String topic) {
    return database.update(
        "feed " + topic,
        c -> {
          Sql.update(
              c,
              "INSERT INTO feed (topic, id) VALUES (?, ?) ON CONFLICT (topic) DO NOTHING",
              topic,
              UUID.randomUUID().toString());
          return Sql.all(c, row -> row.getString(1), "SELECT id FROM feed WHERE topic = ?", topic)
              .getFirst();
        });
  }

  /// The logs of which a topic may not have everything, by name.
  public List<Behind> behind(String topic) {
    return database.read("feed " + topic, c -> behind(c, topic));
  }

  private static List<Behind> behind(Connection c, String topic) throws SQLException {
    return Sql.all(
        c,
        row -> new Behind(row.getString("log"), row.getLong("sent"), row.getLong("seq")),
        "SELECT n.log, n.seq, COALESCE(f.seq, 0) AS sent FROM observation_count AS n"
            + " LEFT JOIN feed_cursor AS f ON f.log = n.log AND f.topic = ?"
            + " WHERE n.seq > COALESCE(f.seq, 0) ORDER BY n.log",
        topic);
  }

  /// Observations of a log with numbers above `after`, in their order: at most `PAGE`, and fewer if
  /// their entries are large.
  public List<Numbered> page(String log, long after) {
    return database.read("observations of " + log, c -> page(c, log, after));
  }

  private static List<Numbered> page(Connection c, String log, long after) throws SQLException {
    record Size(long number, long bytes) {}
    List<Size> sizes =
        Sql.all(
            c,
            row -> new Size(row.getLong(1), row.getLong(2)),
            "SELECT seq, length(entry) FROM observation WHERE log = ? AND seq > ?"
                + " ORDER BY seq LIMIT ?",
            log,
            after,
            PAGE);
    long bytes = 0;
    long last = after;
    for (Size size : sizes) {
      bytes += size.bytes();
      if (bytes > PAGE_BYTES && last > after) {
        break;
      }
      last = size.number();
    }
    return Sql.all(
        c,
        row ->
            new Numbered(
                row.getLong("seq"), Sql.time(row, "changed_at"), Observations.observation(row)),
        "SELECT "
            + Observations.COLUMNS
            + ", seq, changed_at FROM observation WHERE log = ? AND seq > ? AND seq <= ?"
            + " ORDER BY seq LIMIT ?",
        log,
        after,
        last,
        PAGE);
  }

  /// Notes that a topic has the observations of a log up to the number `next`.
  ///
  /// @param known up to which it had them
  /// @throws StaleStateException if somebody else has noted something meanwhile; nothing is written
  public void advance(String topic, String log, long known, long next) throws StaleStateException {
    database.change(
        "feed " + topic,
        c -> {
          int written =
              known == 0
                  ? Sql.update(
                      c,
                      "INSERT INTO feed_cursor (topic, log, seq) VALUES (?, ?, ?)"
                          + " ON CONFLICT (topic, log) DO NOTHING",
                      topic,
                      log,
                      next)
                  : Sql.update(
                      c,
                      "UPDATE feed_cursor SET seq = ? WHERE topic = ? AND log = ? AND seq = ?",
                      next,
                      topic,
                      log,
                      known);
          if (written == 0) {
            throw new StaleStateException(
                "topic %s has the observations of %s beyond %d".formatted(topic, log, known));
          }
        });
  }

  /// What an allowlist has from a topic.
  public TopicLines lines(String allowlist) {
    return new TopicLines(allowlist, database, clock);
  }

  /// What a topic does not have yet.
  public Backlog backlog(String topic) {
    return database.read(
        "feed " + topic,
        c -> {
          long observations = 0;
          List<Instant> oldest = new ArrayList<>();
          for (Behind log : behind(c, topic)) {
            observations +=
                Sql.all(
                        c,
                        row -> row.getLong(1),
                        "SELECT count(*) FROM (SELECT 1 FROM observation WHERE log = ? AND seq > ?"
                            + " LIMIT ?) AS waiting",
                        log.log(),
                        log.sent(),
                        MOST_COUNTED)
                    .getFirst();
            oldest.addAll(
                Sql.all(
                    c,
                    row -> Sql.time(row, "changed_at"),
                    "SELECT changed_at FROM observation WHERE log = ? AND seq > ?"
                        + " ORDER BY seq LIMIT 1",
                    log.log(),
                    log.sent()));
          }
          return new Backlog(observations, oldest.stream().min(Instant::compareTo));
        });
  }
}
