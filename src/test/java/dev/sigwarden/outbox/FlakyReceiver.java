package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A receiver that answers each attempt as it is told, and remembers both attempts and what it
/// took.
final class FlakyReceiver extends SilentReceiver {
  final List<Message> attempts = new CopyOnWriteArrayList<>();

  /// Answers an attempt by its number, the first being 1; may throw.
  volatile Function<Integer, Delivery> answer;

  FlakyReceiver(Function<Integer, Delivery> answer) {
    this.answer = answer;
  }

  @Override
  public Delivery deliver(Message message) {
    attempts.add(message);
    Delivery result = answer.apply(attempts.size());
    if (result instanceof Delivery.Delivered) {
      got.add(message);
    }
    return result;
  }
}
