package dev.sigwarden.daemon;

import dev.sigwarden.alert.AlertText;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierTools;
import dev.sigwarden.notify.Receivers;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.outbox.Outbox;
import dev.sigwarden.outbox.OutboxPolicy;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.store.Store;
import dev.sigwarden.tail.LogStatus;
import dev.sigwarden.tail.PendingReview;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.trust.Trust;
import dev.sigwarden.trust.Trusts;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// One configuration in force: its logs being followed and its receivers being told.
final class Engine implements AutoCloseable {
  /// Between two looks at allowlist files and at observations whose grace may have ended.
  private static final Duration REVIEW = Duration.ofSeconds(1);

  /// The task that keeps the outbox from growing for ever.
  static final String FORGETTING = "forgetting of old deliveries";

  /// The task that reads allowlist files that changed.
  static final String ALLOWLISTS = "reading of allowlists";

  /// The task that judges again what is pending.
  static final String REVIEWING = "review of pending verdicts";

  private static final Duration FORGET = Duration.ofHours(1);

  /// The task that tells what is due: groups, digests, reminders, escalations.
  static final String TELLING = "telling of what is due";

  private static final Duration TELL = Duration.ofSeconds(1);

  /// The tasks that go by the clock.
  static final String HEARTBEAT = "heartbeat";

  static final String REPORTS = "reports";
  static final String CLOCKS = "comparison of clocks";

  static final String CONFIGURATIONS = "comparison of configurations";

  private static final Duration COMPARE = Duration.ofMinutes(1);
  private static final Duration AGREE = Duration.ofSeconds(5);

  /// Deliveries forgotten in one transaction, so that no other waits for long.
  private static final int FORGOTTEN_AT_ONCE = 500;

  /// How long turns may wait for a log before they are cut off: less than the schedule's own grace,
  /// so that what is cut still ends in order.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Configuration configuration;
  private final Store store;
  private final ConditionBoard board;
  private final Conditions conditions;
  private final Outbox outbox;
  private final PoliteHttp http;
  private final Trusts trusts;

  private final Clock clock;
  private final Schedule schedule;
  private final Tenure tenure;
  private final Tasks tasks;
  private final TailTools tailTools;
  private final Following following;
  private final AllowlistWatch allowlists;
  private final Clockwork clockwork;
  private final ScanWork scanWork;
  private final Feeding feeding;
  private final Drilling drilling;
  private boolean closed;

  /// Starts following and telling. What was started is closed again if something else cannot be.
  ///
  /// @param name of this process in leases
  /// @param tenure what of the work is this process's
  /// @param machine the clock of this machine, by which Quartz goes; all else goes by the store's
  /// @param agreement of the processes that share the database
  static Engine start(
      Configuration configuration,
      Store store,
      String name,
      Tenure tenure,
      Clock machine,
      Agreement agreement) {
    Engine engine = new Engine(configuration, store, name, tenure, machine);
    boolean started = false;
    try {
      engine.start(store);
      if (store.replicas().isPresent()) {
        engine.tasks.inOne(
            CONFIGURATIONS,
            AGREE,
            once(() -> agreement.tell(configuration.tenant(), engine.conditions, engine.board)));
      }
      started = true;
      return engine;
    } finally {
      if (!started) {
        engine.close();
      }
    }
  }

  /// The same for drills alone: nothing is followed, and nothing told but what waits in the
  /// database and what drills bring.
  static Engine startForDrills(
      Configuration configuration, Store store, String name, Clock machine) {
    Engine engine = new Engine(configuration, store, name, Tenure.alone(), machine);
    engine.outbox.start();
    engine.drilling.start();
    return engine;
  }

