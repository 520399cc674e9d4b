package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Store;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process that is killed, stopped and started twice.
class KillIT {
  private static final int ENTRIES = 5_000;

  /// One entry in so many is signed by the watched identity.
  private static final int WATCHED_EVERY = 100;

  /// One watched entry in so many is on the allowlist.
  private static final int EXPECTED_EVERY = 5;

  private static final int KILLS = 6;

  /// Requests for entries that one pass over the whole log makes.
  private static final int BUNDLES = (ENTRIES + 255) / 256;

  private static final Duration PATIENCE = Duration.ofSeconds(120);

  @TempDir private Path folder;

  private final Clock clock = Clock.systemUTC();
  private final SimulatedLog log = new SimulatedLog(clock);
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, clock);
  private final List<Long> unexpected = new ArrayList<>();
  private final StringBuilder allowed = new StringBuilder();
  private long expected;
  private ConfigFile config;

  @BeforeEach
  void fill() {
    config = new ConfigFile(folder, log.url().toString(), log.vkey(), hook.url().toString());
    // Slow enough that a backlog takes seconds, so that there is a middle to be killed in.
    config.requests("{at-once: 2, per-second: 15, deadline: 20s}").save();
  }

  @AfterEach
  void close() {
    hook.close();
    log.close();
  }

  private void backlog(int entries) {
    for (long index = log.log().size(); index < entries; index++) {
      if (index % WATCHED_EVERY != WATCHED_EVERY / 2) {
        log.log().append(Entries.other(index));
        continue;
      }
      log.log().append(Entries.watched("artifact " + index));
      if (index / WATCHED_EVERY % EXPECTED_EVERY == 0) {
        allowed.append(Entries.allowed("artifact " + index));
        expected++;
      } else {
        unexpected.add(index);
      }
    }
    config.allow(allowed.toString());
    log.log().publish();
  }

  private Program run() {
    return Program.start(folder, "run", "--config", config.path().toString());
  }

  private static void until(String what, Program program, Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(3))
        .until(() -> {
          if (!program.isAlive()) {
            throw new AssertionError("ended by itself:\n" + program.out() + program.err());
          }
          return holds.call();
        });
  }

  /// What must hold whatever happened on the way: each expected finding once, told at least once,
  /// and no other.
  private void assertNothingLostNorInvented() {
    try (Store store = Store.open("sqlite:" + config.database(), clock)) {
      assertThat(store.views(ConfigFile.LOG)).hasSize(1);
      assertThat(store.views(ConfigFile.LOG).getFirst().position().head())
          .isEqualTo(log.log().headAt(log.log().size()));
      List<Finding> findings = store.findings(2 * ENTRIES);
      assertThat(findings)
          .extracting(it -> it.alert().kind())
          .containsOnly(Kind.UNEXPECTED_SIGNATURE);
      assertThat(findings)
          .extracting(Finding::index)
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(store.verdicts(ConfigFile.RELEASES))
          .containsEntry("expected", expected)
          .containsEntry("unexpected", (long) unexpected.size())
          .hasSize(2);
      assertThat(hook.refusals()).isEmpty();
      assertThat(hook.acceptedIds())
          .containsExactlyInAnyOrderElementsOf(
              findings.stream().map(it -> it.alert().eventId()).toList());
      assertThat(store.queues())
          .allSatisfy(queue -> assertThat(queue.pending() + queue.dead()).isZero())
          .extracting(QueueState::sent)
          .containsOnly((long) unexpected.size());
    }
  }

  @Test
  void kill_at_any_instant_of_a_backlog_loses_and_doubles_nothing() {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.println("KillIT seed " + seed);
    // A third is there at first; each kill finds a further backlog beside what the last one left.
    for (int kill = 0; kill < KILLS; kill++) {
      backlog(ENTRIES / 3 + ENTRIES * 2 / 3 * kill / KILLS);
      long bundles = log.requests(Fault::bundles) + 1 + random.nextInt(BUNDLES / 2);
      int messages = hook.messages().size() + 1 + random.nextInt(10);
      boolean reading = random.nextBoolean();
      try (Program program = run()) {
        until(
            "the instant to kill",
            program,
            () ->
                everythingTold()
                    || (reading
                        ? log.requests(Fault::bundles) >= bundles
                        : hook.messages().size() >= messages));
      }
    }
    backlog(ENTRIES);
    try (Program program = run()) {
      finish(program);
    }
    assertNothingLostNorInvented();
  }

  /// Whether both receivers have everything.
  private boolean everythingTold() {
    String[] mails = folder.resolve("mail").toFile().list((_, name) -> name.endsWith(".eml"));
    return hook.acceptedIds().size() >= unexpected.size()
        && mails != null
        && mails.length >= unexpected.size();
  }

  /// Lets it finish, and stops it as a service manager does.
  private void finish(Program program) {
    until("everything told", program, this::everythingTold);
    until("the start's last word", program, () -> program.err().contains("watching 1 logs"));
    program.terminate();
    Program.Outcome outcome = program.end();
    assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
  }

  @Test
  void kill_between_delivery_and_writing_that_down_repeats_it_under_the_same_id() {
    backlog(160);
    hook.answerWith(Answer.of(200).in(new Answer.Manner.Silence()));
    try (Program program = run()) {
      until("a message", program, () -> !hook.messages().isEmpty());
    }
    hook.answerWith(Answer.of(200));
    try (Program program = run()) {
      finish(program);
    }

    assertThat(hook.messages().stream().map(WebhookReceiver.Message::id).distinct())
        .hasSize(unexpected.size());
    assertThat(hook.messages()).hasSizeGreaterThan(1);
    assertThat(hook.messages().stream().map(WebhookReceiver.Message::body).distinct()).hasSize(1);
    assertNothingLostNorInvented();
  }

  @Test
  void sigterm_in_a_backlog_ends_with_exit_0_and_the_next_start_goes_on() {
    backlog(3_000);
    try (Program program = run()) {
      until("a first chunk", program, () -> !hook.messages().isEmpty());
      program.terminate();
      Program.Outcome outcome = program.end();
      assertThat(outcome.exit()).as(outcome.out() + outcome.err()).isZero();
    }
    try (Program program = run()) {
      finish(program);
    }
    assertNothingLostNorInvented();
  }

  @Test
  void second_process_on_the_same_database_refuses_and_says_who_holds_it() {
    backlog(160);
    try (Program first = run()) {
      until("everything told", first, this::everythingTold);

      Program.Outcome second = Program.run(folder, "run", "--config", config.path().toString());

      assertThat(second.exit()).isEqualTo(4);
      assertThat(second.err())
          .contains("sigwarden.db is in use by process " + first.pid())
          .contains("expected: one process for one SQLite file")
          .doesNotContain("\tat ");
      assertThat(first.isAlive()).isTrue();
      finish(first);
    }
    assertNothingLostNorInvented();
  }
}
