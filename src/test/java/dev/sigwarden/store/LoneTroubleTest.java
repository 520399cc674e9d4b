package dev.sigwarden.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoneTroubleTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final StoreException REFUSED = new StoreException("not this row");

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private Store store;
  private LoneTrouble trouble;

  @BeforeEach
  void open() {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    trouble = new LoneTrouble(store, PATIENCE, clock);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private boolean after(Duration time, Throwable met) {
    clock.advance(time);
    return trouble.lasts(met);
  }

  private void alter(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  @Test
  void one_whom_the_database_fails_though_it_takes_writes_is_told_of() {
    assertThat(after(Duration.ZERO, REFUSED)).isFalse();
    assertThat(after(PATIENCE.minusMillis(1), REFUSED)).isFalse();
    // A write goes well; the trouble has to go on behind it.
    assertThat(after(Duration.ofMillis(1), REFUSED)).isFalse();
    assertThat(after(Duration.ofSeconds(1), REFUSED)).isFalse();
    assertThat(after(WriteTrouble.CALM, REFUSED)).isTrue();
    trouble.over();
    assertThat(after(Duration.ZERO, REFUSED)).isFalse();
  }

  @Test
  void database_that_takes_nobodys_writes_is_told_of_by_none_of_its_users() throws SQLException {
    store.close();
    for (String change : new String[] {"INSERT", "UPDATE"}) {
      alter(
          "CREATE TRIGGER refuse_%s BEFORE %s ON last_done BEGIN SELECT RAISE(ABORT, 'full'); END"
              .formatted(change, change));
    }
    open();
    for (int i = 0; i < 100; i++) {
      assertThat(after(Duration.ofSeconds(1), REFUSED)).isFalse();
    }
  }

  @Test
  void one_who_waited_for_the_database_and_fails_once_more_when_it_is_there_again_is_not() {
    assertThat(after(Duration.ZERO, REFUSED)).isFalse();
    assertThat(after(PATIENCE.multipliedBy(2), REFUSED)).isFalse();
    assertThat(after(Duration.ofSeconds(1), REFUSED)).isFalse();
    trouble.over();
    assertThat(after(Duration.ofDays(1), REFUSED)).isFalse();
  }

  @Test
  void error_of_another_kind_is_told_of_once_it_lasts() {
    Throwable error = new IllegalStateException("a bug");
    assertThat(after(Duration.ZERO, error)).isFalse();
    assertThat(after(PATIENCE, error)).isTrue();
  }

  @Test
  void clock_that_was_set_back_begins_anew() {
    assertThat(after(Duration.ZERO, REFUSED)).isFalse();
    assertThat(after(Duration.ofDays(-1), REFUSED)).isFalse();
    assertThat(after(PATIENCE, REFUSED)).isFalse();
    assertThat(after(WriteTrouble.CALM, REFUSED)).isTrue();
  }
}
