package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A receiver that takes everything and remembers it.
class SilentReceiver implements Notifier {
  final List<Message> got = new CopyOnWriteArrayList<>();
  volatile boolean closed;

  @Override
  public Delivery deliver(Message message) {
    got.add(message);
    return new Delivery.Delivered("ref-" + got.size());
  }

  /// The uids that it took, in order.
  List<String> uids() {
    return got.stream().map(message -> message.alert().uid()).toList();
  }

  @Override
  public void close() {
    closed = true;
  }
}
