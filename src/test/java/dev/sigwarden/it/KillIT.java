package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.StorePlace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The program as a process that is killed, and started twice.
class KillIT {
  private static final int ENTRIES = 20_000;

  /// Entries that are there at first; each kill finds some more.
  private static final int AT_FIRST = 8_000;

  /// Requests for entries after which a kill comes at the latest: more than one chunk, so that
  /// there are commits before, between and behind.
  private static final int LATEST = 14;

  /// Messages after which a kill comes at the latest.
  private static final int MESSAGES = 10;

  private static final int BUNDLE = 256;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"SQLite, 20", "PostgreSQL, 4"})
  void kill_at_random_instants_of_a_backlog_loses_and_doubles_nothing(String database, int kills) {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    Random random = new Random(seed);
    System.out.println("KillIT seed " + seed);
    // Slow enough that there is a middle to be killed in.
    try (Backlog backlog = new Backlog(folder, 40, server(database))) {
      for (int kill = 1; kill <= kills; kill++) {
        backlog.growTo(AT_FIRST + (ENTRIES - AT_FIRST) * (kill - 1L) / kills);
        killInside(backlog, random, kill);
      }
      backlog.growTo(ENTRIES);
      try (Program program = backlog.run()) {
        backlog.finish(program);
      }

      backlog.assertNothingLostNorInvented();
      // Each kill can have come between one delivery and writing that down.
      assertThat(backlog.repeats()).isLessThanOrEqualTo(kills);
    }
  }

  private static Optional<StorePlace.Server> server(String database) {
    return database.equals("PostgreSQL") ? Optional.of(Postgres.database()) : Optional.empty();
  }

  /// Runs the program and kills it at a random instant at which entries are left to be judged.
  private static void killInside(Backlog backlog, Random random, int kill) {
    long size = backlog.log().log().published();
    long left = (size - backlog.position() + BUNDLE - 1) / BUNDLE;
    // Two bundles are left to be asked for, which takes longer than a kill.
    long requests = 1 + random.nextInt((int) Math.clamp(left - 2, 1L, LATEST));
    long messages = backlog.hook().messages().size() + 1L + random.nextInt(MESSAGES);
    boolean reading = random.nextBoolean();
    Duration later = Duration.ofNanos(random.nextInt(20_000_000));
    long asked = backlog.log().requests(Fault::bundles);
    long bundles = asked + requests;
    long latest = asked + Math.max(1, left - 2);
    try (Program program = backlog.run()) {
      Backlog.until(
          "the instant of kill " + kill,
          program,
          () -> {
            long now = backlog.log().requests(Fault::bundles);
            boolean reached =
                reading ? now >= bundles : backlog.hook().messages().size() >= messages;
            return reached || now >= latest;
          });
      if (backlog.log().requests(Fault::bundles) < latest) {
        sleep(later);
      }
      program.kill();
    }
    assertThat(backlog.position())
        .as("kill %d comes while entries are left", kill)
        .isLessThan(size);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted before a kill", e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQLite", "PostgreSQL"})
  void kill_between_delivery_and_writing_that_down_repeats_it_under_the_same_id(String database) {
    try (Backlog backlog = new Backlog(folder, 100, server(database))) {
      backlog.growTo(160);
      backlog.hook().answerWith(Answer.of(200).in(new Answer.Manner.Silence()));
      try (Program program = backlog.run()) {
        Backlog.until("a message", program, () -> !backlog.hook().messages().isEmpty());
      }
      backlog.hook().answerWith(Answer.of(200));
      try (Program program = backlog.run()) {
        backlog.finish(program);
      }

      assertThat(backlog.hook().messages().stream().map(WebhookReceiver.Message::id).distinct())
          .hasSize(backlog.unexpected().size());
      assertThat(backlog.hook().messages()).hasSizeGreaterThan(1);
      assertThat(backlog.hook().messages().stream().map(WebhookReceiver.Message::body).distinct())
          .hasSize(1);
      backlog.assertNothingLostNorInvented();
    }
  }

  @Test
  void second_process_on_the_same_database_refuses_and_says_who_holds_it() {
    try (Backlog backlog = new Backlog(folder, 100)) {
      backlog.growTo(160);
      try (Program first = backlog.run()) {
        Backlog.until("everything told", first, backlog::everythingTold);

        Program.Outcome second =
            Program.run(folder, "run", "--config", backlog.config().path().toString());

        assertThat(second.exit()).isEqualTo(4);
        assertThat(second.err())
            .contains("sigwarden.db is in use by process " + first.pid())
            .contains("expected: one process for one SQLite file")
            .doesNotContain("\tat ");
        assertThat(first.isAlive()).isTrue();
        backlog.finish(first);
      }
      backlog.assertNothingLostNorInvented();
    }
  }
}
