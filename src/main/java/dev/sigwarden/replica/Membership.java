package dev.sigwarden.replica;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.store.Replicas;
import dev.sigwarden.store.Replicas.Beat;
import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import dev.sigwarden.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/// This process among those that share a database: says every `BEAT` that it is alive, keeps its
/// tasks, takes those that nobody has, and gives away what is more than its share.
///
/// What it has it has for `LEASE` from the beginning of the last beat that was heard, by a clock
/// that nobody sets: a process that was stopped, or cut off from the database, stops believing in
/// its tasks before anybody else may take them.
public final class Membership implements Tenure, AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Membership.class);

  /// How long tasks of a replica that is not heard of stay its own. With `BEAT` the longest that
  /// nobody runs them: longer than any pause of a healthy process, shorter than any log's freshness
  /// bound.
  public static final Duration LEASE = Duration.ofSeconds(15);

  /// Between two beats.
  public static final Duration BEAT = Duration.ofSeconds(3);

  /// How much sooner a replica stops believing in its tasks than the database does.
  private static final Duration MARGIN = Duration.ofSeconds(1);

  /// The shortest time between two beats, however much there is to tell.
  private static final Duration BREATH = Duration.ofMillis(200);

  private record Term(long number, long until) {}

  private record Configured(String used, String read) {}

  private final Replicas replicas;
  private final String id;
  private final String version;
  private final LongSupplier nanos;
  private final Semaphore signal = new Semaphore(0);
  private final Set<String> wanted = new ConcurrentSkipListSet<>();
  private final Map<String, Term> held = new ConcurrentHashMap<>();
  private volatile Consumer<String> news = _ -> {};
  private volatile List<Replica> known = List.of();
  private volatile Set<String> ownerless = Set.of();
  private volatile Configured configured = new Configured("", "");
  private volatile boolean closed;

  // Owned by whoever beats: the thread below.
  private final Map<String, Long> free = new HashMap<>();
  private final Map<String, Long> unwanted = new HashMap<>();
  private final Set<String> giving = new HashSet<>();
  private long terms;
  private @Nullable Thread thread;
  private Replicas.@Nullable Listening listening;

  /// A process that takes no part yet.
  ///
  /// @param id tells it from every other, earlier and later ones included
  /// @param version of the program
  public Membership(Replicas replicas, String id, String version) {
    this(replicas, id, version, System::nanoTime);
  }

  /// @param nanos a clock that nobody sets, in nanoseconds
  Membership(Replicas replicas, String id, String version, LongSupplier nanos) {
    this.replicas = replicas;
    this.id = id;
    this.version = version;
    this.nanos = nanos;
  }

  /// This process's id.
  public String id() {
    return id;
  }

  /// Says at the next beat, which comes at once, which configuration is in force here.
  ///
  /// @param used its revision
  /// @param read the revision of the newest that was read
  public void configured(String used, String read) {
    Configured now = new Configured(used, read);
    if (!now.equals(configured)) {
      configured = now;
      signal.release();
    }
  }

  /// Takes part from now on.
  ///
  /// @param told of news: `deliveries` and `conditions` that others may have written
  public synchronized void start(Consumer<String> told) {
    news = told;
    listening = replicas.listen(this::heard);
    thread = Thread.ofPlatform().daemon().name("sigwarden-replica").start(this::run);
  }

  private void heard(String what) {
    if (what.equals("tasks")) {
      signal.release();
    } else {
      tell(what);
    }
  }

  private void tell(String what) {
    try {
      news.accept(what);
    } catch (StoreException e) {
      LOG.debugf("news of %s: %s", what, e.getMessage());
    } catch (RuntimeException e) {
      // The boundary of one piece of news; what was missed is looked for at the next beat.
      LOG.errorf(e, "news of %s met an error of Sigwarden's own", what);
    }
  }

  private void run() {
    while (!closed) {
      try {
        signal.drainPermits();
        guardedBeat();
        Thread.sleep(BREATH);
        boolean _ = signal.tryAcquire(BEAT.minus(BREATH).toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException _) {
        // Closed.
      }
    }
  }

  private void guardedBeat() {
    try {
      beat();
    } catch (StoreException e) {
      LOG.warnf("this replica is not heard of: %s", e.getMessage());
    } catch (RuntimeException e) {
      // The boundary of one beat: tasks that are not kept are lost, and the next beat tries again.
      LOG.error("a beat of this replica met an error of Sigwarden's own", e);
    }
    tell("conditions");
  }

  /// Says that this process is alive, and sees to its tasks.
  void beat() {
    long began = nanos.getAsLong();
    String digest = digest();
    Set<String> given = toGive(began);
    Configured now = configured;
    Beat beat =
        replicas.beat(new Replicas.Sign(id, version, digest, now.used(), now.read()), LEASE, given);
    giving.removeAll(given);
    known = beat.replicas();
    long until = began + LEASE.minus(MARGIN).toNanos();
    Set<String> mine =
        beat.owners().entrySet().stream()
            .filter(task -> task.getValue().equals(id))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    held.keySet().retainAll(mine);
    mine.stream().filter(task -> !giving.contains(task)).forEach(task -> keep(task, until));
    Shares shares = new Shares(id, digest, wanted.size(), beat.replicas());
    take(shares, beat, given, began);
    List<String> surplus = shares.surplus(held.keySet());
    surplus.forEach(held::remove);
    giving.addAll(surplus);
  }

  /// What is given away: what is more than the share, and what is not wanted for so long that no
  /// configuration which is loaded anew will want it again.
  private Set<String> toGive(long now) {
    unwanted.keySet().removeIf(task -> wanted.contains(task) || !held.containsKey(task));
    held.keySet().stream()
        .filter(task -> !wanted.contains(task))
        .forEach(task -> unwanted.putIfAbsent(task, now));
    Set<String> give = new HashSet<>(giving);
    unwanted.forEach((task, since) -> {
      if (now - since >= Shares.PATIENCE.toNanos()) {
        give.add(task);
      }
    });
    return give;
  }

  private void take(Shares shares, Beat beat, Set<String> given, long now) {
    Set<String> nobodys =
        wanted.stream()
            .filter(task -> !beat.owners().containsKey(task))
            .collect(Collectors.toSet());
    free.keySet().retainAll(nobodys);
    nobodys.forEach(task -> free.putIfAbsent(task, now));
    Set<String> left =
        nobodys.stream()
            .filter(task -> now - free.getOrDefault(task, now) >= Shares.PATIENCE.toNanos())
            .collect(Collectors.toSet());
    Set<String> others = new HashSet<>(nobodys);
    others.removeAll(given);
    List<String> wish = shares.taken(held.size(), others, left);
    if (!wish.isEmpty()) {
      long began = nanos.getAsLong();
      Set<String> taken = replicas.take(id, wish, LEASE);
      taken.forEach(task -> keep(task, began + LEASE.minus(MARGIN).toNanos()));
      nobodys.removeAll(taken);
      if (!taken.isEmpty()) {
        LOG.infof("this replica has %d tasks now, %s among them", held.size(), wish.getFirst());
      }
    }
    ownerless = left.stream().filter(nobodys::contains).collect(Collectors.toUnmodifiableSet());
  }

  private void keep(String task, long until) {
    held.compute(
        task,
        (_, before) ->
            before == null || isOver(before)
                ? new Term(++terms, until)
                : new Term(before.number(), until));
  }

  private boolean isOver(Term term) {
    return nanos.getAsLong() - term.until() >= 0;
  }

  private String digest() {
    return Hash.ofData(String.join("\n", wanted).getBytes(StandardCharsets.UTF_8)).toHex();
  }

  @Override
  public void want(String task) {
    if (wanted.add(task)) {
      signal.release();
    }
  }

  @Override
  public void drop(String task) {
    wanted.remove(task);
  }

  /// Wants nothing any more: a configuration ended, and another may begin.
  public void dropAll() {
    wanted.clear();
  }

  @Override
  public long term(String task) {
    Term term = held.get(task);
    return term == null || isOver(term) ? 0 : term.number();
  }

  @Override
  public int sharers() {
    return Math.max(1, (int) known.stream().filter(one -> one.state() == State.LIVE).count());
  }

  /// All processes known, as of the last beat that was heard.
  public List<Replica> replicas() {
    return known;
  }

  /// The tasks of this process that nobody has had for a while.
  public Set<String> ownerless() {
    return ownerless;
  }

  /// Takes part no more: others may take the tasks at once.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    held.clear();
    Thread beating = thread;
    try {
      if (listening != null) {
        listening.close();
      }
      if (beating != null) {
        beating.interrupt();
        beating.join();
      }
      replicas.leave(id);
    } catch (StoreException e) {
      LOG.warnf("the others take this replica for lost soon: %s", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
