package dev.sigwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What families of logs were seen to have, and how they were listed last.
public final class Families {
  /// Stands for the newest head at first sight.
  private static final long AT_HEAD = -1;

  private final Database database;
  private final Clock clock;

  Families(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /// The logs that a family was ever seen to have, in the order of its list.
  public List<Member> members(String family) {
    return database.read("members of " + family, c -> members(c, family));
  }

  private static List<Member> members(Connection c, String family) throws SQLException {
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

  /// Remembers logs that a family was not seen to have before, behind the others, and of those that
  /// it was their keys, together with the findings that tell of them.
  public void enrol(String family, List<Member> members, List<Filing> filings) {
    var _ =
        database.update(
            "members of " + family,
            c -> {
              add(c, family, members);
              Findings.file(c, filings, clock.instant());
              return true;
            });
  }

  private static void add(Connection c, String family, List<Member> members) throws SQLException {
    int place = members(c, family).size();
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

  /// The list of a family as it was had last from that address, in the family's own form; empty if
  /// none was, or the last one from elsewhere.
  public Optional<byte[]> list(String family, String address) {
    return database.read(
        "list of " + family,
        c ->
            Sql.first(
                c,
                row -> row.getBytes("content"),
                "SELECT content FROM family_list WHERE family = ? AND address = ?",
                family,
                address));
  }

  /// Remembers the list of a family, in place of the one before.
  public void keepList(String family, String address, byte[] list) {
    var _ =
        database.update(
            "list of " + family,
            c -> {
              Sql.update(
                  c,
                  "INSERT INTO family_list (family, address, content, seen) VALUES (?, ?, ?, ?)"
                      + " ON CONFLICT (family) DO UPDATE SET address = excluded.address,"
                      + " content = excluded.content, seen = excluded.seen",
                  family,
                  address,
                  list,
                  clock.instant());
              return true;
            });
  }
}
