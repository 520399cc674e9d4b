package dev.sigwarden.settings;

import java.io.IOException;

/// A secret that is read when used, so that a rotated file counts at once; never printed.
@FunctionalInterface
public interface Secret {
  /// The secret now, trailing newline removed.
  ///
  /// @throws IOException if the file cannot be read; the message names the file only
  String read() throws IOException;
}
