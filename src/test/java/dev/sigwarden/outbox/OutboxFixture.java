package dev.sigwarden.outbox;

import static org.awaitility.Awaitility.await;

import dev.sigwarden.TestClock;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Store;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// An outbox over an empty store, with a clock that stands still.
abstract class OutboxFixture {
  static final Delivery DONE = new Delivery.Delivered("ref");
  static final Delivery DOWN = new Delivery.TryAgain("down", Optional.empty());
  static final Delivery REFUSED = new Delivery.Refused("400 bad request");
  static final Delivery LOCKED = new Delivery.Unauthorized("401 unauthorized");

  /// Looks often, since the test's clock moves without waking anybody.
  static final OutboxPolicy POLICY =
      new OutboxPolicy(
          Duration.ofHours(72),
          1_000_000,
          Map.of(),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMillis(5),
          Duration.ofSeconds(20));

  @TempDir Path folder;
  final TestClock clock = new TestClock();
  final TroubleBook trouble = new TroubleBook();
  final List<Outbox> opened = new ArrayList<>();
  Store store;

  @BeforeEach
  void openStore() {
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
  }

  @AfterEach
  void close() {
    opened.forEach(Outbox::close);
    store.close();
  }

  Outbox start(OutboxPolicy policy, Map<String, Notifier> receivers) {
    Outbox outbox =
        new Outbox(
            store, receivers, policy, "worker", _ -> true, clock, new FixedDice(true), trouble);
    opened.add(outbox);
    outbox.start();
    return outbox;
  }

  QueueState queue(String receiver) {
    return store.queues().stream()
        .filter(state -> state.receiver().equals(receiver))
        .findFirst()
        .orElse(new QueueState(receiver, 0, 0, 0, 0, Optional.empty()));
  }

  void awaitSent(String receiver, long sent) {
    await().until(() -> queue(receiver).sent() == sent);
  }

  /// Moves the clock on second by second until the receiver was tried that often.
  void advanceUntilTried(FlakyReceiver receiver, int attempts) {
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          if (receiver.attempts.size() < attempts) {
            clock.advance(Duration.ofSeconds(20));
          }
          return receiver.attempts.size() >= attempts;
        });
  }
}
