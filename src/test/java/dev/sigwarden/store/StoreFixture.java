package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.view;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Hush;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// A store over an empty database, and short ways to use it.
abstract class StoreFixture {
  static final Duration LEASE = Duration.ofMinutes(5);

  final TestClock clock = new TestClock();
  Store store;
  private int workers;

  /// What of a configuration holds tellings back.
  Hush hush = Hush.NONE;

  /// A store over an empty database on first use, and over the same one afterwards.
  abstract Store open();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  void reopen() {
    store.close();
    store = open();
  }

  void begin(long headSize) throws StaleStateException {
    store.begin("rekor", "rekor.example+1", view(0, headSize, 0));
  }

  /// What a worker that is asked for the first time gets: it has nothing in work.
  List<Pending> lease(String receiver) {
    workers++;
    return store.lease(receiver, 100, LEASE, "worker " + workers);
  }

  Stream<String> leasedUids(String receiver) {
    return lease(receiver).stream().map(pending -> pending.alert().uid());
  }

  /// What the receiver is told now, marked as sent.
  List<Alert> told(String receiver) {
    while (store.tellings().tell(hush)) {
      // More may be due.
    }
    List<Alert> told = new ArrayList<>();
    for (List<Pending> due = lease(receiver); !due.isEmpty(); due = lease(receiver)) {
      for (Pending delivery : due) {
        store.sent(delivery, "");
        told.add(delivery.alert());
      }
    }
    return told;
  }

  static List<String> members(Alert digest) {
    return digest.what().stream()
        .filter(field -> field.name().equals("member"))
        .map(field -> field.value().substring(0, field.value().indexOf(' ')))
        .toList();
  }

  static List<Boolean> race(Callable<Boolean> one, Callable<Boolean> other) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> results =
          Stream.of(one, other)
              .map(task ->
                  threads.submit(() -> {
                    start.await();
                    return task.call();
                  }))
              .toList();
      return List.of(results.get(0).get(), results.get(1).get());
    }
  }
}
