package dev.sigwarden.notify;

/// One receiver, ready to be told. Used by one thread at a time.
public interface Notifier extends AutoCloseable {
  /// Tries once to hand over one message, within the channel's own deadline. Never throws for
  /// anything that the receiver or the network does.
  Delivery deliver(Message message);

  @Override
  void close();
}
