package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The processes that share a database, and which of their tasks each of them has. All times are
/// the database's, so that the clocks of the machines do not matter. Thread-safe.
///
/// Who has a task says only where work is not done twice for nothing: what keeps two who believe
/// that they have it from both writing is the state that each commit names.
public final class Replicas {
  /// How long a process that ended is remembered.
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final Database database;
  private final PostgresServer server;
  private final SharedClock shared;
  private final Clock own;

  Replicas(Database database, PostgresServer server, SharedClock shared, Clock own) {
    this.database = database;
    this.server = server;
    this.shared = shared;
    this.own = own;
  }

  /// Whether a process takes part.
  public enum State {
    /// Heard of lately.
    LIVE,
    /// Ended in order.
    LEFT,
    /// Not heard of any more: killed, stopped, or cut off from the database.
    LOST;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static State of(String label) throws SQLException {
      for (State state : values()) {
        if (state.label().equals(label)) {
          return state;
        }
      }
      throw new SQLException("state of a replica: " + label);
    }
  }

  /// One process.
  ///
  /// @param id tells it from every other, earlier and later ones included
  /// @param version of the program
  /// @param state whether it takes part
  /// @param wanted the same for all that have the same tasks
  /// @param held how many tasks it had when it was heard of last
  /// @param configUsed the revision of the configuration that it goes by; empty if not known
  /// @param configRead the revision of the newest that it has read; empty if not known
  /// @param started when it came
  /// @param seen when it was heard of last
  public record Replica(
      String id,
      String version,
      State state,
      String wanted,
      int held,
      String configUsed,
      String configRead,
      Instant started,
      Instant seen) {}

  /// What a process says of itself.
  ///
  /// @param id tells it from every other, earlier and later ones included
  /// @param version of the program
  /// @param wanted the same for all that have the same tasks
  /// @param configUsed the revision of the configuration that it goes by
  /// @param configRead the revision of the newest that it has read
  public record Sign(
      String id, String version, String wanted, String configUsed, String configRead) {}

  /// Whoever hears of what others write.
  public interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /// What one beat told.
  ///
  /// @param owners who has each task that somebody has
  /// @param replicas all processes known, by id
  public record Beat(Map<String, String> owners, List<Replica> replicas) {
    public Beat {
      owners = Map.copyOf(owners);
      replicas = List.copyOf(replicas);
    }
  }

  /// Takes note of the database's time.
  void hearTime() {
    Instant _ = database.read("the database's time", this::time);
  }

  /// Says that a process is alive, gives these tasks of it back, keeps its others for `lease` from
  /// now on, and takes those who were silent for so long for lost: their tasks are anybody's, and
  /// their deliveries are due.
  public Beat beat(Sign sign, Duration lease, Set<String> give) {
    String id = sign.id();
    return database.update(
        "beat of replica " + id,
        c -> {
          Instant now = time(c);
          for (String task : give) {
            Sql.update(c, "DELETE FROM task_lease WHERE task = ? AND owner = ?", task, id);
          }
          int held =
              Sql.update(
                  c, "UPDATE task_lease SET held_until = ? WHERE owner = ?", now.plus(lease), id);
          Sql.update(
              c,
              "INSERT INTO replica (id, version, state, wanted, held, config_used, config_read,"
                  + " started, seen)"
                  + " VALUES (?, ?, 'live', ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                  + " state = 'live', wanted = excluded.wanted, held = excluded.held,"
                  + " config_used = excluded.config_used, config_read = excluded.config_read,"
                  + " seen = excluded.seen",
              id,
              sign.version(),
              sign.wanted(),
              held,
              sign.configUsed(),
              sign.configRead(),
              now,
              now);
          bury(c, now, lease);
          return new Beat(owners(c, now), all(c));
        });
  }

  private static void bury(Connection c, Instant now, Duration lease) throws SQLException {
    List<String> lost =
        Sql.all(
            c,
            row -> row.getString(1),
            "SELECT id FROM replica WHERE state = 'live' AND seen < ? ORDER BY id",
            now.minus(lease));
    for (String id : lost) {
      end(c, id, State.LOST, now);
    }
    Sql.update(c, "DELETE FROM replica WHERE state <> 'live' AND seen < ?", now.minus(REMEMBERED));
  }

  private static void end(Connection c, String id, State state, Instant now) throws SQLException {
    Sql.update(c, "UPDATE replica SET state = ?, held = 0 WHERE id = ?", state.label(), id);
    Sql.update(c, "DELETE FROM task_lease WHERE owner = ?", id);
    Deliveries.release(c, id, now);
    Pieces.release(c, id);
  }

  private static Map<String, String> owners(Connection c, Instant now) throws SQLException {
    Map<String, String> owners = new HashMap<>();
    Sql.all(
            c,
            row -> Map.entry(row.getString(1), row.getString(2)),
            "SELECT task, owner FROM task_lease WHERE held_until > ?",
            now)
        .forEach(task -> owners.put(task.getKey(), task.getValue()));
    return owners;
  }

  private static List<Replica> all(Connection c) throws SQLException {
    return Sql.all(
        c,
        row ->
            new Replica(
                row.getString("id"),
                row.getString("version"),
                State.of(row.getString("state")),
                row.getString("wanted"),
                row.getInt("held"),
                row.getString("config_used"),
                row.getString("config_read"),
                Sql.time(row, "started"),
                Sql.time(row, "seen")),
        "SELECT id, version, state, wanted, held, config_used, config_read, started, seen"
            + " FROM replica ORDER BY id");
  }

  /// Takes those of the tasks that nobody has, for `lease` from now on.
  ///
  /// @return those that were taken
  public Set<String> take(String id, Collection<String> tasks, Duration lease) {
    return database.update(
        "tasks of replica " + id,
        c -> {
          Instant now = time(c);
          Set<String> taken = new LinkedHashSet<>();
          for (String task : tasks) {
            int written =
                Sql.update(
                    c,
                    "INSERT INTO task_lease (task, owner, held_until) VALUES (?, ?, ?)"
                        + " ON CONFLICT (task) DO UPDATE SET owner = excluded.owner,"
                        + " held_until = excluded.held_until"
                        + " WHERE task_lease.held_until <= ? OR task_lease.owner = excluded.owner",
                    task,
                    id,
                    now.plus(lease),
                    now);
            if (written > 0) {
              taken.add(task);
            }
          }
          return taken;
        });
  }

  /// Ends a process in order: its tasks are anybody's at once, and its deliveries are due.
  public void leave(String id) {
    database.update(
        "end of replica " + id,
        c -> {
          end(c, id, State.LEFT, time(c));
          return true;
        });
  }

  /// Tells of what others write, and of everything after each time that something may have been
  /// missed, until it is closed.
  ///
  /// @param heard told on a thread of its own: `deliveries`, `conditions` or `tasks`
  public Listening listen(Consumer<String> heard) {
    return new NewsListener(server, heard);
  }

  /// The database's time, which moves this machine's if they differ.
  private Instant time(Connection c) throws SQLException {
    Instant asked = own.instant();
    Instant said =
        Sql.all(
                c,
                row -> Instant.ofEpochMilli(row.getLong(1)),
                "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)")
            .getFirst();
    shared.heard(asked, said, own.instant());
    return said;
  }
}
