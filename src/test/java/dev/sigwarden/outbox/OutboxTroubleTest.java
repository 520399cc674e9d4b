package dev.sigwarden.outbox;

import static dev.sigwarden.store.StoreSamples.filing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.TestClock;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.store.Pending;
import dev.sigwarden.store.QueueState;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Receivers that fail, hang and refuse, and the end of an outbox.
class OutboxTroubleTest extends OutboxFixture {
  @Test
  void a_hanging_receiver_delays_no_other_and_is_told_of() {
    OutboxPolicy strict =
        new OutboxPolicy(
            POLICY.maxAge(),
            POLICY.rate(),
            Map.of(),
            Duration.ofMillis(50),
            POLICY.lease(),
            POLICY.tick(),
            Duration.ofSeconds(1));
    HangingReceiver hanging = new HangingReceiver(true);
    SilentReceiver oncall = new SilentReceiver();
    store.file(IntStream.range(0, 20).mapToObj(i -> filing("swf_" + i, "soc", "oncall")).toList());
    start(strict, Map.of("soc", hanging, "oncall", oncall));
    awaitSent("oncall", 20);
    await().until(() -> trouble.lines.stream().anyMatch(line -> line.startsWith("soc failing")));
    assertThat(trouble.lines).contains("soc failing: no answer within 0 s");
    hanging.letGo.countDown();
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          clock.advance(Duration.ofSeconds(30));
          return queue("soc").sent() == 20;
        });
    assertThat(trouble.lines).contains("soc recovered");
  }

  @Test
  void an_error_of_the_virtual_machine_s_ends_no_worker() {
    FlakyReceiver soc = new FlakyReceiver(_ -> DONE);
    FlakyReceiver oncall = new FlakyReceiver(_ -> DOWN);
    trouble.error = new StackOverflowError("deep");
    store.file(IntStream.range(0, 5).mapToObj(i -> filing("swf_" + i, "oncall", "soc")).toList());
    Outbox outbox = start(POLICY, Map.of("soc", soc, "oncall", oncall));
    await().until(() -> trouble.error == null);
    oncall.answer = _ -> DONE;
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          clock.advance(Duration.ofSeconds(30));
          outbox.wake();
          return queue("oncall").sent() == 5 && queue("soc").sent() == 5;
        });
  }

  @Test
  void receiver_whose_deliveries_alone_the_database_refuses_is_told_of() throws SQLException {
    store.close();
    alter(
        "CREATE TRIGGER refusing BEFORE UPDATE ON outbox WHEN NEW.receiver = 'soc'"
            + " BEGIN SELECT RAISE(ABORT, 'not for soc'); END");
    openStore();
    store.file(List.of(filing("swf_a", "soc", "oncall")));
    Outbox outbox =
        start(POLICY, Map.of("soc", new SilentReceiver(), "oncall", new SilentReceiver()));
    awaitSent("oncall", 1);
    assertThat(trouble.lines).noneMatch(line -> line.startsWith("soc"));

    advanceUntilTold(outbox, "soc failing");
    assertThat(trouble.lines).last().asString().contains("not for soc");

    outbox.close();
    store.close();
    alter("DROP TRIGGER refusing");
    openStore();
    start(POLICY, Map.of("soc", new SilentReceiver()));
    awaitSent("soc", 1);
    await().until(() -> trouble.lines.getLast().equals("soc recovered"));
  }

  private void advanceUntilTold(Outbox outbox, String begin) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          clock.advance(Duration.ofSeconds(5));
          outbox.wake();
          return trouble.lines.stream().anyMatch(line -> line.startsWith(begin));
        });
  }

  private void alter(String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("test.db"));
        Statement statement = connection.createStatement()) {
      boolean _ = statement.execute(sql);
    }
  }

  @Test
  void stops_trying_a_receiver_that_fails_and_probes_it() {
    FlakyReceiver soc = new FlakyReceiver(_ -> DOWN);
    SilentReceiver oncall = new SilentReceiver();
    store.file(IntStream.range(0, 50).mapToObj(i -> filing("swf_" + i, "soc")).toList());
    Outbox outbox = start(POLICY, Map.of("soc", soc, "oncall", oncall));
    await().until(() -> !trouble.lines.isEmpty());
    assertThat(trouble.lines).containsExactly("soc failing: down");
    store.file(List.of(filing("swf_x", "oncall")));
    outbox.wake();
    awaitSent("oncall", 1);
    assertThat(soc.attempts).hasSize(5);
    clock.advance(Duration.ofSeconds(30));
    await().until(() -> soc.attempts.size() == 6);
    clock.advance(Duration.ofSeconds(59));
    store.file(List.of(filing("swf_y", "oncall")));
    outbox.wake();
    awaitSent("oncall", 2);
    assertThat(soc.attempts).hasSize(6);
    soc.answer = _ -> DONE;
    clock.advance(Duration.ofMinutes(20));
    awaitSent("soc", 50);
    assertThat(trouble.lines).last().isEqualTo("soc recovered");
  }

  @Test
  void keeps_everything_for_a_receiver_that_refuses_sigwarden_however_long_it_takes() {
    FlakyReceiver soc = new FlakyReceiver(_ -> LOCKED);
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    start(POLICY, Map.of("soc", soc));
    await().until(() -> !trouble.lines.isEmpty());
    assertThat(trouble.lines).containsExactly("soc failing: 401 unauthorized");
    assertThat(soc.attempts).hasSize(1);
    clock.advance(Duration.ofHours(100));
    await().until(() -> soc.attempts.size() == 2);
    await().until(() -> trouble.lines.size() == 2);
    assertThat(queue("soc"))
        .isEqualTo(new QueueState("soc", 2, 0, 0, 0, Optional.of(TestClock.START)));
    soc.answer = _ -> DONE;
    clock.advance(Duration.ofHours(1));
    awaitSent("soc", 2);
    assertThat(trouble.lines).last().isEqualTo("soc recovered");
  }

  @Test
  void what_is_left_out_is_done_and_says_nothing_of_the_receiver() {
    FlakyReceiver soc =
        new FlakyReceiver(attempt -> attempt == 6 ? new Delivery.LeftOut("below") : DOWN);
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    await()
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          clock.advance(Duration.ofMinutes(5));
          return queue("soc").sent() == 1;
        });
    assertThat(soc.attempts).hasSize(6);
    assertThat(trouble.lines).doesNotContain("soc recovered");
  }

  @Test
  void gives_up_what_a_receiver_refuses_and_tells_of_it() {
    FlakyReceiver soc = new FlakyReceiver(attempt -> attempt == 1 ? REFUSED : DONE);
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", 1);
    assertThat(queue("soc").dead()).isEqualTo(1);
    assertThat(trouble.lines).containsExactly("soc failing: 400 bad request", "soc recovered");
  }

  @Test
  void a_receiver_that_refuses_everything_does_not_turn_the_backlog_into_dead_letters() {
    FlakyReceiver soc = new FlakyReceiver(_ -> REFUSED);
    store.file(IntStream.range(0, 50).mapToObj(i -> filing("swf_" + i, "soc")).toList());
    SilentReceiver oncall = new SilentReceiver();
    Outbox outbox = start(POLICY, Map.of("soc", soc, "oncall", oncall));
    await().until(() -> queue("soc").dead() == 5);
    store.file(List.of(filing("swf_x", "oncall")));
    outbox.wake();
    awaitSent("oncall", 1);
    assertThat(queue("soc").dead()).isEqualTo(5);
    assertThat(queue("soc").pending()).isEqualTo(45);
  }

  @Test
  void gives_up_after_three_days() {
    FlakyReceiver soc = new FlakyReceiver(_ -> DOWN);
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    await().until(() -> soc.attempts.size() == 1);
    clock.advance(Duration.ofHours(72));
    await().until(() -> queue("soc").dead() == 1);
    assertThat(trouble.lines).containsExactly("soc failing: not delivered within 72 hours: down");
  }

  @Test
  void no_dead_letter_goes_untold_and_nothing_is_sent_again_meanwhile() {
    trouble.failures = 2;
    FlakyReceiver soc = new FlakyReceiver(_ -> REFUSED);
    store.file(List.of(filing("swf_a", "soc")));
    Outbox outbox = start(POLICY, Map.of("soc", soc));
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          outbox.wake();
          return queue("soc").dead() == 1;
        });
    assertThat(trouble.lines).containsExactly("soc failing: 400 bad request");
    assertThat(soc.attempts).hasSize(1);
  }

  @Test
  void closing_waits_for_the_attempt_under_way_and_starts_no_other() throws Exception {
    HangingReceiver soc = new HangingReceiver(false);
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "soc")));
    Outbox outbox = start(POLICY, Map.of("soc", soc));
    soc.reached.await();
    Thread closing = Thread.startVirtualThread(outbox::close);
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    soc.letGo.countDown();
    closing.join();
    assertThat(soc.got).hasSize(1);
    assertThat(queue("soc").sent()).isEqualTo(1);
    assertThat(store.lease("soc", 10, POLICY.lease(), "next")).hasSize(1);
  }

  @Test
  void closing_cuts_off_an_attempt_that_does_not_end_and_gives_it_back() throws Exception {
    OutboxPolicy hasty =
        new OutboxPolicy(
            POLICY.maxAge(),
            POLICY.rate(),
            Map.of(),
            POLICY.deadline(),
            POLICY.lease(),
            POLICY.tick(),
            Duration.ofMillis(50));
    HangingReceiver soc = new HangingReceiver(false);
    store.file(List.of(filing("swf_a", "soc")));
    Outbox outbox = start(hasty, Map.of("soc", soc));
    soc.reached.await();
    outbox.close();
    outbox.close();
    assertThat(soc.closed).isTrue();
    List<Pending> next = store.lease("soc", 10, POLICY.lease(), "next");
    assertThat(next).extracting(Pending::attempts).containsExactly(0);
  }

  @Test
  void an_outbox_that_never_started_closes_its_receivers() {
    SilentReceiver soc = new SilentReceiver();
    new Outbox(
            store,
            Map.of("soc", soc),
            POLICY,
            "worker",
            _ -> true,
            clock,
            new FixedDice(true),
            trouble)
        .close();
    assertThat(soc.closed).isTrue();
  }

  @Test
  void closing_ends_a_worker_that_sleeps() {
    OutboxPolicy sleepy =
        new OutboxPolicy(
            POLICY.maxAge(),
            POLICY.rate(),
            Map.of(),
            POLICY.deadline(),
            POLICY.lease(),
            Duration.ofHours(10),
            Duration.ofHours(10));
    SilentReceiver soc = new SilentReceiver();
    store.file(List.of(filing("swf_a", "soc")));
    Outbox outbox = start(sleepy, Map.of("soc", soc));
    awaitSent("soc", 1);
    outbox.close();
    assertThat(soc.closed).isTrue();
  }

  @Test
  void whoever_closes_and_is_interrupted_cuts_off_all_attempts_and_stays_interrupted()
      throws Exception {
    HangingReceiver soc = new HangingReceiver(false);
    HangingReceiver oncall = new HangingReceiver(false);
    store.file(List.of(filing("swf_a", "soc", "oncall")));
    OutboxPolicy patient =
        new OutboxPolicy(
            POLICY.maxAge(),
            POLICY.rate(),
            Map.of(),
            POLICY.deadline(),
            POLICY.lease(),
            POLICY.tick(),
            Duration.ofHours(10));
    Outbox outbox = start(patient, Map.of("soc", soc, "oncall", oncall));
    soc.reached.await();
    oncall.reached.await();
    AtomicBoolean interrupted = new AtomicBoolean();
    Thread closing =
        Thread.startVirtualThread(() -> {
          outbox.close();
          interrupted.set(Thread.currentThread().isInterrupted());
        });
    await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
    closing.interrupt();
    closing.join();
    assertThat(interrupted).isTrue();
    await().until(() -> soc.closed && oncall.closed);
    assertThat(store.lease("soc", 10, POLICY.lease(), "next")).hasSize(1);
    assertThat(store.lease("oncall", 10, POLICY.lease(), "next")).hasSize(1);
  }

  @Test
  void closing_without_the_database_leaves_the_leases_to_end_by_themselves() {
    SilentReceiver soc = new SilentReceiver();
    Outbox outbox = start(POLICY, Map.of("soc", soc));
    store.close();
    outbox.close();
    assertThat(soc.closed).isTrue();
    openStore();
  }

  @Test
  void is_started_once() {
    Outbox outbox = start(POLICY, Map.of("soc", new SilentReceiver()));
    assertThatThrownBy(outbox::start).isInstanceOf(IllegalStateException.class);
  }
}
