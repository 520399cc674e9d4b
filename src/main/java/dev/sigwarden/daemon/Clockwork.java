package dev.sigwarden.daemon;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Regulars;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.HttpCall;
import dev.sigwarden.notify.HttpOptions;
import dev.sigwarden.notify.HttpPeer;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.store.Store;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Tells what is told by the clock: heartbeats, the dead man's switch, and reports. The switch is
/// asked only after the heartbeat was written: as long as it hears of us, tasks run and the
/// database takes what is found.
final class Clockwork implements AutoCloseable {
  /// What the switch is called where it is the trouble.
  static final String PING = "heartbeat ping";

  /// Between two looks at the times of reports.
  static final Duration LOOK = Duration.ofSeconds(10);

  private static final Duration DEADLINE = Duration.ofSeconds(20);

  private final Configuration configuration;
  private final Store store;
  private final Conditions conditions;
  private final ConditionBoard board;
  private final Clock clock;
  private final Regulars words;
  private final Optional<Switch> ping;

  Clockwork(
      Configuration configuration,
      Store store,
      Conditions conditions,
      ConditionBoard board,
      Clock clock) {
    this.configuration = configuration;
    this.store = store;
    this.conditions = conditions;
    this.board = board;
    this.clock = clock;
    this.words = new Regulars(configuration.tenant());
    this.ping =
        configuration
            .routine()
            .heartbeat()
            .flatMap(Routine.Heartbeat::ping)
            .map(to ->
                new Switch(
                    new HttpPeer(
                        new HttpOptions(
                            true, to.allowPrivate(), Optional.empty(), Optional.empty(), DEADLINE),
                        clock),
                    to.url()));
  }

  /// The dead man's switch.
  ///
  /// @param peer asks it
  /// @param url its address, which is as good as a password
  private record Switch(HttpPeer peer, URI url) {}

  /// Tells that we are alive.
  void beat(Routine.Heartbeat heartbeat) {
    store
        .timetable()
        .beat(words.heartbeat(configuration.instance(), clock.instant()), heartbeat.receivers());
    ping.ifPresent(this::ping);
  }

  private void ping(Switch to) {
    Delivery answer =
        to.peer()
            .send(
                HttpCall.post(
                        to.url(),
                        "text/plain; charset=utf-8",
                        configuration.instance().getBytes(StandardCharsets.UTF_8))
                    .secretAddress());
    Optional<String> trouble =
        switch (answer) {
          case Delivery.Delivered _, Delivery.LeftOut _ -> Optional.empty();
          case Delivery.TryAgain again -> Optional.of(again.reason());
          case Delivery.Unauthorized refused -> Optional.of(refused.reason());
          case Delivery.Refused refused -> Optional.of(refused.reason());
        };
    if (trouble.isPresent()) {
      board.raise(conditions.deliveryFailing(PING, trouble.get(), clock.instant()), "");
    } else {
      board.resolve(
          FindingId.condition(configuration.tenant(), Kind.DELIVERY_FAILING.label(), PING), "");
    }
  }

  /// Tells each report whose time has come since it was told last, once however often that was.
  void report() {
    configuration
        .routine()
        .reports()
        .forEach((name, report) -> {
          Instant last = store.timetable().lastReport(name);
          Instant now = clock.instant();
          Optional<Instant> next = Schedule.next(report.cron(), report.zone(), last);
          if (next.isPresent() && !next.get().isAfter(now)) {
            Alert alert = words.report(name, last, now, store.timetable().summary(last, now));
            store.timetable().report(name, last, alert, report.receivers());
          }
        });
  }

  /// Tells that our clock is wrong, or right again. As long as nobody says how late it is, what was
  /// told stands.
  ///
  /// @param ahead how far all others are ahead of it, below zero if behind; zero if they are not;
  ///   empty if that is not known
  void compare(Optional<Duration> ahead) {
    if (ahead.isEmpty()) {
      return;
    }
    if (ahead.get().isZero()) {
      board.resolve(words.clockSkewId(), "");
    } else {
      board.raise(words.clockSkew(ahead.get(), clock.instant()), "");
    }
  }

  @Override
  public void close() {
    ping.ifPresent(to -> to.peer().close());
  }
}
