package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.sim.LedgerFault;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.LedgerBook;
import dev.sigwarden.store.LedgerEntry;
import dev.sigwarden.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process that is killed while it follows a ledger.
class LedgerKillIT {
  private static final int KILLS = 8;

  /// Entries that each kill finds more, enough that there are commits before it and places behind.
  private static final int EACH = 60;

  /// One entry in so many is the watched issuer's, and one in so many of them expected.
  private static final int WATCHED_EVERY = 6;

  private static final int EXPECTED_EVERY = 3;

  /// Slow enough that there is a middle to be killed in.
  private static final String REQUESTS = "{at-once: 2, per-second: 50, deadline: 20s}";

  private static final int MANY = 100_000;

  @TempDir private Path folder;

  private LedgerProgram ledger;
  private final List<Long> registered = new ArrayList<>();
  private final List<Long> unexpected = new ArrayList<>();
  private long expected;

  /// Kills that left entries to be judged.
  private int inside;

  @BeforeEach
  void set_up() {
    ledger = new LedgerProgram(folder);
    ledger.program().config().requests(REQUESTS).save();
    List<String> allowed = new ArrayList<>();
    for (int i = 0; i < (KILLS + 1) * EACH; i++) {
      allowed.add("release " + i);
    }
    ledger.allow(allowed.toArray(String[]::new));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void kill_at_random_instants_of_a_backlog_loses_and_doubles_nothing() {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.println("LedgerKillIT seed " + seed);
    for (int kill = 1; kill <= KILLS; kill++) {
      grow();
      killInside(random, kill);
    }
    assertThat(inside).isPositive();
    grow();
    try (Program program = run()) {
      Backlog.until("everything told", program, () -> told().size() >= unexpected.size());
      Backlog.until("all judged", program, () -> next() > registered.getLast());
      Backlog.until(
          "the start's last word", program, () -> program.err().contains("watching 1 logs"));
      Backlog.stop(program);
    }

    assertNothingLostNorInvented();
    // Each kill can have come between one delivery and writing that down.
    WebhookReceiver hook = ledger.program().hook();
    long accepted = hook.messages().stream().filter(WebhookReceiver.Message::accepted).count();
    assertThat(accepted - hook.acceptedIds().size()).isLessThanOrEqualTo(KILLS);
  }

  private Program run() {
    String config = ledger.program().config().path().toString();
    return Program.start(folder, "run", "--config", config);
  }

  private void grow() {
    for (int i = 0; i < EACH; i++) {
      int number = registered.size();
      boolean watched = number % WATCHED_EVERY == 0;
      boolean allowed = number / WATCHED_EVERY % EXPECTED_EVERY == 0;
      String artifact = (allowed ? "release " : "malware ") + number;
      byte[] bytes = artifact.getBytes(StandardCharsets.UTF_8);
      PracticeTxId id =
          ledger.ledger().register(watched ? ledger.statement(artifact, 1) : ledger.foreign(bytes));
      registered.add(id.seqno());
      if (watched && allowed) {
        expected++;
      } else if (watched) {
        unexpected.add(id.seqno());
      }
      if (number % 4 == 3) {
        ledger.ledger().sign();
      }
    }
    ledger.ledger().sign();
  }

  /// Runs the program and kills it once it has asked for some of the entries that are left.
  private void killInside(Random random, int kill) {
    long before = asked();
    long left = registered.stream().filter(it -> it >= next()).count();
    // A third is left to be asked for, which takes longer than a kill.
    long entries = 1 + random.nextInt((int) left * 2 / 3);
    try (Program program = run()) {
      Backlog.until("the instant of kill " + kill, program, () -> asked() - before >= entries);
      program.kill();
    }
    if (next() <= registered.getLast()) {
      inside++;
    }
  }

  private long asked() {
    return ledger.simulated().requests(LedgerFault::entries);
  }

  /// The first place that was not judged, as the database has it; 0 before the first.
  private long next() {
    Path database = ledger.program().config().database();
    if (!database.toFile().exists()) {
      return 0;
    }
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:file:" + database + "?mode=ro");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(next_seqno) FROM ledger")) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      // Killed before the first table was made.
      assertThat(e.getMessage()).contains("no such table");
      return 0;
    }
  }

  /// The ids of findings that the webhook took, each once.
  private List<String> told() {
    return ledger.program().hook().messages().stream()
        .filter(it -> it.accepted() && it.body().contains("\"type\":\"finding."))
        .map(WebhookReceiver.Message::id)
        .distinct()
        .toList();
  }

  private void assertNothingLostNorInvented() {
    String database = "sqlite:" + ledger.program().config().database();
    try (Store store = Store.open(database, ledger.program().clock())) {
      LedgerBook book = store.ledger(ConfigFile.LOG);
      assertThat(book.entries(1, Long.MAX_VALUE, MANY).stream().map(LedgerEntry::id))
          .extracting(id -> id.seqno())
          .containsExactlyElementsOf(registered);
      assertThat(book.owedCount()).isZero();
      List<Finding> findings = store.findings(MANY);
      assertThat(findings)
          .extracting(it -> it.alert().kind())
          .containsOnly(Kind.UNEXPECTED_SIGNATURE);
      assertThat(findings)
          .extracting(Finding::index)
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(findings).extracting(it -> it.alert().uid()).doesNotHaveDuplicates();
      assertThat(store.verdicts("acme-statements"))
          .containsEntry("expected", expected)
          .containsEntry("unexpected", (long) unexpected.size())
          .hasSize(2);
      assertThat(store.openConditions()).isEmpty();
      assertThat(told())
          .containsExactlyInAnyOrderElementsOf(
              findings.stream().map(it -> it.alert().eventId()).toList());
    }
    assertThat(ledger.program().hook().refusals()).isEmpty();
  }
}
