package dev.sigwarden.store;

import dev.sigwarden.access.Grant;
import dev.sigwarden.access.Role;
import dev.sigwarden.merkle.Hash;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Tokens of the API, by their hashes.
final class Tokens {
  private static final String COLUMNS =
      "SELECT name, role, allowlists, created_at, created_by, expires_at FROM api_token";

  private Tokens() {}

  /// Writes a token; false if there is one of that name.
  static boolean add(Connection c, Grant grant, Hash hash) throws SQLException {
    return Sql.update(
            c,
            "INSERT INTO api_token (name, hash, role, allowlists, created_at, created_by,"
                + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            grant.name(),
            hash,
            grant.role().label(),
            grant.allowlists().stream().sorted().collect(Collectors.joining("\n")),
            grant.createdAt(),
            grant.createdBy(),
            grant.expiresAt().orElse(null))
        > 0;
  }

  static Optional<Grant> find(Connection c, Hash hash) throws SQLException {
    return Sql.first(c, Tokens::grant, COLUMNS + " WHERE hash = ?", hash);
  }

  static List<Grant> all(Connection c, int limit) throws SQLException {
    return Sql.all(c, Tokens::grant, COLUMNS + " ORDER BY name LIMIT ?", limit);
  }

  static boolean remove(Connection c, String name) throws SQLException {
    return Sql.update(c, "DELETE FROM api_token WHERE name = ?", name) > 0;
  }

  private static Grant grant(ResultSet row) throws SQLException {
    String role = row.getString("role");
    return new Grant(
        row.getString("name"),
        Role.of(role).orElseThrow(() -> new SQLException("role of a token: " + role)),
        names(row.getString("allowlists")),
        Sql.time(row, "created_at"),
        row.getString("created_by"),
        Sql.optionalTime(row, "expires_at"));
  }

  private static Set<String> names(String lines) {
    return lines.isEmpty()
        ? Set.of()
        : Arrays.stream(lines.split("\n")).collect(Collectors.toUnmodifiableSet());
  }
}
