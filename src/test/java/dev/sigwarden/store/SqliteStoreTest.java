package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.finding;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Telling;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

class SqliteStoreTest extends StoreContract {
  @TempDir Path folder;

  @Override
  Store open() {
    return Store.open("sqlite:" + file(), clock);
  }

  private Path file() {
    return folder.resolve("new/data/sigwarden.db");
  }

  private void execute(Path database, String... statements) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static <T> List<T> read(Database database, Database.PlainWork<List<T>> query) {
    return database.read("test", query);
  }

  @Test
  void says_whose_a_file_must_be_that_cannot_be_written() throws IOException {
    Path file = Files.createFile(folder.resolve("restored.db"));
    assertThat(file.toFile().setReadOnly()).isTrue();
    // To root every file can be written.
    assumeThat(Files.isWritable(file)).isFalse();

    assertThatThrownBy(() -> Store.open("sqlite:" + file, clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("cannot be written (expected: a file of the user that runs");
  }

  @Test
  void refuses_other_kinds_of_database_without_repeating_the_url() {
    for (String url : List.of("postgresql://u:secret@db/x", "sqlite:", "", "x.db")) {
      assertThatThrownBy(() -> Store.open(url, clock))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("expected: sqlite:PATH")
          .hasMessageNotContaining("secret");
    }
    assertThatThrownBy(() -> Store.open("sqlite:a\u0000b", clock))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Store.open("sqlite:" + folder + "/a?b", clock))
        .isInstanceOf(StoreException.class);
  }

  @Test
  void a_second_store_on_the_same_file_is_refused_and_told_who_holds_it() throws Exception {
    String holder = "process " + ProcessHandle.current().pid();
    Path link = Files.createSymbolicLink(folder.resolve("link.db"), file());
    for (Path path : List.of(file(), file().resolveSibling("../data/sigwarden.db"), link)) {
      assertThatThrownBy(() -> Store.open("sqlite:" + path, clock))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(holder)
          .hasMessageContaining("since 2026-11-22T10:00:00Z");
    }
    store.file(List.of(filing("swf_a", "soc")));
    assertThat(store.findings(1)).hasSize(1);
  }

  @Test
  void a_disk_that_is_full_before_the_schema_is_there_is_what_is_told() {
    SQLiteConfig config = new SQLiteConfig();
    config.setMaxPageCount(10);
    SQLiteDataSource small = new SQLiteDataSource(config);
    small.setUrl("jdbc:sqlite:" + folder.resolve("small.db"));
    assertThatThrownBy(() -> Migrations.run(small, Migrations.Kind.SQLITE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("disk is full")
        .hasMessageNotContaining("a later one")
        .hasMessageNotContaining("\n");
  }

  @Test
  void a_link_that_led_to_no_file_yet_is_the_file_that_it_leads_to() throws Exception {
    Path real = folder.resolve("later.db");
    Path link = Files.createSymbolicLink(folder.resolve("early.db"), real);
    try (Store first = Store.open("sqlite:" + link, clock)) {
      assertThat(first.findings(1)).isEmpty();
      assertThatThrownBy(() -> Store.open("sqlite:" + real, clock))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is in use by");
    }
  }

  @Test
  void a_second_process_is_refused_and_the_lock_ends_with_a_killed_one() throws Exception {
    store.close();
    Process other = otherProcess();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("open");
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("process " + other.pid())
          .hasMessageContaining("stop the other");
      // A refused attempt must not have broken the other's lock.
      assertThatThrownBy(this::open).isInstanceOf(StoreException.class);
    } finally {
      other.destroyForcibly().waitFor();
    }
    store = open();
    assertThat(store.finding("swf_other")).isPresent();
    assertThat(leasedUids("soc")).containsExactly("swf_other");
  }

  private Process otherProcess() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            OtherProcess.class.getName(),
            file().toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /// Opens the store, files and leases one finding, says so, and waits to be killed.
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] arguments) throws Exception {
      Store store = Store.open("sqlite:" + arguments[0], new dev.sigwarden.TestClock());
      store.file(List.of(filing("swf_other", "soc")));
      store.lease("soc", 1, LEASE, "other");
      System.out.println("open");
      Thread.sleep(java.time.Duration.ofMinutes(5));
    }
  }

  @Test
  void leases_of_an_ended_process_are_given_back_when_the_file_is_opened() {
    store.file(List.of(filing("swf_a", "soc")));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
    reopen();
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void a_damaged_file_is_refused() throws Exception {
    begin(10);
    store.file(IntStream.range(0, 300).mapToObj(i -> filing("swf_" + i, "soc")).toList());
    store.close();
    byte[] sound = Files.readAllBytes(file());
    try {
      try (RandomAccessFile damaged = new RandomAccessFile(file().toFile(), "rw")) {
        for (int at = 8_192; at < sound.length; at += 4_096) {
          damaged.seek(at);
          damaged.write(new byte[512]);
        }
      }
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(file().toString());
      Files.writeString(file(), "this is not a database, and long enough to tell".repeat(50));
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("not a database");
    } finally {
      Files.write(file(), sound);
      store = open();
    }
    assertThat(store.findings(1_000)).hasSize(300);
  }

  @Test
  void another_programs_database_is_left_alone() throws Exception {
    Path other = folder.resolve("other.db");
    execute(other, "CREATE TABLE bookmarks (url TEXT)");
    assertThatThrownBy(() -> Store.open("sqlite:" + other, clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("another program");
    execute(other, "INSERT INTO bookmarks VALUES ('x')");
  }

  @Test
  void a_database_of_a_later_version_is_refused() throws Exception {
    store.close();
    execute(
        file(),
        "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
            + " checksum, installed_by, execution_time, success)"
            + " VALUES (99, '99', 'later', 'SQL', 'V99__later.sql', 1, 'x', 1, 1)");
    assertThatThrownBy(this::open).isInstanceOf(StoreException.class).hasMessageContaining("later");
    execute(file(), "DELETE FROM flyway_schema_history WHERE installed_rank = 99");
    store = open();
  }

  @Test
  void a_database_of_the_first_version_is_brought_to_this_one_with_all_it_holds() throws Exception {
    Path old = folder.resolve("old.db");
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + old);
    execute(old, "PRAGMA application_id = " + 0x53494757);
    Migrations.run(source, Migrations.Kind.SQLITE, "1");
    execute(
        old,
        "INSERT INTO log VALUES ('rekor', 'rekor.example+1', 0)",
        "INSERT INTO lasting VALUES ('rekor', 'FAILING', 5, 3)");
    try (Store opened = Store.open("sqlite:" + old, clock)) {
      assertThat(opened.identity("rekor")).contains("rekor.example+1");
      assertThat(opened.lasting("rekor")).containsOnlyKeys("FAILING");
      opened.file(List.of(filing("swf_a", "soc")));
      assertThat(opened.findings(1)).hasSize(1);
    }
  }

  @Test
  void an_altered_range_is_noticed_before_anything_is_appended_to_it() throws Exception {
    store.begin("rekor", "rekor.example+1", view(0, 100, 63));
    store.close();
    execute(file(), "UPDATE log_view SET pos_range = zeroblob(length(pos_range))");
    store = open();
    assertThatThrownBy(() -> store.views("rekor"))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("altered");
    store.close();
    execute(file(), "UPDATE log_view SET pos_range = x'00'");
    store = open();
    assertThatThrownBy(() -> store.views("rekor")).isInstanceOf(StoreException.class);
  }

  @Test
  void a_delivery_that_cannot_be_read_waits_and_holds_up_no_other() throws Exception {
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    store.close();
    execute(file(), "UPDATE outbox SET alert = '{\"uid\": 1}' WHERE uid = 'swf_a'");
    store = open();
    assertThat(leasedUids("soc")).containsExactly("swf_b");
    assertThat(store.queues().getFirst().pending()).isEqualTo(2);
    store.close();
    execute(
        file(),
        "UPDATE outbox SET alert = (SELECT alert FROM finding WHERE uid = 'swf_a')"
            + " WHERE uid = 'swf_a'");
    store = open();
    clock.advance(java.time.Duration.ofHours(2));
    assertThat(leasedUids("soc")).contains("swf_a");
  }

  @Test
  void a_full_disk_fails_the_commit_leaves_nothing_and_heals() throws Exception {
    begin(10);
    store.close();
    SqliteFile limited = SqliteFile.open(file(), clock);
    Database database = new FileDatabase(limited);
    try {
      int pages =
          database.update(
              "test", c -> Sql.all(c, row -> row.getInt(1), "PRAGMA page_count").getFirst());
      database.update(
          "test", c -> Sql.all(c, row -> row.getInt(1), "PRAGMA max_page_count = " + (pages + 2)));
      Commit large =
          commit(
              0,
              7,
              List.of(),
              IntStream.range(0, 200).mapToObj(i -> filing("swf_" + i, "soc")).toList());
      assertThatThrownBy(() ->
              database.write(
                  "commit of rekor",
                  c -> {
                    Views.advance(c, large);
                    Findings.file(c, large.filings(), clock.instant());
                    return true;
                  }))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("full");
      assertThat(database.trouble().orElseThrow()).startsWith("commit of rekor: ").contains("full");
      assertThat(read(database, c -> Views.of(c, "rekor"))).containsExactly(view(0, 10, 0));
      boolean written =
          database.write(
              "commit of rekor",
              c -> {
                Views.advance(c, commit(0, 7, List.of(), List.of()));
                return true;
              });
      assertThat(written).isTrue();
      assertThat(database.trouble()).isEmpty();
    } finally {
      database.close();
      limited.close();
      store = open();
    }
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
    assertThat(store.findings(10)).isEmpty();
  }

  @Test
  void a_transaction_cut_at_any_statement_leaves_nothing() throws Exception {
    begin(10);
    store.close();
    SqliteFile sqlite = SqliteFile.open(file(), clock);
    Filing filing = filing("swf_a", "soc");
    int cut = 0;
    try {
      boolean whole = false;
      while (!whole) {
        FailingSource source = new FailingSource(sqlite, cut++);
        try (Database database = new FileDatabase(source)) {
          whole =
              database.write(
                  "commit of rekor",
                  c -> {
                    Views.advance(c, commit(0, 7, List.of(), List.of()));
                    Findings.file(c, List.of(filing), clock.instant());
                    return true;
                  });
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("cut");
          try (Database reading = new FileDatabase(sqlite)) {
            assertThat(read(reading, c -> Views.of(c, "rekor"))).containsExactly(view(0, 10, 0));
            assertThat(read(reading, c -> Findings.newest(c, 5))).isEmpty();
            assertThat(read(reading, Deliveries::queues)).isEmpty();
          }
        }
      }
    } finally {
      sqlite.close();
      store = open();
    }
    // Position, finding, content and place of two pieces of evidence, silences, look-up and
    // insertion of the delivery, commit.
    assertThat(cut - 1).isEqualTo(10);
    assertThat(store.views("rekor")).containsExactly(view(0, 10, 7));
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void a_telling_cut_at_any_statement_tells_nothing_and_is_told_whole_afterwards()
      throws Exception {
    Telling grouped =
        new Telling(
            "soc",
            "group",
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofHours(1),
            Telling.ALL,
            Telling.Hours.ALWAYS);
    Plan plan = new Plan(List.of(grouped), List.of(), Hush.NONE);
    store.file(List.of(new Filing(finding("swf_a"), plan), new Filing(finding("swf_b"), plan)));
    clock.advance(Duration.ofMinutes(1));
    store.close();
    SqliteFile sqlite = SqliteFile.open(file(), clock);
    int cut = 0;
    try {
      boolean whole = false;
      while (!whole) {
        try (Database database = new FileDatabase(new FailingSource(sqlite, cut++))) {
          whole = new Tellings(database, clock).tell(Hush.NONE);
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("cut");
          try (Database reading = new FileDatabase(sqlite)) {
            assertThat(read(reading, Deliveries::queues)).isEmpty();
          }
        }
      }
    } finally {
      sqlite.close();
      store = open();
    }
    assertThat(cut).isGreaterThan(10);
    assertThat(lease("soc"))
        .singleElement()
        .matches(pending -> pending.alert().event() == Alert.Event.DIGEST);
  }

  @Test
  void a_folder_that_cannot_be_made_is_a_clear_error() throws Exception {
    Path plain = Files.writeString(folder.resolve("plain"), "x");
    assertThatThrownBy(() -> Store.open("sqlite:" + plain.resolve("sigwarden.db"), clock))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("folder cannot be written");
    assertThatThrownBy(
            () -> Store.open("sqlite:" + Files.createDirectory(folder.resolve("d")), clock))
        .isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> Store.open("sqlite:/", clock)).isInstanceOf(StoreException.class);
  }

  @Test
  void every_commit_is_synchronised_with_the_disk() {
    SqliteFile sqlite = SqliteFile.open(folder.resolve("pragmas.db"), clock);
    try (Database database = new FileDatabase(sqlite)) {
      for (String expected : List.of("journal_mode=wal", "synchronous=2", "foreign_keys=1")) {
        String pragma = expected.substring(0, expected.indexOf('='));
        String value =
            database.update(
                "test", c -> Sql.all(c, row -> row.getString(1), "PRAGMA " + pragma).getFirst());
        assertThat(pragma + "=" + value).isEqualTo(expected);
      }
      assertThatThrownBy(() -> database.read("test", c -> Sql.update(c, "DELETE FROM outbox")))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("readonly");
    } finally {
      sqlite.close();
    }
  }
}