  private Engine(
      Configuration configuration, Store store, String name, Tenure tenure, Clock machine) {
    this.configuration = configuration;
    this.store = store;
    this.tenure = tenure;
    this.clock = store.clock();
    this.conditions = new Conditions(configuration.tenant(), clock);
    AlertText text = AlertText.of(configuration.templates(), Receivers.channelNames());
    NotifierTools tools = new NotifierTools(text, clock, configuration.instance());
    Map<String, Notifier> notifiers = Receivers.open(configuration.receivers(), tools);
    configuration
        .http()
        .publicUrl()
        .ifPresent(base ->
            notifiers.replaceAll(
                (_, notifier) -> new LinkedNotifier(notifier, base, store.lifecycle())));
    RandomGenerator random = new SecureRandom();
    this.board = new ConditionBoard(store, configuration.routes(), conditions, this::wake);
    this.outbox =
        new Outbox(
            store,
            notifiers,
            OutboxPolicy.standard().withRates(rates(configuration)),
            name,
            receiver -> tenure.holds(deliveriesTo(receiver)),
            clock,
            random,
            new ReceiverTrouble(configuration.tenant(), conditions, board, clock));
    this.http = new PoliteHttp(configuration.requests(), clock, random);
    this.trusts = Trusts.open(configuration.trusts().values(), http, clock);
    this.tasks = new Tasks(configuration, store, tenure, board, conditions, machine, clock);
    this.schedule = tasks.schedule();
    this.tailTools =
        new TailTools(
            configuration.tenant(),
            configuration.elsewhere(),
            store,
            configuration::watches,
            store.coverage().register(configuration.watches().revisions()),
            trusts,
            Decoders.found(),
            configuration.routes(),
            conditions,
            board,
            new LogTools(http, clock, trusts::logs),
            this::wake,
            schedule::closing,
            clock);
    this.allowlists = new AllowlistWatch(configuration, tailTools);
    this.clockwork = new Clockwork(configuration, store, conditions, board, clock);
    this.feeding = new Feeding(configuration, store, conditions, board, tenure, this::submitted);
    this.drilling = new Drilling(configuration, tailTools, board, schedule::closing);
    this.following =
        new Following(
            configuration, tailTools, board, schedule, tasks, tenure, this::submittedElsewhere);
    this.scanWork = ScanWork.of(name, tailTools, http, tenure, following::tails);
  }

  private static Map<String, Integer> rates(Configuration configuration) {
    Map<String, Integer> rates = new LinkedHashMap<>();
    configuration.receivers().forEach((name, receiver) -> rates.put(name, receiver.rate()));
    return rates;
  }

  private void start(Store store) {
    configuration.receivers().keySet().forEach(name -> tenure.want(deliveriesTo(name)));
    outbox.start();
    Leftovers.settle(configuration, store, board);
    for (Trust trust : trusts.all()) {
      tasks.inEach(refreshOf(trust), trust.interval(), () -> refresh(trust));
    }
    // Before the first entry is judged.
    allowlists.submitted();
    feeding.start(tasks);
    following.start();
    PendingReview review = new PendingReview(tailTools, following.tails(), allowlists::refresh);
    tasks.inEach(ALLOWLISTS, REVIEW, once(() -> allowlists.level(tenure.holds(ALLOWLISTS))));
    tasks.inOne(REVIEWING, REVIEW, once(review::run));
    LookingBack back = new LookingBack(configuration, store, following::tails, scans(), clock);
    ExpectedWatch expected = new ExpectedWatch(configuration, tailTools, following, back, tenure);
    tasks.inEach(ExpectedWatch.TASK, REVIEW, once(expected::run));
    tasks.inOne(FORGETTING, FORGET, () -> forget(store));
    tasks.inOne(TELLING, TELL, () -> tell(store));
    configuration
        .routine()
        .heartbeat()
        .ifPresent(beat -> tasks.inOne(HEARTBEAT, beat.interval(), () -> beat(beat)));
    scanWork.start(tasks);
    drilling.start();
    tasks.inOne(Drilling.TASK, Drilling.LOOK, once(drilling::look));
    tasks.inOne(LookingBack.TASK, LookingBack.LOOK, once(back::look));
    tasks.inOne(CLOCKS, COMPARE, once(() -> clockwork.compare(http.skew())));
    if (!configuration.routine().reports().isEmpty()) {
      tasks.inOne(REPORTS, Clockwork.LOOK, once(clockwork::report));
    }
  }

