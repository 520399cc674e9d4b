package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Lasting;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.Patience.State;
import dev.sigwarden.text.Sanitizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;

/// How one log is doing: raises and resolves its conditions and answers for metrics. Written by the
/// one thread that runs the log's turns; `status` may be asked by any.
final class Vitals {
  private static final Logger LOG = Logger.getLogger(Vitals.class);

  /// How long rates of a backlog are taken over, at least, and twice that at most: longer than a
  /// pause of the log, shorter than anybody waits to be told that it stalls.
  private static final Duration WINDOW = Duration.ofMinutes(15);

  /// How far a log's clock may be ahead of ours.
  private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

  private final Subject log;
  private final String tenant;
  private final Conditions conditions;
  private final ConditionBoard board;
  private final Clock clock;
  private final Patience patience;
  private Optional<Instant> signOfLife = Optional.empty();
  private Optional<Instant> provenHead = Optional.empty();
  private Optional<Instant> readThrough = Optional.empty();
  private boolean placedOnce;
  private volatile LogStatus status;

  /// The log that is looked after.
  ///
  /// @param name the operator's name of it
  /// @param timing how often it is asked, and what is too long
  /// @param judged whether its entries are judged
  /// @param mergeDelay how old the time in its newest head may be, if it promised that
  record Subject(
      String name, LogSettings.Timing timing, boolean judged, Optional<Duration> mergeDelay) {
    static Subject of(LogSettings log) {
      return new Subject(
          log.name(),
          log.timing(),
          log.mode() == LogSettings.Mode.JUDGE,
          log.source().mergeDelay());
    }
  }

  Vitals(
      Subject log,
      String tenant,
      Conditions conditions,
      ConditionBoard board,
      Patience patience,
      Clock clock) {
    this.log = log;
    this.patience = patience;
    this.tenant = tenant;
    this.conditions = conditions;
    this.board = board;
    this.clock = clock;
    this.status =
        new LogStatus(
            log.name(),
            0,
            0,
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            "",
            0,
            Optional.empty(),
            Optional.empty(),
            Duration.ZERO);
  }

  LogStatus status() {
    return status;
  }

  /// The log answered and its head was believed.
  ///
  /// @param error what it serves and does not fit that head; empty if all went well
  void reached(String error) {
    if (patience.lasting(State.FAILING).isPresent()) {
      LOG.infof("log %s answers again", log.name());
    }
    patience.end(State.FAILING);
    patience.end(State.UNWITNESSED);
    resolve(Kind.LOG_UNREACHABLE);
    resolve(Kind.WITNESS_STALE);
    error(error);
  }

  /// A head was proven to continue a history.
  ///
  /// @param sign the newest sign of life of the log; empty if it is frozen for good
  void placed(Optional<Instant> sign) {
    signOfLife = sign;
    placedOnce = true;
    update(
        status.position(),
        status.head(),
        status.branches(),
        Optional.of(clock.instant()),
        status.error(),
        0);
  }

  /// The newest head states the time at which the log signed it.
  ///
  /// @param stated that time; empty if it states none, or if the log is frozen for good
  void dated(long size, Optional<Instant> stated, WhereSeen where) {
    Optional<Duration> allowed = log.mergeDelay();
    if (stated.isPresent()
        && allowed.isPresent()
        && (patience.over(stated.get(), allowed.get())
            || stated.get().isAfter(clock.instant().plus(MAX_AHEAD)))) {
      raise(conditions.mergeDelayMissed(where, size, allowed.get(), stated.get()));
    } else {
      resolve(Kind.MERGE_DELAY_MISSED);
    }
  }

  /// Nothing was learnt in this turn.
  void failed(String why, WhereSeen where) {
    if (patience.lasting(State.FAILING).isEmpty()) {
      LOG.warnf(
          "log %s: %s; it is asked again, and told as an alert after %s",
          log.name(), Sanitizer.clean(why), log.timing().unreachableAfter());
    }
    Instant since = patience.since(State.FAILING);
    if (patience.over(since, log.timing().unreachableAfter())) {
      raise(conditions.unreachable(where, why, since));
    }
    error(why);
  }

  /// The log was asked, at one of its addresses at least.
  ///
  /// @param silent those that do not answer, in words; empty if all do
  void mirrors(Optional<String> silent, WhereSeen where) {
    if (silent.isEmpty()) {
      patience.end(State.MIRROR_FAILING);
      resolve(Kind.MIRROR_UNREACHABLE);
      return;
    }
    Instant since = patience.since(State.MIRROR_FAILING);
    if (patience.over(since, log.timing().unreachableAfter())) {
      raise(conditions.mirrorUnreachable(where, silent.get(), since));
    }
  }

  /// The newest checkpoint lacks witnesses.
  void unwitnessed(String why, WhereSeen where) {
    Instant since = patience.since(State.UNWITNESSED);
    if (patience.over(since, log.timing().unreachableAfter())) {
      raise(conditions.witnessStale(where, why, since));
    }
    error("witnesses missing: " + why);
  }

  private void error(String why) {
    update(status.position(), status.head(), status.branches(), status.lastProven(), why, 0);
  }

  /// The newest tree of a ledger that is shown to be a prefix of a later one was signed then.
  void provenHead(Optional<Instant> signed) {
    provenHead = signed;
  }

  /// All that the log had was judged.
  ///
  /// @param asked when its newest head was asked for
  /// @param signed when the log says that it signed it; empty if it says nothing of that, or is not
  ///   to grow any more
  void readThrough(Instant asked, Optional<Instant> signed) {
    readThrough = Optional.of(signed.filter(time -> time.isBefore(asked)).orElse(asked));
  }

