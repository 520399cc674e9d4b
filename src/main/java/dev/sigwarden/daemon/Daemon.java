package dev.sigwarden.daemon;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.replica.Membership;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.store.Feeds.Backlog;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Replicas;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.WriteFailure;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The running whole: a database, the configuration in force, and a look at the configuration file
/// now and then. A changed file is loaded and takes the old one's place; a broken one is told and
/// the old one stays. Several of them share one PostgreSQL database (`replica`). Thread-safe.
public final class Daemon implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Daemon.class);

  /// Between two looks at the configuration file.
  private static final Duration LOOK = Duration.ofSeconds(2);

  /// Before a configuration that was read well, but could not be started, is tried again: its start
  /// interrupts the work under the one before.
  private static final Duration RETRY = Duration.ofMinutes(1);

  private final Store store;
  private final Clock machine;
  private final Clock clock;
  private final String name;
  private final Optional<Membership> membership;
  private final Agreement agreement;
  private final Map<String, String> env;
  private final DatabaseWatch database;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());

  // Read at any time; changed only by whoever holds this monitor, as is what follows.
  private volatile Configuration first;
  private volatile @Nullable Engine engine;
  private @Nullable String fingerprint;
  private @Nullable String seen;
  private @Nullable Configuration offered;
  private @Nullable String failed;
  private Instant retry = Instant.MIN;

  private Daemon(Configuration first, Store store, Clock machine) {
    this.first = first;
    this.store = store;
    this.machine = machine;
    this.clock = store.clock();
    this.name = "%s-%s".formatted(first.instance(), UUID.randomUUID());
    this.membership = store.replicas().map(replicas -> new Membership(replicas, name, version()));
    this.agreement = Agreement.of(membership, clock);
    this.env = System.getenv();
    this.database = new DatabaseWatch(store, () -> Optional.ofNullable(engine), tenure()::holds);
  }

  /// Opens the database; follows and tells nothing before `start`.
  ///
  /// @throws dev.sigwarden.store.StoreException if the database cannot be had
  public static Daemon open(Configuration configuration, Clock clock) {
    return new Daemon(configuration, Store.open(configuration.storage().place(), clock), clock);
  }

  /// Starts following and telling, and looking at the configuration file.
  public synchronized void start() {
    fingerprint = Configuration.fingerprint(first.file());
    engine = engine(first);
    agreement.uses(first.revision());
    membership.ifPresent(member -> member.start(this::heard));
    database.start();
    var _ =
        looks.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Starts what drills need and nothing else: no log is followed.
  ///
  /// @throws IllegalStateException if others may share the database, whose work this would take
  public synchronized void startForDrills() {
    if (membership.isPresent()) {
      throw new IllegalStateException("a database that others share (expected: one of a file)");
    }
    engine = Engine.startForDrills(first, store, name, machine);
  }

  /// Whether logs are followed: health is asked before that, too.
  public boolean started() {
    return engine != null;
  }

  private Engine engine(Configuration configuration) {
    membership.ifPresent(Membership::dropAll);
    return Engine.start(configuration, store, name, tenure(), machine, agreement);
  }

  private Tenure tenure() {
    return membership.<Tenure>map(Function.identity()).orElse(Tenure.alone());
  }

  private static String version() {
    try (InputStream in = Daemon.class.getResourceAsStream("/sigwarden-version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Something was written, here or by another replica.
  private void heard(String what) {
    Engine current = engine;
    if (current != null && what.equals("deliveries")) {
      current.wake();
    } else if (current != null) {
      current.board().refresh();
    }
  }

  private void look() {
    try {
      reloadIfChanged();
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      // The boundary of one look: the next one tries again.
      LOG.error("reloading the configuration failed; the one in force stays", e);
    }
  }

  private synchronized void reloadIfChanged() {
    Engine current = engine;
    String now = Configuration.fingerprint(first.file());
    boolean settled = now.equals(seen);
    boolean failedLately = now.equals(failed) && clock.instant().isBefore(retry);
    seen = now;
    // Several files are seldom written at once: what still changes is left for the next look.
    if (current == null || failedLately || !settled) {
      return;
    }
    if (!now.equals(fingerprint)) {
      read(current, now);
    }
    Configuration next = offered;
    if (next != null && agreement.reached()) {
      offered = null;
      replace(current, next, now);
    }
  }

  private void read(Engine current, String now) {
    // Whatever is thrown on the way, the next look tries again.
    fingerprint = null;
    offered = null;
    Loaded<Configuration> loaded = Configuration.load(first.file(), env);
    if (loaded.value().isEmpty()) {
      agreement.uses(first.revision());
      reject(current, loaded.problems().stream().map(Problem::format).toList());
    } else {
      offered = loaded.value().get();
      agreement.offers(first.revision(), loaded.value().get().revision());
    }
    fingerprint = now;
  }

  private void replace(Engine current, Configuration next, String now) {
    // Whatever is thrown on the way, the next look tries again.
    fingerprint = null;
    if (!next.storage().place().shown().equals(first.storage().place().shown())
        || !next.http().equals(first.http())
        || !next.access().equals(first.access())
        || !next.probes().equals(first.probes())) {
      LOG.warn("`storage.url`, `http`, `api` and `probes` count from the next start on");
    }
    current.close();
    Engine started;
    try {
      started = engine(next);
    } catch (OutOfMemoryError e) {
      throw e;
    } catch (RuntimeException | Error e) {
      LOG.error("the changed configuration could not be started", e);
      // If this fails too, the next look tries both again.
      Engine before = engine(first);
      engine = before;
      agreement.uses(first.revision());
      failed = now;
      retry = clock.instant().plus(RETRY);
      reject(before, List.of("it could not be started: " + e));
      return;
    }
    engine = started;
    first = next;
    agreement.uses(next.revision());
    fingerprint = now;
    failed = null;
    started
        .board()
        .resolve(
            FindingId.condition(
                next.tenant(), Kind.CONFIG_REJECTED.label(), next.file().toString()),
            "");
    LOG.infof("the changed configuration is in force: %s", next.revision());
  }

  private void reject(Engine inForce, List<String> problems) {
    problems.forEach(LOG::error);
    LOG.error("the changed configuration was rejected; the one before stays in force");
    String file = first.file().toString();
    inForce.board().raise(inForce.conditions().configRejected(file, problems, clock.instant()), "");
  }

  /// How the logs stand; empty before `start`.
  public List<LogStatus> logs() {
    Engine current = engine;
    return current == null ? List.of() : current.logs();
  }

  /// The families whose logs were not learnt since the start, by the operator's name.
  public List<String> unlisted() {
    Engine current = engine;
    return current == null ? List.of() : current.unlisted();
  }

  /// What the topic of observations does not have yet; empty if there is none, or before `start`.
  public Optional<Backlog> feedBacklog() {
    Engine current = engine;
    return current == null ? Optional.empty() : current.feeding().backlog();
  }

  /// How many records of the topics of allowlists are not read yet, by the list's name, for those
  /// that this process reads.
  public Map<String, Long> topicsBehind() {
    Engine current = engine;
    return current == null ? Map.of() : current.feeding().behind();
  }

  /// How the receivers' queues stand.
  public List<QueueState> queues() {
    return store.queues();
  }

  /// The conditions that hold now.
  public List<Alert> conditions() {
    Engine current = engine;
    return current == null ? List.of() : current.board().open();
  }

  /// Takes over what came through the API and was committed before this was called: whatever is
  /// judged from now on goes by it.
  public void submitted() {
    Engine current = engine;
    if (current != null) {
      current.submitted();
    }
  }

  /// Wakes whoever delivers.
  public void wake() {
    Engine current = engine;
    if (current != null) {
      current.wake();
    }
  }

  /// Begins and ends scans; empty before `start`.
  public Optional<Scans> scans() {
    return Optional.ofNullable(engine).map(Engine::scans);
  }

  /// The newest proven checkpoint of the log with that origin, as the log signed it; empty for an
  /// origin that is not followed or has none yet.
  public Optional<String> checkpoint(String origin) {
    Engine current = engine;
    return current == null ? Optional.empty() : current.checkpoint(origin);
  }

  /// The origin of each log that is followed, by the operator's name.
  public Map<String, String> origins() {
    Engine current = engine;
    return current == null ? Map.of() : current.origins();
  }

  /// The drills under the configuration in force; empty before `start`.
  public Optional<Drilling> drilling() {
    return Optional.ofNullable(engine).map(Engine::drilling);
  }

  /// The configuration in force.
  public Configuration configuration() {
    Engine current = engine;
    return current == null ? first : current.configuration();
  }

  /// The processes that share the database; empty if it is this one's alone.
  public List<Replicas.Replica> replicas() {
    return membership.map(Membership::replicas).orElse(List.of());
  }

  /// Tasks that no replica has had for a while.
  public Set<String> ownerless() {
    return membership.map(Membership::ownerless).orElse(Set.of());
  }

  /// How long the database has taken no writes; zero if it takes them.
  public Duration databaseFailing() {
    return store.failing().map(WriteFailure::since).orElse(Duration.ZERO);
  }

  /// The database.
  public Store store() {
    return store;
  }

  /// Stops: turns end after their chunk, deliveries after their attempt; then the database is
  /// closed.
  @Override
  public void close() {
    store.replicas().ifPresent(Replicas::hurry);
    looks.shutdownNow();
    database.close();
    synchronized (this) {
      Engine current = engine;
      if (current != null) {
        current.close();
        engine = null;
      }
    }
    membership.ifPresent(Membership::close);
    store.close();
  }
}
