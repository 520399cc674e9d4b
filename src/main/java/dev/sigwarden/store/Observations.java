package dev.sigwarden.store;

import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.watch.Severity;
import dev.sigwarden.watch.Verdict;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Entries that watches selected.
final class Observations {
  /// How many observations rows are: those about one certificate are one.
  private static final String DISTINCT =
      "count(*) - count(certificate) + count(DISTINCT certificate)";

  /// Rows that are counted for one alert: in a flood each alert would count all before it.
  private static final int MOST_COUNTED = 1_000;

  private Observations() {}

  /// The columns of an observation.
  static final String COLUMNS =
      "log, branch, idx, watch, severity, owner, runbook, leaf, verdict, because, grace_until,"
          + " format, entry, first_seen, logged, certificate, signer";

  /// Writes observations, but for those that are known, under numbers that follow each other.
  static void add(Connection c, List<Observation> observations, Instant now) throws SQLException {
    add(c, observations, now, "DO NOTHING");
  }

  /// Writes observations in the same way. One that is known and was expected gets the new verdict:
  /// what is judged again may turn out worse, and nothing that was found is taken back.
  static void addAgain(Connection c, List<Observation> observations, Instant now)
      throws SQLException {
    add(
        c,
        observations,
        now,
        "DO UPDATE SET verdict = excluded.verdict, because = excluded.because,"
            + " grace_until = excluded.grace_until, seq = excluded.seq,"
            + " changed_at = excluded.changed_at"
            + " WHERE observation.verdict = 'expected' AND excluded.verdict <> 'expected'");
  }

  private static void add(Connection c, List<Observation> observations, Instant now, String known)
      throws SQLException {
    Map<String, List<Observation>> byLog =
        observations.stream()
            .collect(
                Collectors.groupingBy(
                    Observation::log, LinkedHashMap::new, Collectors.toUnmodifiableList()));
    for (Map.Entry<String, List<Observation>> log : byLog.entrySet()) {
      long number = Feeds.numbers(c, log.getKey(), log.getValue().size());
      for (Observation observation : log.getValue()) {
        add(c, observation, number++, now, known);
      }
    }
  }

  private static void add(
      Connection c, Observation observation, long number, Instant now, String known)
      throws SQLException {
    Sql.update(
        c,
        "INSERT INTO observation ("
            + COLUMNS
            + ", seq, changed_at)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (log, branch, idx, watch) "
            + known,
        observation.log(),
        observation.branch(),
        observation.index(),
        observation.watch(),
        observation.observer().severity().label(),
        observation.observer().owner(),
        observation.observer().runbook(),
        observation.leaf(),
        label(observation.verdict()),
        because(observation.verdict()),
        until(observation.verdict()),
        observation.format(),
        observation.entry().toBytes(),
        observation.firstSeen(),
        observation.loggedAt().orElse(null),
        observation.certificate().orElse(null),
        observation.signer().orElse(null),
        number,
        now);
    Pages.addArtifacts(c, observation);
  }

  static List<ObservationKey> due(Connection c, Instant now, int limit) throws SQLException {
    return Sql.all(
        c,
        Observations::key,
        "SELECT log, branch, idx, watch FROM observation"
            + " WHERE verdict = 'pending' AND grace_until <= ?"
            + " ORDER BY grace_until, log, branch, idx, watch LIMIT ?",
        now,
        limit);
  }

  static List<ObservationKey> pending(Connection c, Optional<ObservationKey> after, int limit)
      throws SQLException {
    // Before every key: no log's name is empty.
    ObservationKey from = after.orElse(new ObservationKey("", 0, 0, ""));
    return Sql.all(
        c,
        Observations::key,
        "SELECT log, branch, idx, watch FROM observation WHERE verdict = 'pending'"
            + " AND (log, branch, idx, watch) > (?, ?, ?, ?)"
            + " ORDER BY log, branch, idx, watch LIMIT ?",
        from.log(),
        from.branch(),
        from.index(),
        from.watch(),
        limit);
  }

  static Optional<Observation> pending(Connection c, ObservationKey key) throws SQLException {
    return find(c, key).filter(found -> found.verdict() instanceof Verdict.Pending);
  }

  /// The observation of that key, whatever its verdict.
  static Optional<Observation> find(Connection c, ObservationKey key) throws SQLException {
    return Sql.first(
        c,
        Observations::observation,
        "SELECT "
            + COLUMNS
            + " FROM observation WHERE log = ? AND branch = ? AND idx = ? AND watch = ?",
        key.log(),
        key.branch(),
        key.index(),
        key.watch());
  }