  /// A turn ended, whatever it met.
  ///
  /// @param views the log's views as stored now; empty if none was ever proven
  void ended(List<View> views, WhereSeen where) {
    if (views.isEmpty()) {
      return;
    }
    View main = views.getFirst();
    ended(
        main.position().head().size(),
        main.head().head().size(),
        views.size() - 1,
        main.head().seen(),
        where);
  }

  /// A turn ended, whatever it met.
  ///
  /// @param position entries judged
  /// @param size entries in the newest head
  /// @param branches histories that contradict the proven one
  /// @param seen when the newest head was seen first
  void ended(long position, long size, int branches, Instant seen, WhereSeen where) {
    // After the clock was set back that time comes once more, and nobody has read through it.
    Instant now = clock.instant();
    readThrough = readThrough.filter(through -> !through.isAfter(now));
    update(position, size, branches, status.lastProven(), status.error(), 0);
    Duration allowed = log.timing().staleAfter();
    // Before the first head of this process, what was stored tells.
    Optional<Instant> sign = placedOnce ? signOfLife : Optional.of(seen);
    if (sign.isPresent() && patience.over(sign.get(), allowed)) {
      raise(conditions.stale(where, size, allowed, sign.get()));
    } else if (placedOnce) {
      resolve(Kind.CHECKPOINT_STALE);
    }
    backlog(position, size, where);
  }

  /// A chunk of the proven history, or of a branch, was judged.
  void judged(View view, int entries) {
    boolean main = view.branch() == 0;
    update(
        main ? view.position().head().size() : status.position(),
        main ? view.head().head().size() : status.head(),
        status.branches(),
        status.lastProven(),
        status.error(),
        entries);
  }

  /// Entries of a ledger were judged, up to a place.
  void judged(long position, long head, int entries) {
    update(position, head, status.branches(), status.lastProven(), status.error(), entries);
  }

  private void backlog(long position, long head, WhereSeen where) {
    long lag = log.judged() ? head - position : 0;
    if (lag == 0) {
      List.of(
              State.BACKLOG,
              State.BEHIND,
              State.LATELY_JUDGED,
              State.LATELY_LOGGED,
              State.NEXT_JUDGED,
              State.NEXT_LOGGED)
          .forEach(patience::end);
      resolve(Kind.LOG_BACKLOG);
      return;
    }
    Optional<Lasting> lasting = patience.lasting(State.BACKLOG);
    if (lasting.isEmpty() || lag < lasting.get().amount()) {
      // New, or shrinking: the patience starts anew.
      lasting = Optional.of(patience.begin(State.BACKLOG, lag));
    }
    Duration allowed = log.timing().backlogAfter();
    Instant began = behindSince(position);
    Outlook outlook = outlook(position, head, allowed.compareTo(WINDOW) < 0 ? allowed : WINDOW);
    Instant now = clock.instant();
    boolean stuck = patience.over(lasting.get().since(), allowed);
    boolean slow =
        patience.over(began, allowed) && outlook.lastsLonger(allowed, now, position, head);
    if (stuck || slow) {
      raise(conditions.backlog(where, position, head, outlook.words(now, position, head), began));
    }
  }

  private Instant behindSince(long position) {
    return patience
        .lasting(State.BEHIND)
        .orElseGet(() -> patience.begin(State.BEHIND, position))
        .since();
  }

  /// The backlog as it was one to two windows ago, or when it began if that is later: what is told
  /// of its end goes by how it went lately.
  private Outlook outlook(long position, long head, Duration window) {
    Optional<Lasting> nextJudged = patience.lasting(State.NEXT_JUDGED);
    Optional<Lasting> nextLogged = patience.lasting(State.NEXT_LOGGED);
    if (nextJudged.isEmpty() || nextLogged.isEmpty()) {
      nextJudged = Optional.of(patience.begin(State.NEXT_JUDGED, position));
      nextLogged = Optional.of(patience.begin(State.NEXT_LOGGED, head));
      patience.keep(State.LATELY_JUDGED, nextJudged.get());
      patience.keep(State.LATELY_LOGGED, nextLogged.get());
    } else if (patience.over(nextJudged.get().since(), window)) {
      patience.keep(State.LATELY_JUDGED, nextJudged.get());
      patience.keep(State.LATELY_LOGGED, nextLogged.get());
      patience.begin(State.NEXT_JUDGED, position);
      patience.begin(State.NEXT_LOGGED, head);
    }
    Lasting judged = patience.lasting(State.LATELY_JUDGED).orElse(nextJudged.get());
    Lasting logged = patience.lasting(State.LATELY_LOGGED).orElse(nextLogged.get());
    return new Outlook(judged.since(), judged.amount(), logged.amount());
  }

  private void update(
      long position,
      long head,
      int branches,
      Optional<Instant> lastProven,
      String error,
      int entries) {
    Instant now = clock.instant();
    status =
        new LogStatus(
            log.name(),
            position,
            head,
            branches,
            lastProven,
            Optional.of(now),
            patience.lasting(State.FAILING).map(Lasting::since),
            error,
            status.judged() + entries,
            provenHead,
            readThrough,
            patience
                .lasting(State.BEHIND)
                .map(lasting -> Duration.between(lasting.since(), now))
                .orElse(Duration.ZERO));
  }

  private void raise(Alert alert) {
    board.raise(alert, "");
  }

  private void resolve(Kind kind) {
    board.resolve(FindingId.condition(tenant, kind.label(), log.name()), "");
  }
}
