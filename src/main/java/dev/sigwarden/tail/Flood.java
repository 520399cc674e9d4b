package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.Untold;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.trust.TrustSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Keeps a log full of garbage, or of signatures in a watched name, from burying people in alerts:
/// anybody may write such entries. The first of an hour are told one by one, for each watch by
/// itself; the others are written down, and one condition counts them.
///
/// Of a signature beyond the first there is a whole finding, only without deliveries. Of a
/// look-alike, and of an entry that could not be decoded, there is its index and leaf hash: its
/// bytes stay in the log, which cannot change them, and would fill the database. Used by one thread
/// at a time.
final class Flood {
  /// Entries that could not be decoded told one by one: what a person looks at in an hour.
  static final int UNDECODABLE_PER_HOUR = 20;

  /// Look-alikes told one by one: as with `UNDECODABLE_PER_HOUR`. Names near a short one may be a
  /// busy project's.
  static final int LOOKALIKES_PER_HOUR = 20;

  /// How long nothing untold may come until a flood is over.
  static final Duration CALM = Duration.ofHours(1);

  private static final int MAX_REASON = 200;

  private final String log;
  private final String tenant;
  private final Store store;
  private final Conditions conditions;
  private final ConditionBoard board;
  private final Clock clock;
  private final Map<Told, Long> told = new HashMap<>();

  /// What is counted together.
  private record Told(Kind kind, String watch) {}

  Flood(String log, TailTools tools) {
    this.log = log;
    this.tenant = tools.tenant();
    this.store = tools.store();
    this.conditions = tools.conditions();
    this.board = tools.board();
    this.clock = tools.clock();
  }

  /// How many findings of a kind a receiver is told one by one in an hour, of those that are filed
  /// whole.
  ///
  /// @param claims what the operator says of unverified claims
  /// @param route what the receiver's route says
  static int perHour(Kind kind, TrustSettings.Claims claims, int route) {
    return switch (kind) {
      case UNEXPECTED_SIGNATURE -> route;
      case UNVERIFIED_CLAIM ->
          route == Telling.ALL ? claims.perHour() : Math.min(route, claims.perHour());
      // A log's misbehaviour is told however often it happens.
      default -> Telling.ALL;
    };
  }

  /// A chunk begins: what was told before it is asked of the store.
  void chunk() {
    told.clear();
  }

  /// The entry if it is one too many of those that stay in the log.
  ///
  /// @param alert what would be told of it
  /// @param reason what is written down instead; may hold text from the entry
  Optional<Untold> tooMany(int branch, Judgement judgement, Alert alert, String reason) {
    int most = alert.kind() == Kind.LOOKALIKE ? LOOKALIKES_PER_HOUR : UNDECODABLE_PER_HOUR;
    Told measure = new Told(alert.kind(), alert.watch());
    long before =
        told.computeIfAbsent(
            measure,
            of ->
                store.findingsInHour(alert.log(), of.kind(), of.watch(), alert.firstSeen(), most));
    if (before < most) {
      told.put(measure, before + 1);
      return Optional.empty();
    }
    return Optional.of(
        new Untold(
            log,
            branch,
            judgement.index(),
            alert.kind().label(),
            alert.watch(),
            judgement.leaf().toHex(),
            Sanitizer.clean(reason, MAX_REASON),
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
