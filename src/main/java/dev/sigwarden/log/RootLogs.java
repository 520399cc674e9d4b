package dev.sigwarden.log;

import java.util.List;

/// What the trusted roots of the configuration say of logs.
@FunctionalInterface
public interface RootLogs {
  /// No trusted root.
  static RootLogs none() {
    return root -> {
      throw new LogUnavailableException("trusted root " + root + " (expected: one that is known)");
    };
  }

  /// The logs of signatures that the root of that name lists now, those whose time is over too.
  ///
  /// @throws LogUnavailableException if no such root was ever verified
  List<RootLog> of(String root) throws LogUnavailableException;
}
