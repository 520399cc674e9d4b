package dev.sigwarden.daemon;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.replica.Membership;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.ScanPiece;
import dev.sigwarden.store.ScanPiece.Cause;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.tail.LogScan;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.Tail;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Watches;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// What this process does of scans: takes pieces that nobody has, a few at a time, judges them, and
/// merges what all processes judged. Thread-safe.
///
/// ScanBook are asked for in lines of their own and read into memory of their own, so that they
/// delay no turn of a log. All processes together ask a host for no more than one process may: each
/// takes its share of the rate.
final class ScanWork implements AutoCloseable {
  /// The task that looks for scans.
  static final String TASK = "scans";

  /// Between two looks.
  static final Duration LOOK = Duration.ofSeconds(1);

  /// How long a piece stays its process's after that was heard of last, as tasks do.
  private static final Duration LEASE = Membership.LEASE;

  /// Pieces judged at a time at most: each is judged on all cores, so that a few fill what the ends
  /// of chunks leave.
  private static final int MOST_AT_ONCE = 4;

  /// Attempts on a piece in a row: with the pauses between them some twenty minutes, longer than
  /// most outages.
  static final int MOST_ATTEMPTS = 12;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

  /// Characters of a piece's trouble.
  private static final int MAX_WHY = 2_000;

  /// How long work may take to end once it is told to.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Logger LOG = Logger.getLogger(ScanWork.class);

  private final String name;
  private final ScanBook scans;
  private final TailTools tools;
  private final ScanNeeds needs;
  private final int places;

  /// Pieces that are being judged, each by a thread of its own.
  private final Map<ScanPiece.Hold, Job> jobs = new ConcurrentHashMap<>();

  private final ScanLogs logs;

  // Guarded by this.
  private int workers;

  private volatile boolean closed;

  /// A piece that is being judged.
  private static final class Job {
    private final Thread thread;
    private volatile boolean stopped;

    Job(Thread thread) {
      this.thread = thread;
    }

    void stop() {
      stopped = true;
      thread.interrupt();
    }
  }

  /// The work of a process that shares a host's rate with all others.
  static ScanWork of(
      String name,
      TailTools tools,
      PoliteHttp http,
      Tenure tenure,
      Supplier<Map<String, Tail>> tails) {
    PoliteHttp paced = http.paced("scan", () -> 1.0 / tenure.sharers());
    LogTools tail = tools.log();
    return new ScanWork(
        name, tools, new LogTools(paced, tail.clock(), tail.memory(), tail.roots()), tails);
  }

