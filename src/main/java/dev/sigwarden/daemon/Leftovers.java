package dev.sigwarden.daemon;

import dev.sigwarden.alert.ConfigConditions;
import dev.sigwarden.alert.DatabaseConditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Store;
import dev.sigwarden.tail.BlockSettings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/// What an earlier configuration left in the database and this one cannot end: conditions of logs,
/// trusted roots, receivers, allowlists and tasks that are gone, and deliveries that nobody sends.
final class Leftovers {
  private static final Logger LOG = Logger.getLogger(Leftovers.class);

  /// The conditions that a log can be in.
  private static final List<Kind> OF_LOGS =
      List.of(
          Kind.LOG_UNREACHABLE,
          Kind.MIRROR_UNREACHABLE,
          Kind.CHECKPOINT_STALE,
          Kind.MERGE_DELAY_MISSED,
          Kind.WITNESS_STALE,
          Kind.LOG_BACKLOG,
          Kind.ENTRY_UNAVAILABLE,
          Kind.LOG_DELISTED,
          Kind.ALERT_FLOOD);

  private Leftovers() {}

  /// Ends the conditions that this configuration cannot open, and the rejection of its own file,
  /// and warns of deliveries that wait for a receiver it does not have.
  static void settle(Configuration configuration, Store store, ConditionBoard board) {
    board.resolve(
        FindingId.condition(
            configuration.tenant(), Kind.CONFIG_REJECTED.label(), configuration.file().toString()),
        "");
    // Over, whether the process that would say so is there or not.
    board.resolve(
        FindingId.condition(
            configuration.tenant(), Kind.DATABASE_AWAY.label(), DatabaseConditions.SUBJECT),
        "");
    board.retain(possible(configuration, store));
    for (QueueState queue : store.queues()) {
      if (queue.pending() > 0 && !configuration.receivers().containsKey(queue.receiver())) {
        LOG.warnf(
            "%d deliveries wait for receiver %s, which is not configured any more: nobody sends"
                + " them until it is configured again",
            queue.pending(), queue.receiver());
      }
    }
  }

  /// Ends the conditions of a log or family that is followed no more, but for the one that says so.
  static void end(Configuration configuration, String log, ConditionBoard board) {
    OF_LOGS.stream()
        .filter(kind -> kind != Kind.LOG_DELISTED)
        .map(kind -> FindingId.condition(configuration.tenant(), kind.label(), log))
        .forEach(uid -> board.resolve(uid, ""));
  }

  /// Every condition that can hold under this configuration. A task that is missing here is told
  /// again when it fails again.
  private static Set<String> possible(Configuration configuration, Store store) {
    Set<String> uids = new HashSet<>();
    List<String> names = new ArrayList<>(configuration.logs().keySet());
    names.addAll(configuration.ledgers().keySet());
    configuration.families().keySet().forEach(family -> addWithMembers(names, family, store));
    for (String name : names) {
      OF_LOGS.forEach(kind -> add(uids, configuration, kind, name));
      add(uids, configuration, Kind.INTERNAL_ERROR, Following.turnOf(name));
      add(uids, configuration, Kind.INTERNAL_ERROR, Following.lookAt(name));
    }
    for (String trust : configuration.trusts().keySet()) {
      add(uids, configuration, Kind.TRUST_STALE, trust);
      add(uids, configuration, Kind.INTERNAL_ERROR, "refresh of trust " + trust);
    }
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.REVIEWING);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.ALLOWLISTS);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.FORGETTING);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.TELLING);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.HEARTBEAT);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.REPORTS);
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.CLOCKS);
    add(uids, configuration, Kind.INTERNAL_ERROR, Drilling.TASK);
    uids.addAll(Drilling.conditions(configuration, store.clock()));
    add(uids, configuration, Kind.INTERNAL_ERROR, Engine.CONFIGURATIONS);
    add(uids, configuration, Kind.INTERNAL_ERROR, LookingBack.TASK);
    add(uids, configuration, Kind.CLOCK_SKEW, "clock");
    add(uids, configuration, Kind.CONFIG_DIFFERS, ConfigConditions.SUBJECT);
    if (configuration.routine().heartbeat().flatMap(Routine.Heartbeat::ping).isPresent()) {
      add(uids, configuration, Kind.DELIVERY_FAILING, Clockwork.PING);
    }
    Feeding.conditions(configuration).forEach(uids::add);
    configuration
        .receivers()
        .keySet()
        .forEach(receiver -> add(uids, configuration, Kind.DELIVERY_FAILING, receiver));
    configuration
        .allowlists()
        .names()
        .forEach(list -> add(uids, configuration, Kind.ALLOWLIST_UNREADABLE, list));
    return uids;
  }

  /// Adds a family, or a log, and whatever was ever seen to be a member of it.
  private static void addWithMembers(List<String> names, String name, Store store) {
    names.add(name);
    store
        .families()
        .members(name)
        .forEach(
            member -> addWithMembers(names, name + BlockSettings.SEPARATOR + member.name(), store));
  }

  private static void add(
      Set<String> uids, Configuration configuration, Kind kind, String subject) {
    uids.add(FindingId.condition(configuration.tenant(), kind.label(), subject));
  }
}
