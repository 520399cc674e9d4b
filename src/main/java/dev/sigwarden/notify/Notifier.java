package dev.sigwarden.notify;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One receiver, ready to be told. Used by one thread at a time.
public interface Notifier extends AutoCloseable {
  /// Messages that are told again at once: some 400 KB.
  int MAX_REFRESHED = 50;

  /// How often a receiver has to be told again what is still there, since it forgets what it is not
  /// told again; empty for one that remembers.
  default Optional<Duration> refreshInterval() {
    return Optional.empty();
  }

  /// Tells again what the receiver was told before, at most `MAX_REFRESHED` messages: what is still
  /// there, and what has ended lately. Nothing of it is news. Only for receivers that forget; fails
  /// as `deliver` does.
  default Delivery refresh(List<Message> standing) {
    return new Delivery.LeftOut("nothing to refresh: the receiver remembers");
  }

  /// Tries once to hand over one message, within the channel's own deadline. Never throws for
  /// anything that the receiver or the network does.
  Delivery deliver(Message message);

  @Override
  void close();
}
