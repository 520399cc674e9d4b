package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.store.Standing;
import dev.sigwarden.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// When a receiver that forgets is told again what is still there, page by page. What is there is
/// asked of the store each time: after a start the receiver is told all of it, and no row is
/// written for it. Used by one thread.
final class Refresh {
  /// How long what has ended is told as such: an instance that was away for less has not missed it.
  static final Duration ENDED = Duration.ofMinutes(15);

  /// After a page that the receiver did not take.
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final String receiver;
  private final Notifier notifier;
  private final Store store;

  /// The last uid of the pages that were told in this round; empty before the first.
  private String told = "";

  /// The last uid of the page under way.
  private String telling = "";

  private Instant begun = Instant.MIN;
  private Instant due = Instant.MIN;

  Refresh(String receiver, Notifier notifier, Store store) {
    this.receiver = receiver;
    this.notifier = notifier;
    this.store = store;
  }

  /// Whether a page is to be told.
  boolean isDue(Instant now) {
    // What is due after more than a round was set before the clock was set back.
    return notifier.refreshInterval().isPresent()
        && (!now.isBefore(due) || due.isAfter(now.plus(interval())));
  }

  private Duration interval() {
    return notifier.refreshInterval().orElseThrow();
  }

  /// The next page; empty if there is nothing more, which ends the round.
  List<Message> page(Instant now) {
    if (told.isEmpty()) {
      begun = now;
    }
    List<Standing> standing =
        store.tellings().standing(receiver, told, Notifier.MAX_REFRESHED, now.minus(ENDED));
    if (standing.isEmpty()) {
      told = "";
      due = begun.plus(interval());
      return List.of();
    }
    telling = standing.getLast().alert().uid();
    return standing.stream().map(it -> new Message(it.key(), it.alert(), it.openedKey())).toList();
  }

  /// Takes note of what became of the page: one that another attempt may bring is told again.
  void after(Delivery result, Instant now) {
    if (result instanceof Delivery.TryAgain || result instanceof Delivery.Unauthorized) {
      due = now.plus(PAUSE);
    } else {
      told = telling;
    }
  }
}
