package dev.sigwarden.cli;

import java.io.Console;
import org.jspecify.annotations.Nullable;

/// One line on stderr that says how far a long command is; nothing if stderr is no terminal.
final class Progress {
  /// Between two updates, in nanoseconds.
  private static final long EVERY = 200_000_000;

  private final String what;
  private final long from;
  private final long started = System.nanoTime();
  private final boolean shown = isTerminal(System.console());
  private long last;

  /// Progress of `what`, starting at `from`.
  Progress(String what, long from) {
    this.what = what;
    this.from = from;
  }

  private static boolean isTerminal(@Nullable Console console) {
    return console != null && console.isTerminal();
  }

  /// Proven up to `index`.
  void at(long index) {
    long now = System.nanoTime();
    if (shown && now - last > EVERY) {
      last = now;
      double seconds = (now - started) / 1e9;
      System.err.printf(
          "\r%s: proven up to %,d (%,.0f entries/s) ", what, index, (index - from) / seconds);
    }
  }

  /// Ends the line.
  void end() {
    if (shown && last != 0) {
      System.err.println();
    }
  }
}
