package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.Untold;
import dev.sigwarden.text.Sanitizer;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps a log full of garbage, or of signatures in a watched name, from burying people in alerts:
/// anybody may write such entries. The first of an hour are told one by one, for each watch by
/// itself; the others are written down, and one condition counts them.
///
/// Of a signature beyond the first there is a whole finding, only without deliveries. Of an entry
/// that could not be decoded there is its index and leaf hash: its bytes stay in the log, which
/// cannot change them, and would fill the database. Used by one thread at a time.
final class Flood {
  /// Signatures told one by one: more than any release day makes, few enough for a machine to
  /// receive; people have understood long before.
  static final int SIGNATURES_PER_HOUR = 1_000;

  /// Entries that could not be decoded told one by one: what a person looks at in an hour.
  static final int UNDECODABLE_PER_HOUR = 20;

  /// How long nothing untold may come until a flood is over.
  static final Duration CALM = Duration.ofHours(1);

  private static final int MAX_REASON = 200;

  private final String log;
  private final String tenant;
  private final Store store;
  private final Conditions conditions;
  private final ConditionBoard board;
  private final Clock clock;
  private final Map<String, Long> told = new HashMap<>();

  Flood(String log, TailTools tools) {
    this.log = log;
    this.tenant = tools.tenant();
    this.store = tools.store();
    this.conditions = tools.conditions();
    this.board = tools.board();
    this.clock = tools.clock();
  }

  /// How many findings of a kind are told one by one in an hour.
  static int perHour(Kind kind) {
    return switch (kind) {
      case UNEXPECTED_SIGNATURE -> SIGNATURES_PER_HOUR;
      case ENTRY_UNDECODABLE -> UNDECODABLE_PER_HOUR;
      // A log's misbehaviour is told however often it happens.
      default -> Filing.UNBOUNDED;
    };
  }

  /// A chunk begins: what was told before it is asked of the store.
  void chunk() {
    told.clear();
  }

  /// The entry if it is one too many.
  ///
  /// @param alert what would be told of it
  Optional<Untold> tooMany(int branch, Judgement.Undecodable undecodable, Alert alert) {
    long before =
        told.computeIfAbsent(
            alert.watch(),
            watch ->
                store.findingsInHour(
                    alert.log(), alert.kind(), watch, alert.firstSeen(), UNDECODABLE_PER_HOUR));
    if (before < UNDECODABLE_PER_HOUR) {
      told.put(alert.watch(), before + 1);
      return Optional.empty();
    }
    return Optional.of(
        new Untold(
            log,
            branch,
            undecodable.index(),
            alert.kind().label(),
            alert.watch(),
            undecodable.leaf().toHex(),
            Sanitizer.clean(undecodable.reason(), MAX_REASON),
            alert.firstSeen()));
  }

  /// Tells that there is a flood, or that it is over.
  void look(WhereSeen where) {
    String uid = FindingId.condition(tenant, Kind.ALERT_FLOOD.label(), log);
    Optional<Alert> open = board.open(uid);
    Optional<Untold.Sum> recent = store.untoldSum(log, clock.instant().minus(CALM));
    if (open.isEmpty() && recent.isPresent()) {
      Untold.Sum sum = recent.get();
      board.raise(conditions.flood(where, sum.entries(), sum.first(), sum.last(), sum.since()), "");
    } else if (open.isPresent() && recent.isEmpty()) {
      Optional<Untold.Sum> whole = store.untoldSum(log, open.get().firstSeen());
      board.resolve(
          uid,
          opened ->
              whole
                  .map(sum -> conditions.floodOver(opened, sum.entries(), sum.first(), sum.last()))
                  .orElseGet(() -> conditions.resolved(opened)));
    }
  }
}
