package dev.sigwarden.notify;

/// A configured receiver that can be opened.
@FunctionalInterface
public interface NotifierSource {
  /// A notifier for the receiver named `receiver`; sends nothing yet.
  Notifier open(String receiver, NotifierTools tools);
}
