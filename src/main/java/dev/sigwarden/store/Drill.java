package dev.sigwarden.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A drill: a marked signature on its way from a practice log to the receivers.
///
/// @param id `swd_` and 16 characters of `[a-z2-7]`
/// @param name the operator's name of the drill in the schedule; empty if somebody asked for it
/// @param watch the watch that is drilled; empty for none
/// @param askedBy who asked for it
/// @param startedAt when it began
/// @param until when it counts as interrupted, unless who runs it says again that it runs
/// @param state how it stands
/// @param endedAt when it ended; empty while it runs
/// @param steps what it passed through, in order; empty while it runs
public record Drill(
    String id,
    String name,
    String watch,
    String askedBy,
    Instant startedAt,
    Instant until,
    State state,
    Optional<Instant> endedAt,
    List<Step> steps) {
  /// How a drill stands.
  public enum State {
    RUNNING("running"),
    /// Every step was reached in time.
    PASSED("passed"),
    FAILED("failed"),
    /// Its process ended, or its configuration did: nothing was learnt.
    INTERRUPTED("interrupted");

    private final String label;

    State(String label) {
      this.label = label;
    }

    /// The name used in the database and the API.
    public String label() {
      return label;
    }
  }

  /// One step.
  ///
  /// @param step `logged`, `head`, `judged`, `committed`, `routed` or `delivered`
  /// @param receiver whose step it is; empty for those before the receivers
  /// @param after how long after its entry was logged it was reached; empty if it never was
  /// @param good whether it was reached in time
  /// @param note by what, or what was met instead; may hold a receiver's words
  public record Step(
      String step, String receiver, Optional<Duration> after, boolean good, String note) {}

  public Drill {
    steps = List.copyOf(steps);
  }

  /// The name of its practice log: none of the operator's has a colon.
  public String log() {
    return "drill:" + id;
  }

  /// The same drill, over.
  ///
  /// @param interrupted whether it ended before its steps were all looked at
  public Drill over(List<Step> reached, boolean interrupted, Instant at) {
    State end =
        interrupted
            ? State.INTERRUPTED
            : reached.stream().allMatch(Step::good) ? State.PASSED : State.FAILED;
    return new Drill(id, name, watch, askedBy, startedAt, until, end, Optional.of(at), reached);
  }

  /// How long it took from the log to the last step that was reached; empty if it was logged never.
  public Optional<Duration> took() {
    return steps.stream().flatMap(step -> step.after().stream()).max(Duration::compareTo);
  }
}
