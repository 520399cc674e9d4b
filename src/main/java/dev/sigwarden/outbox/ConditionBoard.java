package dev.sigwarden.outbox;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.store.Condition;
import dev.sigwarden.store.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// The conditions that hold now, each told once when it begins and once when it ends. Remembers
/// what is open, so that asking costs no database access. Thread-safe.
public final class ConditionBoard {
  private static final Logger LOG = Logger.getLogger(ConditionBoard.class);

  private final Store store;
  private final Routes routes;
  private final Conditions conditions;
  private final Runnable wake;
  private final Map<String, Alert> open = new ConcurrentHashMap<>();

  /// Counts what was opened and ended here.
  private final AtomicLong changes = new AtomicLong();

  /// A board over what the store holds as open.
  ///
  /// @param wake called after something was told
  public ConditionBoard(Store store, Routes routes, Conditions conditions, Runnable wake) {
    this.store = store;
    this.routes = routes;
    this.conditions = conditions;
    this.wake = wake;
    store.openConditions().forEach(alert -> open.put(alert.uid(), alert));
  }

  /// Opens a condition and tells its receivers, except `silent`; does nothing if it is open.
  ///
  /// @param silent a receiver that is not to be told, since it is the trouble; empty for none
  public void raise(Alert alert, String silent) {
    raise(alert, routes.plan(alert).without(silent));
  }

  /// Opens a condition and tells whom the plan names; does nothing if it is open.
  public void raise(Alert alert, Plan plan) {
    if (open.putIfAbsent(alert.uid(), alert) == null) {
      boolean told = false;
      changes.incrementAndGet();
      try {
        store.raise(new Condition(alert, plan));
        told = true;
      } finally {
        if (!told) {
          open.remove(alert.uid());
        }
        changes.incrementAndGet();
      }
      LOG.warnf("%s: %s", alert.kind().label(), words(alert));
      wake.run();
    }
  }

  /// Looks at what others have opened and ended in the same store. What changes here meanwhile
  /// waits for the next look.
  public void refresh() {
    long before = changes.get();
    Map<String, Alert> stored =
        store.openConditions().stream()
            .collect(Collectors.toMap(Alert::uid, UnaryOperator.identity()));
    if (changes.get() == before) {
      open.keySet().retainAll(stored.keySet());
      open.putAll(stored);
    }
  }

  /// What is wrong, with the last error where there is one.
  private static String words(Alert alert) {
    return alert.why()
        + alert.what().stream()
            .map(field -> " [" + field.name() + ": " + field.value() + "]")
            .collect(Collectors.joining());
  }

  /// Ends the condition that `alert` would open and tells its receivers; does nothing if it is not
  /// open.
  public void resolve(String uid, String silent) {
    end(uid, silent, conditions::resolved);
  }

  /// Ends a condition that was opened with a plan of its own: tells those who were told of it.
  public void resolveForThoseTold(String uid) {
    end(uid, _ -> Plan.of(List.of()), conditions::resolved);
  }

  /// The same with other words for the end than that it is over.
  public void resolve(String uid, UnaryOperator<Alert> words) {
    end(uid, "", words);
  }

  /// The condition of that id if it is open.
  public Optional<Alert> open(String uid) {
    return Optional.ofNullable(open.get(uid));
  }

  /// Ends every condition that is none of these, since its subject is not configured any more, and
  /// tells its receivers. What an earlier process opened and nobody would resolve ends here.
  ///
  /// @param uids every condition that the configuration in force can open
  public void retain(Set<String> uids) {
    for (String uid : List.copyOf(open.keySet())) {
      if (!uids.contains(uid)) {
        end(uid, "", conditions::withdrawn);
      }
    }
  }

  private void end(String uid, String silent, UnaryOperator<Alert> words) {
    end(uid, opened -> routes.plan(opened).without(silent), words);
  }

  private void end(String uid, Function<Alert, Plan> plan, UnaryOperator<Alert> words) {
    Alert opened = open.remove(uid);
    if (opened != null) {
      boolean told = false;
      changes.incrementAndGet();
      try {
        store.resolve(new Condition(words.apply(opened), plan.apply(opened)));
        told = true;
      } finally {
        if (!told) {
          open.putIfAbsent(uid, opened);
        }
        changes.incrementAndGet();
      }
      LOG.infof("%s: over (%s)", opened.kind().label(), opened.why());
      wake.run();
    }
  }

  /// The conditions that hold now.
  public List<Alert> open() {
    return List.copyOf(open.values());
  }
}
