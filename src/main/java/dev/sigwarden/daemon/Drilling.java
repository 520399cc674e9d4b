package dev.sigwarden.daemon;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.DrillAlerts;
import dev.sigwarden.alert.DrillAlerts.Place;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Drills;
import dev.sigwarden.tail.TailTools;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The drills of one configuration: those that somebody asks for, each on a thread of its own, and
/// those of the schedule. A drill that was cut off by a stop, a crash or a change of the
/// configuration ends as interrupted; one of the schedule is then made again, once. Thread-safe.
public final class Drilling implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Drilling.class);

  /// The task that makes the drills of the schedule, and ends those that nobody runs any more.
  static final String TASK = "drills";

  /// Between two looks at the times of drills.
  static final Duration LOOK = Duration.ofSeconds(5);

  /// What a drill may take until it waits for its receivers, and says so now and then.
  private static final Duration BEGINNING = Duration.ofMinutes(1);

  /// How long a drill that is cut off may take to say so.
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// How often a drill of the schedule is begun that is cut off each time: a process that ends
  /// again and again is told of otherwise.
  private static final int ATTEMPTS = 2;

  private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

  private static final int ID_CHARS = 16;

  private final Configuration configuration;
  private final TailTools tools;
  private final ConditionBoard board;
  private final BooleanSupplier closing;
  private final Drills drills;
  private final Clock clock;
  private final DrillAlerts alerts;
  private final SecureRandom random = new SecureRandom();
  private volatile boolean closed;

  // Guarded by this.
  private @Nullable Thread asked;

  /// @param closing whether the tasks of this configuration are being ended
  Drilling(
      Configuration configuration, TailTools tools, ConditionBoard board, BooleanSupplier closing) {
    this.configuration = configuration;
    this.tools = tools;
    this.board = board;
    this.closing = closing;
    this.drills = tools.store().timetable().drills();
    this.clock = tools.store().clock();
    this.alerts = new DrillAlerts(configuration.tenant(), clock);
  }

  /// What somebody wants drilled.
  ///
  /// @param watch empty for none
  /// @param receivers none for those that the watch's route leads to, and without a watch all
  /// @param within how long it may take from the log to the last receiver
  public record Wanted(String watch, List<String> receivers, Duration within) {
    public Wanted {
      receivers = List.copyOf(receivers);
    }
  }

  /// Ends what an earlier process left, if nobody else can be running it.
  void start() {
    drills.interrupt(tools.store().replicas().isEmpty());
  }

  /// Begins a drill that somebody asks for; empty if another runs.
  public synchronized Optional<Drill> ask(Wanted wanted, Deed deed) {
    Drill drill = next("", wanted.watch(), deed.who());
    if (closed || !drills.begin(drill, Optional.of(deed))) {
      return Optional.empty();
    }
    asked =
        Thread.ofVirtual()
            .name("drill")
            .start(() -> {
              try {
                Drill _ = run(drill, wanted);
              } catch (RuntimeException e) {
                // The boundary of one drill, as of a task.
                LOG.errorf(e, "drill %s met an error of Sigwarden's own", drill.id());
              }
            });
    return Optional.of(drill);
  }

  /// Makes the drills of the schedule whose time has come, each once however often that was.
  void look() {
    drills.interrupt(false);
    configuration
        .routine()
        .drills()
        .forEach((name, plan) -> {
          Instant last = drills.lastTime(name);
          Instant now = clock.instant();
          Optional<Instant> next = Schedule.next(plan.cron(), plan.zone(), last);
          if (next.isEmpty() || next.get().isAfter(now)) {
            return;
          }
          boolean made = true;
          try {
            made = drills.interrupted(name, last) >= ATTEMPTS || make(name, plan);
          } finally {
            // Whatever it met that nobody foresaw: receivers are not told of it again and again.
            if (made) {
              drills.made(name, now);
            }
          }
        });
  }

  /// Makes one drill of the schedule; false if it has to be made again.
  private boolean make(String name, DrillPlan plan) {
    for (String watch : plan.drilled()) {
      Drill drill = next(name, watch, "schedule");
      if (stops() || !drills.begin(drill, Optional.empty())) {
        return false;
      }
      Drill over = run(drill, new Wanted(watch, plan.receivers(), plan.within()));
      if (over.state() == Drill.State.INTERRUPTED) {
        return false;
      }
      tell(plan, over);
    }
    return true;
  }

  private Drill next(String name, String watch, String by) {
    StringBuilder id = new StringBuilder("swd_");
    random.ints(ID_CHARS, 0, BASE32.length()).forEach(at -> id.append(BASE32.charAt(at)));
    Instant now = clock.instant();
    return new Drill(
        id.toString(),
        name,
        watch,
        by,
        now,
        now.plus(BEGINNING),
        Drill.State.RUNNING,
        Optional.empty(),
        List.of());
  }

  private boolean stops() {
    return closed || closing.getAsBoolean();
  }

  /// Runs a drill that was begun and writes down how it ended, whatever it met.
  private Drill run(Drill drill, Wanted wanted) {
    Drill over = drill.over(List.of(), true, clock.instant());
    try {
      over =
          new DrillRun(
                  drill, wanted.receivers(), wanted.within(), configuration, tools, this::stops)
              .run();
    } catch (InterruptedException _) {
      LOG.infof("drill %s was cut off", drill.id());
    } finally {
      drills.end(over);
      tools.wake().run();
    }
    LOG.infof("drill %s %s", drill.id(), over.state().label());
    return over;
  }

  /// Opens a condition for each place where a drill failed, and ends those of all others.
  private void tell(DrillPlan plan, Drill over) {
    Map<String, Drill.Step> failed = new LinkedHashMap<>();
    over.steps().stream()
        .filter(step -> !step.good())
        .forEach(step -> failed.putIfAbsent(step.receiver(), step));
    failed.forEach((receiver, step) -> {
      Alert alert =
          alerts.failed(
              new Place(over.name(), over.watch(), receiver),
              step.step(),
              step.note(),
              plan.within(),
              clock.instant());
      board.raise(alert, told(plan, alert, failed.keySet().stream().toList()));
    });
    for (Place place : places(configuration, over.name(), over.watch())) {
      if (!failed.containsKey(place.receiver())) {
        board.resolveForThoseTold(alerts.failedId(place));
      }
    }
  }

  /// Who is told: as configured, else as routed, and never only who just failed. If nobody else is
  /// left, whoever is well; if nobody is, those of the routes, who are told when they are again.
  private Plan told(DrillPlan plan, Alert alert, List<String> failed) {
    Plan wanted = plan.tell().isEmpty() ? tools.routes().plan(alert) : Plan.of(plan.tell());
    Plan others = wanted;
    for (String receiver : failed) {
      others = others.without(receiver);
    }
    if (!others.tellings().isEmpty()) {
      return others;
    }
    List<String> well =
        configuration.receivers().keySet().stream()
            .filter(receiver -> !failed.contains(receiver))
            .toList();
    return well.isEmpty() ? wanted : Plan.of(well);
  }

  /// The ids of all conditions that the drills of a configuration can open.
  static List<String> conditions(Configuration configuration, Clock clock) {
    DrillAlerts alerts = new DrillAlerts(configuration.tenant(), clock);
    List<String> ids = new ArrayList<>();
    configuration
        .routine()
        .drills()
        .forEach((name, plan) ->
            plan.drilled()
                .forEach(watch ->
                    places(configuration, name, watch)
                        .forEach(place -> ids.add(alerts.failedId(place)))));
    return ids;
  }

  /// Everywhere that a drill can fail.
  private static List<Place> places(Configuration configuration, String name, String watch) {
    List<Place> places = new ArrayList<>();
    places.add(new Place(name, watch, ""));
    configuration
        .receivers()
        .keySet()
        .forEach(receiver -> places.add(new Place(name, watch, receiver)));
    return places;
  }

  /// Cuts off the drill that runs, if any.
  @Override
  public synchronized void close() {
    closed = true;
    Thread running = asked;
    if (running != null) {
      try {
        boolean _ = running.join(GRACE);
        running.interrupt();
      } catch (InterruptedException _) {
        running.interrupt();
        Thread.currentThread().interrupt();
      }
    }
  }
}
