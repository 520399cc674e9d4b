package dev.sigwarden.log;

import dev.sigwarden.settings.Section;

/// One way to talk to a transparency log, by name. Implementations are stateless, have a public
/// constructor without arguments and are found by `ServiceLoader`.
public interface LogProtocol {
  /// The value of `protocol:` in the configuration, for example `tiles`.
  String name();

  /// The entry format of this protocol's leaves unless the configuration says otherwise: the name
  /// that `EntryDecoder.format()` answers, `rekor` or `raw` for example.
  String entryFormat();

  /// Whether the trusted root that a section of this protocol names says which logs there are and
  /// whose signatures count: then it names one, and has no `key` and `origin` of its own.
  default boolean rooted() {
    return false;
  }

  /// Reads this protocol's own keys of a log's section (`url`, …) and returns how to open the log,
  /// or the family of logs that the section stands for. Problems go to the section; nothing is
  /// fetched. What all logs have in common (`key`, `origin`, `trust`, `entries`, `start`, `poll`,
  /// …) is read by `tail`.
  LogBlock configure(Section log);
}
