package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.note.Cosignature;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.HeadCheck;
import dev.sigwarden.verify.HeadVerdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// One log, one turn at a time: ask for its head, place it in the history that it continues, read
/// and judge what is new, prove it, and write each chunk down in one transaction. Start reading
/// Sigwarden here.
///
/// What is known of a log is its views (`store.View`): the proven history, which is branch 0, and
/// one for each other history that it signed; each with its newest head and how far it was judged.
///
/// A turn that fails changes nothing that was not proven, so the next turn sees the same log again.
/// Used by one thread at a time.
public final class LogTurn {
  private static final Logger LOG = Logger.getLogger(LogTurn.class);

  /// How long one turn reads before the head is asked for again: a fork is noticed within this time
  /// even while a long backlog is read.
  private static final Duration LONGEST = Duration.ofSeconds(30);

  /// The least time that a turn reads, however often the log is asked.
  private static final Duration SHORTEST = Duration.ofSeconds(2);

  /// A log that is over and judged is looked at once in so many polls, and at least so often.
  private static final int RESTS_POLLS = 30;

  private static final Duration LONGEST_REST = Duration.ofMinutes(5);

  private final LogSettings log;
  private final LogClient client;
  private final Store store;
  private final ChunkJudge judge;
  private final Reports reports;
  private final Divergence divergence;
  private final Histories histories;
  private final Vitals vitals;
  private final HeadTimes times;
  private final MergeDelays delays;
  private final Flood flood;
  private final ChunkFindings findings;
  private final Runnable wake;
  private final BooleanSupplier stopping;
  private final Clock clock;
  private volatile Instant restsUntil = Instant.MIN;

  LogTurn(
      LogSettings log,
      LogClient client,
      Store store,
      ChunkJudge judge,
      Reports reports,
      Vitals vitals,
      Flood flood,
      Patience patience,
      Runnable wake,
      BooleanSupplier stopping,
      Clock clock) {
    this.log = log;
    this.client = client;
    this.store = store;
    this.judge = judge;
    this.reports = reports;
    this.divergence = new Divergence(client);
    this.histories = new Histories(log, client, divergence, store, reports, patience, clock);
    this.vitals = vitals;
    this.times = new HeadTimes(log, reports);
    this.delays = new MergeDelays(log, reports);
    this.flood = flood;
    this.findings = new ChunkFindings(store, reports, flood, this::tell);
    this.wake = wake;
    this.stopping = stopping;
    this.clock = clock;
  }

  /// Runs one turn, unless the log rests: it is not to grow again and all of it was judged. What it
  /// shows is looked at now and then all the same.
  ///
  /// @return whether entries are left that another turn can read at once
  public boolean run() {
    if (clock.instant().isBefore(restsUntil)) {
      return false;
    }
    boolean more = false;
    try {
      more = turn();
      vitals.mirrors(client.silent(), reports.log(0));
    } catch (LogUnavailableException e) {
      failed(e.getMessage());
    } catch (BadAnswerException e) {
      // Malformed bytes prove nothing: a broken cache sends them as well as a log that hides.
      failed(e.getMessage());
    } catch (StaleStateException e) {
      LOG.debugf("%s: %s", log.trusted().name(), e.getMessage());
    }
    // Whatever this turn met: a log that is not followed grows stale all the same.
    vitals.ended(store.views(log.trusted().name()), reports.log(0));
    flood.look(reports.log(0));
    return more;
  }

  /// Of a log with several addresses nothing was learnt only if none of them answers.
  private void failed(String why) {
    if (client.failed(why)) {
      vitals.failed(why, reports.log(0));
    }
  }

  private boolean turn() throws LogUnavailableException, BadAnswerException, StaleStateException {
    Instant asked = clock.instant();
    switch (HeadCheck.check(log.trusted(), client.head(), clock.instant())) {
      case HeadVerdict.Believed head -> {
        return follow(head, asked);
      }
      case HeadVerdict.Unreadable(String why) -> throw new LogUnavailableException(why);
      case HeadVerdict.Untrusted(String why, String note) -> untrusted(why, note);
      case HeadVerdict.Unwitnessed(String why, _) -> vitals.unwitnessed(why, reports.log(0));
    }
    return false;
  }

