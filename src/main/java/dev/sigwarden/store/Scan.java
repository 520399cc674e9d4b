package dev.sigwarden.store;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A range of one log that is judged once, whoever judges it.
///
/// @param id `swn_` and 32 characters
/// @param log the operator's name of the log
/// @param identity what that log is, whatever it is called
/// @param from the first index
/// @param to the index after the last, `from < to <= head.head().size()`
/// @param head what all of it is proven against: a head that the log signed and that was proven to
///   continue its history
/// @param watches names of those that judge; empty for all
/// @param asker who wants it
/// @param reason why
/// @param created when it was made
/// @param state how it stands
/// @param ended when it ended
/// @param why what it failed by; empty if it did not
public record Scan(
    String id,
    String log,
    String identity,
    long from,
    long to,
    SeenHead head,
    List<String> watches,
    String asker,
    String reason,
    Instant created,
    State state,
    Optional<Instant> ended,
    String why) {
  /// How a scan stands.
  public enum State {
    /// Pieces are left.
    RUNNING,
    /// All of it is judged, and its pieces together are in the signed tree.
    DONE,
    /// A piece could not be judged; the others are.
    FAILED,
    /// Somebody ended it.
    CANCELLED;

    /// Lowercase.
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String label) {
      return valueOf(label.toUpperCase(Locale.ROOT));
    }
  }

  public Scan {
    watches = List.copyOf(watches);
  }
}
