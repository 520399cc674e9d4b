package dev.sigwarden.outbox;

import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import java.util.concurrent.CountDownLatch;

/// A receiver whose attempts last until it is let go, deaf to interruption if so made.
final class HangingReceiver extends SilentReceiver {
  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch letGo = new CountDownLatch(1);
  private final boolean deaf;

  HangingReceiver(boolean deaf) {
    this.deaf = deaf;
  }

  @Override
  public Delivery deliver(Message message) {
    reached.countDown();
    while (true) {
      try {
        letGo.await();
        return super.deliver(message);
      } catch (InterruptedException e) {
        if (!deaf) {
          return new Delivery.TryAgain("interrupted", java.util.Optional.empty());
        }
      }
    }
  }
}
