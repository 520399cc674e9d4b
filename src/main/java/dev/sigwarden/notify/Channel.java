package dev.sigwarden.notify;

import dev.sigwarden.settings.Section;

/// The code for one kind of receiver, by name. Implementations are stateless, have a public
/// constructor without arguments and are found by `ServiceLoader`.
public interface Channel {
  /// The value of `channel:` in the configuration, `email` for example.
  String name();

  /// Whether the service keeps an incident for what it is told of until it is told that it is over:
  /// what never is must not be sent there.
  default boolean keepsIncidents() {
    return false;
  }

  /// Reads this channel's own keys of a receiver's section and returns how to open it. Problems go
  /// to the section; nothing is sent.
  NotifierSource configure(Section receiver);
}