  /// Work that never has more to do at once.
  private static BooleanSupplier once(Runnable work) {
    return () -> {
      work.run();
      return false;
    };
  }

  private static String deliveriesTo(String receiver) {
    return "deliveries to " + receiver;
  }

  private static String refreshOf(Trust trust) {
    return "refresh of trust " + trust.settings().name();
  }

  private void cutOff() {
    try {
      Thread.sleep(GRACE);
      disconnect();
    } catch (InterruptedException _) {
      // Everything ended in time.
    }
  }

  /// Forgets what is older than the operator wants to keep; whether there is more of it.
  private boolean forget(Store store) {
    Duration keep = configuration.storage().keepSent();
    return store.forgetSent(clock.instant().minus(keep), FORGOTTEN_AT_ONCE) == FORGOTTEN_AT_ONCE;
  }

  private boolean beat(Routine.Heartbeat heartbeat) {
    clockwork.beat(heartbeat);
    wake();
    return false;
  }

  /// Tells what is due; whether more may be.
  private boolean tell(Store store) {
    boolean told = store.tellings().tell(configuration.routes().hush());
    if (told) {
      wake();
    }
    return told;
  }

  private boolean refresh(Trust trust) {
    Optional<Trust.Trouble> trouble = trust.refresh();
    // What closing cut off says nothing of the repository.
    if (!schedule.closing() && tenure.holds(refreshOf(trust))) {
      TrustTrouble.tell(
          configuration.tenant(), trust.settings().name(), trouble, conditions, board);
    }
    return false;
  }

  /// Ends every wait for a log.
  private void disconnect() {
    scanWork.close();
    following.close();
    clockwork.close();
    feeding.close();
    http.close();
  }

  /// Takes over what came through the API and was committed before this was called.
  void submitted() {
    allowlists.submitted();
  }

  /// Before a head is asked for, so that what another process answered with 200 counts for every
  /// entry that is logged after it.
  private void submittedElsewhere() {
    feeding.awaitAllowlists();
    allowlists.signed();
    if (store.replicas().isPresent()) {
      allowlists.submitted();
    }
  }

  /// What is written to topics and read from them.
  Feeding feeding() {
    return feeding;
  }

  /// The newest proven checkpoint of the log with that origin; empty for an origin that is not
  /// followed or has none yet.
  Optional<String> checkpoint(String origin) {
    return following.checkpoint(origin);
  }

  /// The origin of each log that is followed, by the operator's name.
  Map<String, String> origins() {
    return following.origins();
  }

  /// The drills.
  Drilling drilling() {
    return drilling;
  }

  /// Wakes whoever delivers.
  void wake() {
    outbox.wake();
  }

  /// Ranges of logs that are judged once.
  Scans scans() {
    return new Scans(configuration, store, following::tails, scanWork);
  }

  /// The conditions of this configuration.
  ConditionBoard board() {
    return board;
  }

  /// Words of conditions.
  Conditions conditions() {
    return conditions;
  }

  /// The configuration in force.
  Configuration configuration() {
    return configuration;
  }

  /// How the logs stand.
  List<LogStatus> logs() {
    return following.logs();
  }

  /// The families whose logs were not learnt since the start, by name.
  List<String> unlisted() {
    return following.unlisted();
  }

  /// Ends the turns after their chunk and the deliveries after their attempt. A turn that waits for
  /// a log for too long is cut off; it changed nothing, and the next start repeats it. Harmless
  /// when repeated.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    drilling.close();
    Thread impatient = Thread.ofVirtual().start(this::cutOff);
    // Beside the turns, so that a log and a receiver that hang take no longer than one of them.
    Thread telling = Thread.ofVirtual().start(outbox::close);
    schedule.close();
    impatient.interrupt();
    disconnect();
    try {
      telling.join();
    } catch (InterruptedException e) {
      telling.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