  /// A checkpoint of another key or log. Of a log that was never proven it says that the
  /// configuration does not fit; of one that was, that the log is not what it was.
  private void untrusted(String why, String note) {
    if (store.views(log.trusted().name()).isEmpty()) {
      vitals.failed(
          "the configured key or origin does not fit the log at this address: " + why,
          reports.log(0));
      return;
    }
    file(reports.checkpointInvalid("signature", why, note, clock.instant()));
    vitals.failed("its checkpoint cannot be believed: " + why, reports.log(0));
  }

  private boolean follow(HeadVerdict.Believed believed, Instant asked)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    SeenHead head = new SeenHead(believed.checkpoint().head(), believed.note(), clock.instant());
    sameLog();
    List<View> views = store.views(log.trusted().name());
    Optional<View> view;
    try {
      view =
          views.isEmpty()
              ? Optional.of(histories.begin(head))
              : place(head, views, believed.signedAt());
      for (SeenHead stranger : reports.strangers()) {
        histories.stranger(stranger).ifPresent(this::file);
      }
    } catch (MismatchException e) {
      // The head that does not fit is the evidence; the one known before it says nothing.
      Position from =
          views.isEmpty() ? Position.of(CompactRange.empty()) : views.getFirst().position();
      mismatch(new View(0, head, from), e);
      vitals.failed(e.getMessage(), reports.log(0));
      return false;
    } finally {
      wake.run();
    }
    if (view.isEmpty()) {
      vitals.reached("it shows an older checkpoint, of %d entries".formatted(head.head().size()));
      return false;
    }
    if (view.get().branch() == 0) {
      delays.shown(head, believed.signedAt());
    }
    vitals.placed(signsOfLife(believed, head));
    times.pastTheEnd(head).ifPresent(this::file);
    Optional<Instant> stated = over(believed) ? Optional.empty() : believed.signedAt();
    vitals.dated(head.head().size(), stated, reports.log(0));
    if (log.mode() == LogSettings.Mode.CONSISTENCY_ONLY) {
      vitals.reached("");
      return false;
    }
    boolean more = read(view.get());
    if (!more && allJudged()) {
      if (view.get().branch() == 0) {
        vitals.readThrough(asked, stated);
      }
      restsUntil = over(believed) ? clock.instant().plus(rest()) : restsUntil;
    }
    return more;
  }

  private Optional<View> place(SeenHead head, List<View> views, Optional<Instant> signedAt)
      throws LogUnavailableException, BadAnswerException, MismatchException, StaleStateException {
    View main = views.getFirst();
    times.objection(main, head, signedAt).ifPresent(this::file);
    delays.shown(main.head(), times.of(main.head()));
    return histories.place(head, views, times.later(main, signedAt));
  }

  /// Whether the log takes no entries any more: it says so itself, or whoever vouches for it does.
  private boolean over(HeadVerdict.Believed head) {
    return client.frozen(head.checkpoint()) || clock.instant().isAfter(log.until());
  }

  private boolean allJudged() {
    return vitals.status().error().isEmpty()
        && store.views(log.trusted().name()).stream()
            .allMatch(view -> view.position().head().equals(view.head().head()));
  }

  private Duration rest() {
    Duration poll = log.timing().poll();
    Duration rest = poll.multipliedBy(RESTS_POLLS);
    Duration most = poll.compareTo(LONGEST_REST) > 0 ? poll : LONGEST_REST;
    return rest.compareTo(most) > 0 ? most : rest;
  }

  /// A name that stood for another log is not taken over: its position says nothing of this one.
  private void sameLog() throws LogUnavailableException {
    String name = log.trusted().name();
    String identity = log.trusted().identity();
    Optional<String> known = store.identity(name);
    if (known.isPresent() && !known.get().equals(identity)) {
      throw new LogUnavailableException(
          ("log %s: in the database it is the log with origin %s (configured: %s);"
                  + " give the new log a name of its own")
              .formatted(name, known.get(), identity));
    }
  }

  /// Reads what the view's head has beyond its position.
  ///
  /// @return whether entries are left that another turn can read at once
  private boolean read(View from)
      throws LogUnavailableException, BadAnswerException, StaleStateException {
    // Not by the clock, which may be set back meanwhile.
    long began = System.nanoTime();
    View view = from;
    try (ProvenLeaves leaves =
        new ProvenLeaves(
            client,
            judge,
            view.position().toRange(),
            view.head().head().size(),
            view.head().head())) {
      while (leaves.hasNext()) {
        if (stopping.getAsBoolean() || System.nanoTime() - began > longest().toNanos()) {
          vitals.reached("");
          return true;
        }
        view = judge(view, leaves.next());
      }
      vitals.reached("");
    } catch (MismatchException e) {
      mismatch(view, e);
      vitals.reached(e.getMessage());
    }
    return false;
  }

  /// Even while entries are read slowly, the head is asked for about as often as the operator
  /// wants.
  private Duration longest() {
    Duration poll = log.timing().poll();
    if (poll.compareTo(SHORTEST) < 0) {
      return SHORTEST;
    }
    return poll.compareTo(LONGEST) > 0 ? LONGEST : poll;
  }

  private View judge(View view, ProvenChunk chunk) throws StaleStateException {
    Instant now = clock.instant();
    ChunkCommit commit =
        new ChunkCommit(log.trusted().name(), store::commit, view, chunk, reports.watchSet());
    times.objection(view, chunk.leaves(), now).ifPresent(this::file);
    if (view.branch() == 0) {
      delays.objection(view, chunk.leaves(), now).ifPresent(this::file);
    }
    findings.write(view, chunk, commit, now);
    vitals.judged(commit.view(), chunk.leaves().count());
    if (view.branch() == 0) {
      divergence.judged(chunk.leaves().from(), chunk.hashes());
    }
    return commit.view();
  }

  private void tell(List<Filing> filings) {
    if (!filings.isEmpty()) {
      filings.forEach(LogTurn::writeLine);
      wake.run();
    }
  }

  /// When the log last showed that it is alive: a new head, a cosignature by a witness, or the same
  /// head signed anew. Empty for a log that takes no entries any more.
  private Optional<Instant> signsOfLife(HeadVerdict.Believed believed, SeenHead head) {
    if (over(believed)) {
      return Optional.empty();
    }
    Instant seen =
        store.views(log.trusted().name()).stream()
            .map(View::head)
            .filter(known -> known.head().equals(head.head()))
            .map(SeenHead::seen)
            .findFirst()
            .orElse(head.seen());
    Instant now = clock.instant();
    return Stream.concat(
            believed.cosignatures().stream().map(Cosignature::time),
            believed.signedAt().filter(time -> !time.isAfter(now)).stream())
        .filter(time -> time.isAfter(seen))
        .max(Instant::compareTo)
        .or(() -> Optional.of(seen));
  }

  /// Writes down that the log serves what does not fit the head of `view`.
  private void mismatch(View view, MismatchException e) {
    file(
        reports.mismatch(
            view, e.from(), view.head().head().size(), e.getMessage(), clock.instant()));
  }

  /// One line for whoever reads the daemon's own log; all its text is sanitised.
  static void writeLine(Filing filing) {
    Alert alert = filing.finding().alert();
    LOG.warnf(
        "%s %s %s: %s (log %s)",
        alert.severity().label(), alert.kind().label(), alert.uid(), alert.why(), alert.log());
  }

  private void file(Filing filing) {
    if (store.finding(filing.finding().alert().uid()).isEmpty()) {
      writeLine(filing);
    }
    store.file(List.of(filing));
    wake.run();
  }
}
