package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StorePlace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;

/// A log full of entries with signatures of the watched identity among them, the receivers, and the
/// program as a process of its own that may be killed or stopped at any time: whatever happens to
/// it on the way, in the end each unexpected signature is found once and told under one id.
final class Backlog implements AutoCloseable {
  /// One entry in so many is signed by the watched identity.
  private static final int WATCHED_EVERY = 100;

  /// One watched entry in so many is on the allowlist.
  private static final int EXPECTED_EVERY = 5;

  /// Entries that a log has at most.
  private static final long LONGEST = 20_000;

  private static final int MANY = 100_000;

  private static final String OF_A_FINDING = "\"type\":\"finding.";

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  private final Path folder;
  private final Clock clock = Clock.systemUTC();
  private final SimulatedLog log = new SimulatedLog(clock);
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, clock);
  private final List<Long> unexpected = new ArrayList<>();
  private final ConfigFile config;
  private final StorePlace place;
  private long expected;

  /// An empty log, asked `perSecond` times a second at most; state in a file.
  Backlog(Path folder, int perSecond) {
    this(folder, perSecond, Optional.empty());
  }

  /// The same with state in that database, if one is given.
  Backlog(Path folder, int perSecond, Optional<StorePlace.Server> server) {
    this.folder = folder;
    config = new ConfigFile(folder, log.url().toString(), log.vkey(), hook.url().toString());
    server.ifPresent(config::storage);
    place =
        server
            .<StorePlace>map(Function.identity())
            .orElseGet(() -> new StorePlace.SqlitePath(config.database()));
    config.requests("{at-once: 2, per-second: %d, deadline: 20s}".formatted(perSecond)).save();
    // All at once, so that no process judges by the list of before.
    StringBuilder allowed = new StringBuilder();
    for (long index = 0; index < LONGEST; index++) {
      if (watched(index) && allowed(index)) {
        allowed.append(Entries.allowed(artifact(index)));
      }
    }
    config.allow(allowed.toString());
  }

  private static boolean watched(long index) {
    return index % WATCHED_EVERY == WATCHED_EVERY / 2;
  }

  private static boolean allowed(long index) {
    return index / WATCHED_EVERY % EXPECTED_EVERY == 0;
  }

  private static String artifact(long index) {
    return "artifact " + index;
  }

  SimulatedLog log() {
    return log;
  }

  WebhookReceiver hook() {
    return hook;
  }

  ConfigFile config() {
    return config;
  }

  /// The indexes of the signatures that nobody expects.
  List<Long> unexpected() {
    return List.copyOf(unexpected);
  }

  /// Has the log publish that many entries.
  void growTo(long size) {
    for (long index = log.log().size(); index < size; index++) {
      log.log().append(watched(index) ? Entries.watched(artifact(index)) : Entries.other(index));
      if (watched(index) && allowed(index)) {
        expected++;
      } else if (watched(index)) {
        unexpected.add(index);
      }
    }
    log.log().publish();
  }

  /// Starts the program.
  Program run() {
    return Program.start(folder, "run", "--config", config.path().toString());
  }

  /// Waits until this holds, while the program runs.
  static void until(String what, Program program, Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(2))
        .until(() -> {
          if (!program.isAlive()) {
            throw new AssertionError("ended by itself:\n" + program.out() + program.err());
          }
          return holds.call();
        });
  }

  /// Entries judged, as the database has it, which may be in use; 0 before the first.
  long position() {
    if (place instanceof StorePlace.SqlitePath(Path file) && !file.toFile().exists()) {
      return 0;
    }
    try (Connection connection =
            switch (place) {
              case StorePlace.SqlitePath(Path file) ->
                  DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro");
              case StorePlace.Server server -> Postgres.connect(server);
            };
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(pos_size) FROM log_view")) {
      return row.next() ? row.getLong(1) : 0;
    } catch (SQLException e) {
      // Killed before the first table was made.
      assertThat(e.getMessage()).containsAnyOf("no such table", "does not exist");
      return 0;
    }
  }

  /// The ids of findings that the webhook took, each once. Conditions of the trouble on the way may
  /// have been told besides.
  List<String> told() {
    return hook.messages().stream()
        .filter(message -> message.accepted() && message.body().contains(OF_A_FINDING))
        .map(WebhookReceiver.Message::id)
        .distinct()
        .toList();
  }

  /// Whether both receivers have everything.
  boolean everythingTold() {
    String[] mails = folder.resolve("mail").toFile().list((_, name) -> name.endsWith(".eml"));
    return told().size() >= unexpected.size() && mails != null && mails.length >= unexpected.size();
  }

  /// Lets the program finish, and stops it as a service manager does.
  void finish(Program program) {
    until("everything told", program, this::everythingTold);
    until("all judged", program, () -> position() == log.log().published());
    until("the start's last word", program, () -> program.err().contains("watching 1 logs"));
    stop(program);
  }

  /// Stops the program as a service manager does; it ends in order.
  static void stop(Program program) {
    program.terminate();
    Program.Outcome outcome = program.end();
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
  }

  /// What must hold whatever happened on the way: each unexpected signature is found once and told
  /// at least once under one id, and nothing else is.
  void assertNothingLostNorInvented() {
    try (Store store = Store.open(place, clock)) {
      assertThat(store.views(ConfigFile.LOG)).hasSize(1);
      assertThat(store.views(ConfigFile.LOG).getFirst().position().head())
          .isEqualTo(log.log().headAt(log.log().size()));
      List<Finding> findings = store.findings(MANY);
      assertThat(findings)
          .extracting(it -> it.alert().kind())
          .containsOnly(Kind.UNEXPECTED_SIGNATURE);
      assertThat(findings)
          .extracting(Finding::index)
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(findings).extracting(it -> it.alert().uid()).doesNotHaveDuplicates();
      assertThat(store.verdicts(ConfigFile.RELEASES))
          .containsEntry("expected", expected)
          .containsEntry("unexpected", (long) unexpected.size())
          .hasSize(2);
      assertThat(store.openConditions()).isEmpty();
      assertThat(hook.refusals()).isEmpty();
      assertThat(told())
          .containsExactlyInAnyOrderElementsOf(
              findings.stream().map(it -> it.alert().eventId()).toList());
      // The mail folder may have been told besides that the webhook did not answer.
      assertThat(store.queues())
          .allSatisfy(queue -> {
            assertThat(queue.pending() + queue.dead()).isZero();
            assertThat(queue.sent()).isGreaterThanOrEqualTo(unexpected.size());
          })
          .filteredOn(queue -> queue.receiver().equals("hook"))
          .extracting(QueueState::sent)
          .containsExactly((long) hook.acceptedIds().size());
    }
  }

  /// How often a message was sent again that the receiver had taken.
  long repeats() {
    long accepted = hook.messages().stream().filter(WebhookReceiver.Message::accepted).count();
    return accepted - hook.acceptedIds().size();
  }

  @Override
  public void close() {
    hook.close();
    log.close();
  }
}
