package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.MalformedAlertException;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.merkle.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Findings and what proves them.
final class Findings {
  private Findings() {}

  /// Writes each finding whose uid is new, with its evidence and its deliveries, or as untold if it
  /// is one too many. Of one that is known nothing is written, unless it was met in another place
  /// and was one too many there: what nobody was told hides nothing.
  static void file(Connection c, List<Filing> filings, Instant now) throws SQLException {
    Duties duties = new Duties(c, now);
    for (Filing filing : filings) {
      Alert alert = filing.finding().alert();
      if (insert(c, filing.finding())) {
        boolean all = true;
        for (Telling telling : filing.plan().tellings()) {
          boolean fits = !Untolds.isTooMany(c, filing, telling, 0);
          duties.begin(alert, telling, filing.plan().hush(), fits);
          all &= fits;
        }
        duties.escalate(alert, filing.plan(), all);
        if (!all) {
          Untolds.add(c, filing.finding(), now);
        }
      } else if (Untolds.isElsewhere(c, filing)) {
        tellAfterAll(c, filing, duties);
      }
    }
  }

  /// Tells whoever was not told of a finding where it was met first, since it was one too many
  /// there, and for whom it is not one too many here.
  private static void tellAfterAll(Connection c, Filing filing, Duties duties) throws SQLException {
    boolean all = true;
    for (Telling telling : filing.plan().tellings()) {
      if (Untolds.isTooMany(c, filing, telling, 1)) {
        all = false;
      } else {
        duties.tellAfterAll(filing.finding().alert(), telling, filing.plan().hush());
      }
    }
    if (all) {
      Untolds.tell(c, filing);
    }
  }

  private static boolean insert(Connection c, Finding finding) throws SQLException {
    Alert alert = finding.alert();
    int written =
        Sql.update(
            c,
            "INSERT INTO finding (uid, kind, family, severity, log, branch, idx, watch, opened_at,"
                + " state, alert) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?)"
                + " ON CONFLICT (uid) DO NOTHING",
            alert.uid(),
            alert.kind().label(),
            alert.kind().family().label(),
            alert.severity().label(),
            alert.log(),
            finding.branch(),
            finding.index(),
            alert.watch(),
            alert.firstSeen(),
            AlertJson.write(alert));
    if (written == 0) {
      return false;
    }
    int place = 0;
    for (Evidence evidence : finding.evidence()) {
      byte[] content = evidence.toBytes();
      Hash hash = Hash.ofData(content);
      Sql.update(
          c,
          "INSERT INTO evidence_content (hash, content) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING",
          hash,
          content);
      Sql.update(
          c,
          "INSERT INTO evidence (uid, place, name, hash) VALUES (?, ?, ?, ?)",
          alert.uid(),
          place++,
          evidence.name(),
          hash);
    }
    return true;
  }

  /// Counts one more telling of a finding, condition or digest, and returns which it is.
  static int nextRevision(Connection c, String uid) throws SQLException {
    for (String table : List.of("finding", "condition_state", "digest")) {
      String one = " WHERE uid = ?";
      if (Sql.update(c, "UPDATE " + table + " SET revision = revision + 1" + one, uid) > 0) {
        return Sql.first(c, row -> row.getInt(1), "SELECT revision FROM " + table + one, uid)
            .orElseThrow();
      }
    }
    throw new IllegalStateException("a telling of what is not known: " + uid);
  }

  static Optional<Finding> find(Connection c, String uid) throws SQLException {
    return list(c, " WHERE uid = ?", uid).stream().findFirst();
  }

  static List<Finding> newest(Connection c, int limit) throws SQLException {
    return list(c, " ORDER BY opened_at DESC, uid LIMIT ?", limit);
  }

  static Map<String, Long> counts(Connection c) throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    Sql.all(
            c,
            row -> Map.entry(row.getString(1), row.getLong(2)),
            "SELECT kind, count(*) FROM finding GROUP BY kind ORDER BY kind")
        .forEach(count -> counts.put(count.getKey(), count.getValue()));
    return counts;
  }

  private static List<Finding> list(Connection c, String which, Object parameter)
      throws SQLException {
    record Row(String alert, int branch, long index) {}
    List<Row> rows =
        Sql.all(
            c,
            row -> new Row(row.getString(1), row.getInt(2), row.getLong(3)),
            "SELECT alert, branch, idx FROM finding" + which,
            parameter);
    List<Finding> findings = new ArrayList<>(rows.size());
    for (Row row : rows) {
      Alert alert = alert(row.alert());
      findings.add(new Finding(alert, row.branch(), row.index(), evidence(c, alert.uid())));
    }
    return findings;
  }

  private static List<Evidence> evidence(Connection c, String uid) throws SQLException {
    return Sql.all(
        c,
        row -> {
          byte[] content = row.getBytes(2);
          return new Evidence(row.getString(1), content == null ? new byte[0] : content);
        },
        "SELECT e.name, c.content FROM evidence AS e JOIN evidence_content AS c ON c.hash = e.hash"
            + " WHERE e.uid = ? ORDER BY e.place",
        uid);
  }

  /// The alert of a stored row.
  static Alert alert(String json) throws SQLException {
    try {
      return AlertJson.read(json);
    } catch (MalformedAlertException e) {
      throw new SQLException("a stored alert cannot be read: " + e.getMessage(), e);
    }
  }
}
