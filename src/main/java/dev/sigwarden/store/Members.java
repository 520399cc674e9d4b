package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/// What families were seen to have.
final class Members {
  /// Stands for the newest head at first sight.
  private static final long AT_HEAD = -1;

  private Members() {}

  static List<Member> of(Connection c, String family) throws SQLException {
    return Sql.all(
        c,
        row -> {
          long start = row.getLong("start");
          return new Member(
              row.getString("name"),
              row.getString("origin"),
              start == AT_HEAD ? OptionalLong.empty() : OptionalLong.of(start),
              row.getString("vkeys").lines().toList(),
              Sql.time(row, "seen"));
        },
        "SELECT name, origin, start, vkeys, seen FROM family_member WHERE family = ? ORDER BY place",
        family);
  }

  static void add(Connection c, String family, List<Member> members) throws SQLException {
    int place = of(c, family).size();
    for (Member member : members) {
      Sql.update(
          c,
          "INSERT INTO family_member (family, name, place, origin, start, vkeys, seen)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?)"
              + " ON CONFLICT (family, name) DO UPDATE SET vkeys = excluded.vkeys",
          family,
          member.name(),
          place,
          member.origin(),
          member.start().orElse(AT_HEAD),
          String.join("\n", member.keys()),
          member.seen());
      place++;
    }
  }
}
