package dev.sigwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

class SqliteFeedsTest extends FeedsContract {
  @TempDir Path folder;

  @Override
  Store open() {
    return Store.open("sqlite:" + folder.resolve("sigwarden.db"), clock);
  }

  @Test
  void observations_from_before_there_were_numbers_get_some_in_the_order_of_the_log()
      throws Exception {
    Path old = folder.resolve("old.db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + old);
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + old);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = " + 0x53494757);
    }
    Migrations.run(source, Migrations.Kind.SQLITE, "12");
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + old);
        Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO log VALUES ('a', 'a+1', 0), ('b', 'b+1', 0)");
      statement.execute("INSERT INTO log_view SELECT name, 0, 0, x'', '', 0, 0, x'', x'' FROM log");
      for (String row : List.of("'a', 9", "'b', 4", "'a', 2")) {
        statement.execute(
            "INSERT INTO observation (log, idx, branch, watch, severity, owner, runbook, leaf,"
                + " verdict, because, format, entry, first_seen) VALUES ("
                + row
                + ", 0, 'w', 'high', '', '', zeroblob(32), 'expected', 'x', 'f', x'00', 17)");
      }
    }
    try (Store opened = Store.open("sqlite:" + old, clock)) {
      Feeds feeds = opened.feeds();
      assertThat(feeds.behind("t"))
          .containsExactly(new Feeds.Behind("a", 0, 2), new Feeds.Behind("b", 0, 1));
      assertThat(feeds.page("a", 0))
          .extracting(it -> it.observation().index())
          .containsExactly(2L, 9L);
      assertThat(feeds.page("a", 0))
          .allMatch(it -> it.changedAt().equals(Instant.ofEpochMilli(17)));
    }
  }
}
