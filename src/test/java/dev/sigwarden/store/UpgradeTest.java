package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.filing;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Postgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/// Databases that the first version with PostgreSQL wrote (`first-….sql`: the rows of one that
/// watched a log for a while, told of one signature, could not tell of another, and lost sight of a
/// second log), opened by this one. Flyway's own rows are among them: a script that was changed
/// since would be refused.
class UpgradeTest {
  private static final Duration LEASE = Duration.ofMinutes(5);

  @TempDir private Path folder;

  private static void replay(String name, Connection connection) throws IOException, SQLException {
    try (InputStream in = UpgradeTest.class.getResourceAsStream(name);
        Statement statement = connection.createStatement()) {
      assertThat(in).as(name).isNotNull();
      String rows = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      statement.execute("DELETE FROM flyway_schema_history");
      for (String insert : rows.split("(?<=;)\n(?=INSERT INTO |$)")) {
        if (!insert.isBlank()) {
          statement.execute(insert);
        }
      }
    }
  }

  private StorePlace firstFile() throws IOException, SQLException {
    Path file = folder.resolve("first.db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    Migrations.run(source, Migrations.Kind.SQLITE, "8");
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA application_id = " + 0x53494757);
      replay("first-sqlite.sql", connection);
    }
    return new StorePlace.SqlitePath(file);
  }

  private static StorePlace.Server firstServer() throws IOException, SQLException {
    StorePlace.Server place = Postgres.database();
    String url = "jdbc:postgresql://%s/%s?user=%s";
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(url.formatted(place.hosts(), place.database(), place.user()));
    Migrations.run(source, Migrations.Kind.POSTGRESQL, "11");
    try (Connection connection = source.getConnection()) {
      replay("first-postgresql.sql", connection);
    }
    return place;
  }

  @Test
  void file_that_the_first_version_wrote_is_used_with_all_that_it_holds() throws Exception {
    assertHolds(firstFile());
  }

  @Test
  void server_that_the_first_version_wrote_on_is_used_with_all_that_it_holds() throws Exception {
    assertHolds(firstServer());
  }

  private static void assertHolds(StorePlace place) {
    for (int time = 0; time < 2; time++) {
      try (Store store = Store.open(place, Clock.systemUTC())) {
        List<Finding> findings = store.findings(10);
        assertThat(findings)
            .filteredOn(it -> it.alert().kind() == Kind.UNEXPECTED_SIGNATURE)
            .filteredOn(it -> it.alert().log().equals("rekor"))
            .extracting(Finding::index)
            .containsExactlyInAnyOrder(1L, 6L);
        assertThat(findings).allSatisfy(it -> assertThat(it.evidence()).isNotEmpty());
        assertThat(store.verdicts("acme-release"))
            .isEqualTo(Map.of("expected", 1L, "unexpected", 2L));
        assertThat(store.views("rekor"))
            .singleElement()
            .satisfies(view -> {
              assertThat(view.position().head().size()).isEqualTo(7);
              assertThat(view.position().head()).isEqualTo(view.head().head());
            });
        assertThat(store.openConditions())
            .singleElement()
            .satisfies(it -> {
              assertThat(it.kind()).isEqualTo(Kind.LOG_UNREACHABLE);
              assertThat(it.log()).isEqualTo("gone");
            });
        assertThat(store.lasting("gone")).isNotEmpty();
        assertThat(store.lifecycle().find(findings.getFirst().alert().uid())).isPresent();
      }
    }
    try (Store store = Store.open(place, Clock.systemUTC())) {
      assertThat(store.lease("hook", 10, LEASE, "worker"))
          .extracting(it -> it.alert().uid())
          .isNotEmpty()
          .isSubsetOf(store.findings(10).stream().map(it -> it.alert().uid()).toList());
      store.file(List.of(filing("swf_later", "hook")));
      assertThat(store.findings(10)).hasSize(3);
    }
  }
}
