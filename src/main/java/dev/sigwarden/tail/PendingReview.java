package dev.sigwarden.tail;

import dev.sigwarden.store.ObservationKey;
import dev.sigwarden.store.Store;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Judges pending observations again: each when its grace ends, and all of them first of all,
/// whenever an allowlist changed, and when the clock was set back. Used by one thread at a time.
///
/// Logs and watches of the configuration before count as well: what they left pending is settled
/// like all else.
public final class PendingReview {
  /// Observations settled in one run because their grace ended, and keys read at once; entries are
  /// loaded one by one. What is left waits for the next run.
  private static final int PAGE = 1_000;

  private final Store store;
  private final LongSupplier revision;
  private final TailTools tools;
  private final Settlement settlement;
  private OptionalLong reviewed = OptionalLong.empty();
  private Instant last = Instant.MIN;

  /// Reviews what is pending in the store.
  ///
  /// @param tools what the tails share
  /// @param tails the logs that are followed, by the operator's name
  /// @param revision counts changes of allowlists
  public PendingReview(TailTools tools, Map<String, Tail> tails, LongSupplier revision) {
    this.store = tools.store();
    this.tools = tools;
    this.settlement = new Settlement(tools, tails);
    this.revision = revision;
  }

  /// Reviews what is due now. An observation that cannot be settled holds up no other.
  ///
  /// @throws RuntimeException the first error met, after all others were looked at
  public void run() {
    long current = revision.getAsLong();
    Instant now = tools.clock().instant();
    if (now.isBefore(last)) {
      reviewed = OptionalLong.empty();
    }
    last = now;
    Pass pass = new Pass();
    store.due(now, PAGE).forEach(pass::settle);
    if (reviewed.isEmpty() || reviewed.getAsLong() != current) {
      if (everything(pass)) {
        reviewed = OptionalLong.of(current);
      }
    }
    pass.end();
  }

  /// Looks at all that is pending; false if that was cut short or met an error.
  private boolean everything(Pass pass) {
    Optional<ObservationKey> last = Optional.empty();
    while (!tools.stopping().getAsBoolean()) {
      List<ObservationKey> page = store.pending(last, PAGE);
      page.forEach(pass::settle);
      if (page.size() < PAGE) {
        return pass.failure == null;
      }
      last = Optional.of(page.getLast());
    }
    return false;
  }

  /// One run's settlements, and the first error among them.
  private final class Pass {
    private @Nullable RuntimeException failure;

    void settle(ObservationKey key) {
      if (tools.stopping().getAsBoolean()) {
        return;
      }
      try {
        store.pending(key).ifPresent(settlement::settle);
      } catch (RuntimeException e) {
        // The boundary of one observation: the ones behind it are looked at all the same.
        if (failure == null) {
          failure = e;
        }
      }
    }

    void end() {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