  /// @param name of this process in leases
  /// @param tools what tails share
  /// @param reading how scans read, whatever memory it names
  /// @param tails the logs that are followed, by the operator's name
  ScanWork(String name, TailTools tools, LogTools reading, Supplier<Map<String, Tail>> tails) {
    this.name = name;
    this.scans = tools.store().desk().scans();
    this.tools = tools;
    this.logs = new ScanLogs(tools, reading);
    this.needs = new ScanNeeds(tools, tails);
    this.places = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST_AT_ONCE);
  }

  /// Begins to look for scans.
  void start(Tasks tasks) {
    scans.release(name);
    if (tools.store().replicas().isEmpty()) {
      // Whoever had pieces of this database before is gone.
      scans.releaseAll();
    }
    tasks.inEach(
        TASK,
        LOOK,
        () -> {
          look();
          return false;
        });
  }

  /// One look: keeps what is in work, ends what is not to go on, and takes what is free.
  void look() {
    keep();
    List<Scan> running = scans.running();
    Set<String> inUse = running.stream().map(Scan::log).collect(Collectors.toSet());
    if (!running.isEmpty()) {
      work();
    }
    needs.tell(running);
    for (Scan scan : running) {
      if (needs.log(scan).isPresent() && !scans.anyOpen(scan.id())) {
        finish(scan);
      }
    }
    synchronized (this) {
      if (workers == 0) {
        logs.closeUnless(inUse);
      }
    }
  }

  /// What scans need of the configuration.
  ScanNeeds needs() {
    return needs;
  }

  /// Stops what is in work of a scan that was ended.
  void stop(String scan) {
    jobs.forEach((hold, job) -> {
      if (hold.scan().equals(scan)) {
        job.stop();
      }
    });
  }

  private void keep() {
    Set<ScanPiece.Hold> before = Set.copyOf(jobs.keySet());
    if (before.isEmpty()) {
      return;
    }
    Set<ScanPiece.Hold> kept = scans.keep(name, before, LEASE);
    before.stream()
        .filter(hold -> !kept.contains(hold))
        .map(jobs::get)
        .filter(job -> job != null)
        .forEach(Job::stop);
  }

  /// Lets as many threads work as there are places and pieces.
  private synchronized void work() {
    while (!closed && workers < places) {
      Optional<Taken> taken = take();
      if (taken.isEmpty()) {
        return;
      }
      workers++;
      Thread thread =
          Thread.ofVirtual().name("scan-", workers).unstarted(() -> workUntilNone(taken.get()));
      jobs.put(taken.get().piece().hold(), new Job(thread));
      thread.start();
    }
  }

  /// A piece that is this process's now.
  private record Taken(Scan scan, ScanPiece piece) {}

  private Optional<Taken> take() {
    for (Scan scan : scans.running()) {
      if (needs.log(scan).isPresent() && needs.watches(scan).isPresent()) {
        Optional<ScanPiece> piece = scans.take(scan.id(), name, LEASE);
        if (piece.isPresent()) {
          return Optional.of(new Taken(scan, piece.get()));
        }
      }
    }
    return Optional.empty();
  }

  private void workUntilNone(Taken first) {
    Optional<Taken> next = Optional.of(first);
    try {
      while (next.isPresent()) {
        Taken taken = next.get();
        Job job = jobs.computeIfAbsent(taken.piece().hold(), _ -> new Job(Thread.currentThread()));
        try {
          judge(taken, job);
        } finally {
          jobs.remove(taken.piece().hold());
          // Whatever stopped this piece says nothing of the next.
          boolean _ = Thread.interrupted();
        }
        next = closed ? Optional.empty() : take();
      }
    } catch (StoreException e) {
      LOG.warnf("a scan waits for the database: %s", e.getMessage());
    } finally {
      synchronized (this) {
        workers--;
      }
    }
  }

  private void judge(Taken taken, Job job) {
    Scan scan = taken.scan();
    ScanPiece piece = taken.piece();
    Optional<LogSettings> settings = needs.log(scan);
    Optional<Watches> watches = needs.watches(scan);
    LogScan.Ended ended = new LogScan.Ended.Stopped();
    if (settings.isPresent() && watches.isPresent()) {
      try {
        ended =
            logs.of(settings.get()).judge(scan, piece, watches.get(), () -> closed || job.stopped);
      } catch (StoreException e) {
        // A database that takes nothing does not take this either, and is waited for. What it will
        // not take of this piece alone must not be tried for ever and told by nobody.
        ended = new LogScan.Ended.Failed(Cause.ERROR, e.getMessage(), Optional.empty());
      } catch (RuntimeException e) {
        // The boundary of one piece: others are judged all the same.
        LOG.errorf(e, "a piece of scan %s met an error of Sigwarden's own", scan.id());
        ended = new LogScan.Ended.Failed(Cause.ERROR, e.toString(), Optional.empty());
      }
    }
    switch (ended) {
      case LogScan.Ended.Done _ -> {}
      case LogScan.Ended.Lost _ ->
          LOG.infof("piece [%d, %d) is not ours any more", piece.from(), piece.to());
      case LogScan.Ended.Stopped _ -> scans.giveBack(piece);
      case LogScan.Ended.Failed failed -> failed(scan, piece, failed);
    }
  }

  private void failed(Scan scan, ScanPiece piece, LogScan.Ended.Failed failed) {
    String why = Sanitizer.clean(failed.why(), MAX_WHY);
    int attempts = attempts(piece);
    boolean last = failed.cause() == Cause.MISBEHAVED || attempts >= MOST_ATTEMPTS;
    LOG.warnf(
        "scan %s of %s: entries [%d, %d) %s: %s",
        scan.id(),
        scan.log(),
        piece.from(),
        piece.to(),
        last ? "cannot be judged" : "are tried again",
        why);
    if (last) {
      scans.giveUp(piece, failed.cause(), why, failed.lie().stream().toList());
      tools.wake().run();
    } else {
      scans.retry(piece, failed.cause(), why, tools.clock().instant().plus(pause(attempts)));
    }
  }

  /// Attempts since it last got on, this one included.
  private int attempts(ScanPiece piece) {
    return 1
        + scans.pieces(piece.scan(), piece.from(), 1).stream().mapToInt(ScanPiece::attempts).sum();
  }

  /// The pause after that many attempts in a row.
  static Duration pause(int attempts) {
    long factor = 1L << Math.clamp(attempts - 1, 0, 20);
    Duration pause = FIRST_PAUSE.multipliedBy(factor);
    return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
  }

  /// Merges the pieces of a scan of which none is open any more, and ends it.
  private void finish(Scan scan) {
    long failed = scans.progress(scan.id()).failed();
    if (failed > 0) {
      ScanPiece first = scans.failed(scan.id(), 1).getFirst();
      String others = failed > 1 ? ", and %d pieces more".formatted(failed - 1) : "";
      end(
          scan,
          Scan.State.FAILED,
          "piece [%d, %d): %s: %s%s"
              .formatted(first.from(), first.to(), first.cause().label(), first.why(), others));
      return;
    }
    try {
      List<ScanPiece> pieces = scans.pieces(scan.id(), scan.from(), Integer.MAX_VALUE);
      Optional<String> objection = logs.of(needs.log(scan).orElseThrow()).merge(scan, pieces);
      end(scan, objection.isEmpty() ? Scan.State.DONE : Scan.State.FAILED, objection.orElse(""));
    } catch (LogUnavailableException | BadAnswerException e) {
      LOG.warnf("scan %s waits for its last proof: %s", scan.id(), e.getMessage());
    }
  }

  private void end(Scan scan, Scan.State state, String why) {
    if (scans.end(scan.id(), state, why)) {
      LOG.infof(
          "scan %s of %s, entries [%d, %d): %s%s",
          scan.id(),
          scan.log(),
          scan.from(),
          scan.to(),
          state.label(),
          why.isEmpty() ? "" : ": " + why);
    }
  }

  /// Ends what is in work; what was judged of it stays written down, and others may take it at
  /// once. Harmless when repeated.
  @Override
  public void close() {
    closed = true;
    List<Job> left = List.copyOf(jobs.values());
    left.forEach(Job::stop);
    for (Job job : left) {
      try {
        if (job.thread != Thread.currentThread() && !job.thread.join(GRACE)) {
          LOG.warn("a piece of a scan did not end in time");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    logs.close();
  }
}
