package dev.sigwarden.health;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.tail.LogStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/// The numbers that Prometheus reads. Labels hold the operator's names only, never text from a log.
final class Metrics {
  private static final Logger LOG = Logger.getLogger(Metrics.class);

  /// How old a number may be when it is read, in seconds.
  private static final int REFRESH_SECONDS = 1;

  private final Daemon daemon;
  private final MeterRegistry registry;
  private final Clock clock = Clock.systemUTC();
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("metrics").factory());

  Metrics(Daemon daemon, MeterRegistry registry) {
    this.daemon = daemon;
    this.registry = registry;
  }

  /// Registers everything and keeps it fresh until the process ends.
  void bind() {
    List<LogGauge> logs =
        List.of(
            log("sigwarden_log_position_entries", "Entries judged", s -> s.position()),
            log("sigwarden_log_head_entries", "Entries in the newest proven head", s -> s.head()),
            log("sigwarden_log_lag_entries", "Entries not judged yet", s -> s.lag()),
            log(
                "sigwarden_log_lag_seconds",
                "How long entries have been waiting to be judged",
                s -> s.backlogAge().toMillis() / 1e3),
            log("sigwarden_log_branches", "Histories that contradict it", s -> s.branches()),
            log(
                "sigwarden_log_judged_entries_total",
                "Entries judged since the start",
                s -> s.judged()),
            log(
                "sigwarden_log_last_proven_timestamp_seconds",
                "When a head was last proven to continue the history",
                s -> seconds(s.lastProven())),
            log(
                "sigwarden_ledger_proven_head_age_seconds",
                "Age of the newest tree of a ledger that is shown to be a prefix of a later one",
                s -> s.provenHead().map(this::age).orElse(Double.NaN)),
            log(
                "sigwarden_log_failing_seconds",
                "How long the log has not been reached",
                s -> s.failingSince().map(this::age).orElse(0.0)));
    List<QueueGauge> queues =
        List.of(
            queue("sigwarden_outbox_pending", "Deliveries not done", q -> q.pending()),
            queue("sigwarden_outbox_sent_total", "Deliveries done", q -> q.sent()),
            queue("sigwarden_outbox_dead_total", "Deliveries given up", q -> q.dead()),
            queue(
                "sigwarden_outbox_held",
                "Tellings that silences, inhibitions, hours and digests held back",
                q -> q.held()),
            queue(
                "sigwarden_outbox_oldest_pending_seconds",
                "Age of the oldest delivery not done",
                q -> q.oldest().map(this::age).orElse(0.0)),
            queue(
                "sigwarden_outbox_stranded",
                "Deliveries not done of a receiver that is not configured any more",
                this::stranded));
    MultiGauge findings =
        MultiGauge.builder("sigwarden_findings_total")
            .description("Findings ever written down")
            .register(registry);
    MultiGauge conditions =
        MultiGauge.builder("sigwarden_conditions_open")
            .description("Conditions that hold now")
            .register(registry);
    MultiGauge replicas =
        MultiGauge.builder("sigwarden_replica_seen_timestamp_seconds")
            .description("When a replica was heard of last")
            .register(registry);
    MultiGauge tasks =
        MultiGauge.builder("sigwarden_replica_tasks")
            .description("Logs, receivers and reviews that a replica has")
            .register(registry);
    MultiGauge configuration =
        MultiGauge.builder("sigwarden_config_info")
            .description("The revision of the configuration in force; always 1")
            .register(registry);
    Gauge.builder(
            "sigwarden_database_failing_seconds",
            daemon,
            it -> it.databaseFailing().toMillis() / 1e3)
        .description("How long the database has taken no writes; 0 if it takes them")
        .register(registry);
    List<MultiGauge> shared = List.of(replicas, tasks, configuration);
    ScanMetrics scans = new ScanMetrics(registry);
    DrillGauges drills = new DrillGauges(daemon, registry);
    FeedMetrics feeds = new FeedMetrics(daemon, registry);
    var _ =
        refresher.scheduleWithFixedDelay(
            () -> refresh(logs, queues, findings, conditions, shared, scans, drills, feeds),
            0,
            REFRESH_SECONDS,
            TimeUnit.SECONDS);
  }

  private record LogGauge(MultiGauge gauge, ToDoubleFunction<LogStatus> value) {}

  private record QueueGauge(MultiGauge gauge, ToDoubleFunction<QueueState> value) {}

  private LogGauge log(String name, String meaning, ToDoubleFunction<LogStatus> value) {
    return new LogGauge(MultiGauge.builder(name).description(meaning).register(registry), value);
  }

  private QueueGauge queue(String name, String meaning, ToDoubleFunction<QueueState> value) {
    return new QueueGauge(MultiGauge.builder(name).description(meaning).register(registry), value);
  }

  private void refresh(
      List<LogGauge> logs,
      List<QueueGauge> queues,
      MultiGauge findings,
      MultiGauge conditions,
      List<MultiGauge> shared,
      ScanMetrics scans,
      DrillGauges drills,
      FeedMetrics feeds) {
    try {
      // As of the last beat, whether the database answers or not.
      shared.getFirst().register(replicas(one -> one.seen().toEpochMilli() / 1e3), true);
      shared.get(1).register(replicas(Replica::held), true);
      shared
          .getLast()
          .register(
              List.of(Row.of(Tags.of("revision", daemon.configuration().revision()), 1)), true);
      List<LogStatus> states = daemon.logs();
      for (LogGauge gauge : logs) {
        gauge.gauge.register(
            states.stream()
                .filter(s -> !Double.isNaN(gauge.value.applyAsDouble(s)))
                .map(s -> Row.of(Tags.of("log", s.log()), gauge.value.applyAsDouble(s)))
                .toList(),
            true);
      }
      List<QueueState> states2 = daemon.queues();
      for (QueueGauge gauge : queues) {
        gauge.gauge.register(
            states2.stream()
                .map(q -> Row.of(Tags.of("receiver", q.receiver()), gauge.value.applyAsDouble(q)))
                .toList(),
            true);
      }
      scans.refresh(daemon.store().desk().scans());
      findings.register(
          daemon.store().findingCounts().entrySet().stream()
              .map(e ->
                  Row.of(Tags.of("kind", e.getKey(), "family", family(e.getKey())), e.getValue()))
              .toList(),
          true);
      drills.refresh();
      conditions.register(
          daemon.conditions().stream()
              .map(c -> Row.of(Tags.of("kind", c.kind().label(), "subject", c.uid()), 1))
              .toList(),
          true);
      feeds.refresh(clock.instant());
    } catch (StoreException e) {
      LOG.warnf("metrics are not fresh: the database does not answer (%s)", e.getMessage());
    } catch (RuntimeException e) {
      // The boundary of one refresh: the executor would never run another.
      LOG.error("metrics are not fresh: an error of Sigwarden's own", e);
    }
  }

  private List<Row<?>> replicas(ToDoubleFunction<Replica> value) {
    return daemon.replicas().stream()
        .<Row<?>>map(one ->
            Row.of(
                Tags.of("replica", one.id(), "state", one.state().name().toLowerCase(Locale.ROOT)),
                value.applyAsDouble(one)))
        .toList();
  }

  /// The family of a kind; nothing of a kind that another version of Sigwarden wrote down.
  private static String family(String kind) {
    return Arrays.stream(Kind.values())
        .filter(it -> it.label().equals(kind))
        .findFirst()
        .map(it -> it.family().label())
        .orElse("");
  }

  private double stranded(QueueState queue) {
    return daemon.configuration().receivers().containsKey(queue.receiver()) ? 0 : queue.pending();
  }

  private double age(Instant since) {
    return Duration.between(since, clock.instant()).toMillis() / 1e3;
  }

  private static double seconds(Optional<Instant> instant) {
    return instant.map(it -> it.toEpochMilli() / 1e3).orElse(0.0);
  }
}