  /// Replaces a pending observation's verdict and when it was first seen; false if it is not
  /// pending any more.
  static boolean settle(Connection c, Observation settled, Instant now) throws SQLException {
    return Sql.update(
            c,
            "UPDATE observation SET verdict = ?, because = ?, grace_until = ?, first_seen = ?,"
                + " seq = ?, changed_at = ? WHERE log = ? AND branch = ? AND idx = ? AND watch = ?"
                + " AND verdict = 'pending'",
            label(settled.verdict()),
            because(settled.verdict()),
            until(settled.verdict()),
            settled.firstSeen(),
            Feeds.numbers(c, settled.log(), 1),
            now,
            settled.log(),
            settled.branch(),
            settled.index(),
            settled.watch())
        > 0;
  }

  static long count(Connection c, String watch, Instant from) throws SQLException {
    return Sql.all(
            c,
            row -> row.getLong(1),
            "SELECT "
                + DISTINCT
                + " FROM (SELECT certificate FROM observation WHERE watch = ? AND first_seen >= ?"
                + " ORDER BY first_seen LIMIT "
                + MOST_COUNTED
                + ") AS lately",
            watch,
            from)
        .getFirst();
  }

  /// How many entries by an identity were selected since `from`, and when the first of all was.
  static Sightings sightings(Connection c, Hash signer, Instant from) throws SQLException {
    Optional<Instant> first =
        Sql.first(
            c,
            row -> Sql.time(row, "first_seen"),
            "SELECT first_seen FROM observation WHERE signer = ? ORDER BY first_seen LIMIT 1",
            signer);
    // Two watches may have selected the same entry.
    long since =
        Sql.all(
                c,
                row -> row.getLong(1),
                "SELECT count(*) FROM (SELECT DISTINCT log, branch, idx FROM observation"
                    + " WHERE signer = ? AND first_seen >= ? LIMIT "
                    + Sightings.MOST
                    + ") AS entries",
                signer,
                from)
            .getFirst();
    return new Sightings(since, first);
  }

  /// How many observations of a watch have each verdict, by its label; verdicts without any are
  /// left out. In the labels' order.
  static Map<String, Long> verdicts(Connection c, String watch) throws SQLException {
    return Sql.all(
            c,
            row -> Map.entry(row.getString(1), row.getLong(2)),
            "SELECT verdict, " + DISTINCT + " FROM observation WHERE watch = ? GROUP BY verdict",
            watch)
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
  }

  static ObservationKey key(ResultSet row) throws SQLException {
    return new ObservationKey(
        row.getString("log"), row.getInt("branch"), row.getLong("idx"), row.getString("watch"));
  }

  static Observation observation(ResultSet row) throws SQLException {
    byte[] entry = row.getBytes("entry");
    return new Observation(
        row.getString("log"),
        row.getInt("branch"),
        row.getLong("idx"),
        Sql.hash(row, "leaf"),
        new Observer(
            row.getString("watch"),
            severity(row.getString("severity")),
            row.getString("owner"),
            row.getString("runbook")),
        verdict(row),
        row.getString("format"),
        EntryBytes.of(entry == null ? new byte[0] : entry),
        Sql.time(row, "first_seen"),
        Sql.optionalTime(row, "logged"),
        Sql.hashes(row, "certificate").stream().findFirst(),
        Sql.hashes(row, "signer").stream().findFirst(),
        List.of());
  }

  private static Severity severity(String label) throws SQLException {
    return Arrays.stream(Severity.values())
        .filter(severity -> severity.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new SQLException("severity: " + label));
  }

  private static Verdict verdict(ResultSet row) throws SQLException {
    String because = row.getString("because");
    String label = row.getString("verdict");
    return switch (label) {
      case "expected" -> new Verdict.Expected(because);
      case "pending" -> new Verdict.Pending(Sql.time(row, "grace_until"), because);
      case "unexpected" -> new Verdict.Unexpected(because);
      default -> throw new SQLException("verdict: " + label);
    };
  }

  private static String label(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Expected _ -> "expected";
      case Verdict.Pending _ -> "pending";
      case Verdict.Unexpected _ -> "unexpected";
    };
  }

  private static String because(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Expected(String because) -> because;
      case Verdict.Pending(Instant _, String because) -> because;
      case Verdict.Unexpected(String because) -> because;
    };
  }

  private static @Nullable Instant until(Verdict verdict) {
    return verdict instanceof Verdict.Pending(Instant until, String _) ? until : null;
  }
}
