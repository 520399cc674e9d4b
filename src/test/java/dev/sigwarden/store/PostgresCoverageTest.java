package dev.sigwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.sim.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

class PostgresCoverageTest extends CoverageContract {
  private final StorePlace.Server place = Postgres.database();

  @Override
  Store open() {
    return Opening.server(place, clock, new SharedClock(clock, Duration.ofDays(100_000)));
  }

  @Override
  long rows(String table) throws SQLException {
    try (Connection connection = Postgres.connect(place);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
