package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.WireFaults;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGTERM in every stage of the program's work, one after the other over the same database: each
/// time it ends in order with exit 0 within the time that service managers grant, and the next
/// start goes on.
class StopIT {
  /// What a stop may take on a busy machine; on a quiet one the documented 10 s.
  private static final Duration LONGEST = Duration.ofSeconds(25);

  @TempDir private Path folder;

  @Test
  void sigterm_in_each_stage_ends_in_order_and_loses_and_doubles_nothing() {
    try (Backlog backlog = new Backlog(folder, 25)) {
      backlog.growTo(3_000);
      duringTheStart(backlog);
      whileEntriesAreAwaited(backlog);
      whileABacklogIsJudgedAndWritten(backlog);
      whileAReceiverIsAwaited(backlog);
      whileADeliveryWaitsForItsNextAttempt(backlog);
      whileLogAndReceiverHang(backlog);
      backlog.growTo(4_000);
      try (Program program = backlog.run()) {
        backlog.finish(program);
      }
      backlog.assertNothingLostNorInvented();
    }
  }

  private static void stop(Program program) {
    long began = System.nanoTime();
    Backlog.stop(program);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LONGEST);
  }

  /// The database is being opened, nothing listens yet.
  private static void duringTheStart(Backlog backlog) {
    Path lock = backlog.config().database().resolveSibling("sigwarden.db.lock");
    try (Program program = backlog.run()) {
      Backlog.until("the database's lock", program, () -> Files.exists(lock));
      stop(program);
    }
  }

  /// The log takes its time over entries.
  private static void whileEntriesAreAwaited(Backlog backlog) {
    backlog.log().inject(WireFaults.silence().on(Fault::bundles));
    long before = backlog.log().requests(Fault::bundles);
    try (Program program = backlog.run()) {
      Backlog.until("a request", program, () -> backlog.log().requests(Fault::bundles) > before);
      stop(program);
    }
    backlog.log().heal();
  }

  /// A first chunk is written, the others are under way.
  private static void whileABacklogIsJudgedAndWritten(Backlog backlog) {
    try (Program program = backlog.run()) {
      Backlog.until("a first chunk", program, () -> !backlog.hook().messages().isEmpty());
      stop(program);
    }
  }

  /// The webhook has the message and does not answer.
  private static void whileAReceiverIsAwaited(Backlog backlog) {
    backlog.growTo(3_300);
    int before = backlog.hook().messages().size();
    backlog.hook().hang();
    try (Program program = backlog.run()) {
      Backlog.until("a message", program, () -> backlog.hook().messages().size() > before);
      stop(program);
    }
  }

  /// The webhook refused, and is tried again later.
  private static void whileADeliveryWaitsForItsNextAttempt(Backlog backlog) {
    int before = backlog.hook().messages().size();
    backlog.hook().answerWith(Answer.of(503));
    try (Program program = backlog.run()) {
      Backlog.until("an attempt", program, () -> backlog.hook().messages().size() > before);
      stop(program);
    }
    backlog.hook().answerWith(Answer.of(200));
  }

  private static void whileLogAndReceiverHang(Backlog backlog) {
    backlog.growTo(3_600);
    int before = backlog.hook().messages().size();
    backlog.hook().hang();
    try (Program program = backlog.run()) {
      Backlog.until("a message", program, () -> backlog.hook().messages().size() > before);
      backlog.log().inject(WireFaults.silence());
      long asked = backlog.log().requests(Fault::checkpoint);
      Backlog.until("a request", program, () -> backlog.log().requests(Fault::checkpoint) > asked);
      stop(program);
    }
    backlog.log().heal();
    backlog.hook().answerWith(Answer.of(200));
  }
}
