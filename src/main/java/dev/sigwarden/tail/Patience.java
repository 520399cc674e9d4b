package dev.sigwarden.tail;

import dev.sigwarden.store.Lasting;
import dev.sigwarden.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Since when one log has been in states that mostly mend themselves, and are told once they last
/// too long. Kept in the store: a program that is restarted again and again still tells.
///
/// A time that lies ahead was taken before the clock was set back, and counts as now. Owned by the
/// one thread that runs the log's turns.
final class Patience {
  /// States that are told once they last. The names are stored.
  enum State {
    /// Nothing is learnt of the log.
    FAILING,
    /// One of its addresses does not answer, while another does.
    MIRROR_FAILING,
    /// Its heads lack witnesses.
    UNWITNESSED,
    /// It shows an older head of the proven history.
    OLDER,
    /// It said another policy than before.
    POLICY_CHANGED,
    /// Entries are left to judge, so many of them, and no fewer since.
    BACKLOG,
    /// Entries are left to judge; so many had been judged when that began.
    BEHIND,
    /// The same; so many had been judged at a moment one to two windows back.
    LATELY_JUDGED,
    /// So many were in the newest head then.
    LATELY_LOGGED,
    /// So many had been judged at a moment within the last window, which becomes the one before.
    NEXT_JUDGED,
    /// So many were in the newest head then.
    NEXT_LOGGED
  }

  private final String log;
  private final Store store;
  private final Clock clock;
  private @Nullable Map<State, Lasting> known;

  Patience(String log, Store store, Clock clock) {
    this.log = log;
    this.store = store;
    this.clock = clock;
  }

  private Map<State, Lasting> known() {
    Map<State, Lasting> states = known;
    if (states == null) {
      states = new EnumMap<>(State.class);
      Map<String, Lasting> stored = store.lasting(log);
      for (State state : State.values()) {
        Lasting lasting = stored.get(state.name());
        if (lasting != null) {
          states.put(state, lasting);
        }
      }
      known = states;
    }
    return states;
  }

  /// Since when the log has been in that state, and by how much; empty if it is not.
  Optional<Lasting> lasting(State state) {
    Lasting lasting = known().get(state);
    if (lasting != null && lasting.since().isAfter(clock.instant())) {
      return Optional.of(begin(state, lasting.amount()));
    }
    return Optional.ofNullable(lasting);
  }

  /// Since when the log has been in that state: from now on if it was not.
  Instant since(State state) {
    return lasting(state).orElseGet(() -> begin(state, 0)).since();
  }

  /// The log is in that state from now on, whatever was before.
  Lasting begin(State state, long amount) {
    Lasting lasting = new Lasting(clock.instant(), amount);
    keep(state, lasting);
    return lasting;
  }

  /// The log has been in that state for so long, whatever was before.
  void keep(State state, Lasting lasting) {
    store.lasts(log, state.name(), lasting);
    known().put(state, lasting);
  }

  /// The log is in that state no more.
  void end(State state) {
    if (known().containsKey(state)) {
      store.lastsNoMore(log, state.name());
      known().remove(state);
    }
  }

  /// Whether what began at `since` has lasted longer than is allowed.
  boolean over(Instant since, Duration allowed) {
    return Duration.between(since, clock.instant()).compareTo(allowed) > 0;
  }
}
