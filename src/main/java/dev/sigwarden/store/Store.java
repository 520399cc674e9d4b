package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The database: logs' views and positions, observations, findings with evidence, conditions, and
/// the outbox. Thread-safe. Every method throws `StoreException` if the database fails, and then
/// nothing of what it should have written is written.
///
/// Times are kept in milliseconds; a finer part is cut off.
public final class Store implements AutoCloseable {
  private final Database database;
  private final Runnable giveUp;
  private final Clock clock;
  private final @Nullable Replicas replicas;

  Store(Database database, Runnable giveUp, Clock clock, @Nullable Replicas replicas) {
    this.database = database;
    this.giveUp = giveUp;
    this.clock = clock;
    this.replicas = replicas;
  }

  /// Opens the file of a URL `sqlite:PATH`.
  public static Store open(String url, Clock clock) {
    return open(new StorePlace.SqlitePath(SqliteFile.path(url)), clock);
  }

  /// Opens and migrates the database, and takes the lock that keeps a second process away from a
  /// file.
  ///
  /// @throws StoreException if the file is in use (the message says by whom), damaged, another
  ///   program's, or cannot be written, if the server cannot be reached, or if the database is of a
  ///   later version
  public static Store open(StorePlace place, Clock clock) {
    return Opening.open(place, clock);
  }

  /// The processes that share this database; empty if it is this one's alone.
  public Optional<Replicas> replicas() {
    return Optional.ofNullable(replicas);
  }

  /// The time that is written here: of all who share this database the same.
  public Clock clock() {
    return clock;
  }

  /// What the log of this name is, as given to `begin`; empty before.
  public Optional<String> identity(String log) {
    return database.read("identity of " + log, c -> Views.identity(c, log));
  }

  /// The views of a log, the proven history first, then branches by number; empty before `begin`.
  /// Each view's range was checked against its root.
  public List<View> views(String log) {
    return database.read("views of " + log, c -> Views.of(c, log));
  }

  /// Writes the first view of a log.
  ///
  /// @param identity what the log is, whatever it is called: origin and key id
  /// @throws StaleStateException if the log was begun already
  /// @throws StoreException if the name belongs to a log of another identity
  public void begin(String log, String identity, View first) throws StaleStateException {
    Views.require(first.branch() == 0, "first branch: " + first.branch() + " (expected: 0)");
    write("begin of " + log, c -> Views.begin(c, log, identity, first, clock.instant()));
  }

  /// Writes a new branch together with the findings that say why. The branch number is
  /// `view.branch()`.
  ///
  /// @throws StaleStateException if the log was not begun or has a branch of that number
  public void branch(String log, View view, List<Filing> filings) throws StaleStateException {
    write(
        "branch of " + log,
        c -> {
          Views.branch(c, log, view);
          Findings.file(c, filings, clock.instant());
        });
  }

  /// Replaces the newest head of a view and remembers it in the view's history.
  ///
  /// @param known the head that is replaced
  /// @param next a head proven consistent with it, of the same size or larger
  /// @throws StaleStateException if the newest head is not `known` any more
  public void head(String log, int branch, SeenHead known, SeenHead next)
      throws StaleStateException {
    Views.requireGrowth(known.head(), next.head());
    write("head of " + log, c -> Views.head(c, log, branch, known.head(), next));
  }

  /// Heads of a view that were once newest, largest first, at most `limit`; bounded per view, the
  /// older the sparser.
  public List<SeenHead> history(String log, int branch, int limit) {
    return database.read("history of " + log, c -> Views.history(c, log, branch, limit));
  }

  /// Writes a judged chunk: position, observations, findings, evidence, outbox, in one transaction.
  /// Observations and findings that are known stay as they are.
  ///
  /// @throws StaleStateException if the position is not `commit.known()` any more, or the next one
  ///   is beyond the view's head
  public void commit(Commit commit) throws StaleStateException {
    Views.requireGrowth(commit.known(), commit.next().head());
    write(
        "commit of " + commit.log(),
        c -> {
          Views.advance(c, commit);
          Coverage.extend(c, commit, clock.instant());
          Observations.add(c, commit.observations(), clock.instant());
          Findings.file(c, commit.filings(), clock.instant());
          for (Untold untold : commit.untold()) {
            Untolds.add(c, untold);
          }
        });
  }

  /// Writes findings that move no position.
  public void file(List<Filing> filings) {
    update("filing", c -> Findings.file(c, filings, clock.instant()));
  }

  /// What families of logs were seen to have.
  public Families families() {
    return new Families(database, clock);
  }

  /// Which watches judged which entries.
  public Coverage coverage() {
    return new Coverage(database, clock);
  }

  /// What is held of a ledger.
  public LedgerBook ledger(String log) {
    return new LedgerBook(log, database, clock);
  }

  /// Heads of a log that are signed and neither proven nor told, the oldest first.
  public List<SeenHead> suspects(String log) {
    return database.read("suspects of " + log, c -> LogStates.suspects(c, log));
  }

  /// Remembers a head of a log that was begun; does nothing if it is remembered already.
  public void suspect(String log, SeenHead head) {
    update("suspect of " + log, c -> LogStates.suspect(c, log, head));
  }

  /// Forgets a suspect, together with the findings that tell of it, if any.
  public void unsuspect(String log, TreeHead head, List<Filing> filings) {
    update(
        "suspect of " + log,
        c -> {
          LogStates.unsuspect(c, log, head);
          Findings.file(c, filings, clock.instant());
        });
  }

  /// The states that a log is in and that are told once they last, by name.
  public Map<String, Lasting> lasting(String log) {
    return database.read("states of " + log, c -> LogStates.lasting(c, log));
  }

  /// Writes since when a log, begun or not, has been in a state.
  public void lasts(String log, String state, Lasting since) {
    update("state of " + log, c -> LogStates.begin(c, log, state, since));
  }

  /// Writes that a log is in a state no more.
  public void lastsNoMore(String log, String state) {
    update("state of " + log, c -> LogStates.end(c, log, state));
  }

  /// Pending observations whose grace has ended at `now`, the earliest end first, at most `limit`.
  public List<ObservationKey> due(Instant now, int limit) {
    return database.read("due observations", c -> Observations.due(c, now, limit));
  }

  /// Pending observations in the order of their keys, at most `limit`.
  ///
  /// @param after the last key of the page before; empty for the first page
  public List<ObservationKey> pending(Optional<ObservationKey> after, int limit) {
    return database.read("pending observations", c -> Observations.pending(c, after, limit));
  }

  /// The observation of that key if its verdict is `Pending`.
  public Optional<Observation> pending(ObservationKey key) {
    return database.read("pending observation", c -> Observations.pending(c, key));
  }

  /// Replaces a pending observation's verdict, which may be `Pending` again with another end,
  /// together with what follows from it; does nothing if it is not pending any more.
  ///
  /// @param others observations of the same entry by other watches; those that are known stay as
  ///   they are
  public void settle(Observation settled, List<Observation> others, List<Filing> filings) {
    update(
        "verdict on " + settled.log(),
        c -> {
          if (Observations.settle(c, settled, clock.instant())) {
            Observations.add(c, others, clock.instant());
            Findings.file(c, filings, clock.instant());
          }
        });
  }

  /// How often the watch selected an entry since `from`, over all logs; at most 1,000.
  public long observations(String watch, Instant from) {
    return database.read("count for " + watch, c -> Observations.count(c, watch, from));
  }

  /// What was selected of an identity since `from`, and when first.
  public Sightings sightings(Hash signer, Instant from) {
    return database.read("sightings", c -> Observations.sightings(c, signer, from));
  }

  /// Opens a condition, or counts its next telling if it was resolved before, and tells the
  /// receivers. Does nothing if the condition is open already.
  public void raise(Condition condition) {
    update("condition", c -> Conditions.raise(c, condition, clock.instant()));
  }

  /// Resolves a condition that is open, telling the receivers, with the time it was opened as
  /// `firstSeen`; does nothing if it is not open.
  public void resolve(Condition condition) {
    update("condition", c -> Conditions.resolve(c, condition, clock.instant()));
  }

  /// The conditions now open, the oldest first.
  public List<Alert> openConditions() {
    return database.read("open conditions", Conditions::open);
  }

  /// What people do with findings.
  public Lifecycle lifecycle() {
    return new Lifecycle(database, clock);
  }

  /// What nobody wants to be told for a while.
  public Silences silences() {
    return new Silences(database, clock);
  }

  /// What is still to be told.
  public Tellings tellings() {
    return new Tellings(database, clock);
  }

  /// What is told by the clock.
  public Timetable timetable() {
    return new Timetable(database, clock);
  }

  /// The finding's first alert and evidence.
  public Optional<Finding> finding(String uid) {
    return database.read("finding " + uid, c -> Findings.find(c, uid));
  }

  /// How many observations of a watch have each verdict: `expected`, `pending`, `unexpected`;
  /// verdicts without any are left out.
  public Map<String, Long> verdicts(String watch) {
    return database.read("verdicts", c -> Observations.verdicts(c, watch));
  }

  /// How many findings there are of each kind, by its label; kinds without any are left out.
  public Map<String, Long> findingCounts() {
    return database.read("finding counts", Findings::counts);
  }

  /// Findings, newest first, at most `limit`.
  public List<Finding> findings(int limit) {
    return database.read("findings", c -> Findings.newest(c, limit));
  }

  /// How many findings of a kind a log and a watch have whose first sight was in the same hour as
  /// `at`; counts no further than `most`.
  ///
  /// @param watch empty for none
  public long findingsInHour(String log, Kind kind, String watch, Instant at, int most) {
    return database.read(
        "findings of an hour", c -> Untolds.inHour(c, log, kind.label(), watch, at, most));
  }

  /// What of a log was written down as untold since `from`; empty for nothing.
  public Optional<Untold.Sum> untoldSum(String log, Instant from) {
    return database.read("untold entries", c -> Untolds.sum(c, log, from));
  }

  /// Untold entries of a log in index order, from the index `from` on, at most `limit`.
  public List<Untold> untold(String log, long from, int limit) {
    return database.read("untold entries", c -> Untolds.list(c, log, from, limit));
  }

  /// Forgets deliveries that were made before `before`, at most `limit`; those of conditions that
  /// still hold stay, since their end refers to them. Findings, evidence, and what was given up
  /// stay for good.
  ///
  /// @return how many were forgotten
  public int forgetSent(Instant before, int limit) {
    return database.update("old deliveries", c -> Deliveries.forgetSent(c, before, limit));
  }

  /// Takes up to `limit` deliveries of a receiver that are due, for `lease` long, the gravest and
  /// then the oldest first; of one finding only the earliest telling that is not done. Gives back
  /// what `owner` has leased of the receiver and not marked.
  public List<Pending> lease(String receiver, int limit, Duration lease, String owner) {
    String doing = "lease for " + receiver;
    // Asked by every receiver each second: mostly there is nothing to write.
    if (!database.read(doing, c -> Deliveries.anyDue(c, receiver, clock.instant(), owner))) {
      return List.of();
    }
    return database.update(
        doing,
        c -> {
          Instant now = clock.instant();
          return Deliveries.lease(c, receiver, limit, now, now.plus(lease), owner);
        });
  }

  /// Marks a delivery done, even if its lease has ended meanwhile.
  public void sent(Pending delivery, String reference) {
    deliver(delivery, c -> Deliveries.sent(c, delivery, reference, clock.instant()));
  }

  /// Gives a leased delivery back, to be tried again at `at`; does nothing if the lease was lost.
  public void retry(Pending delivery, Instant at, String reason) {
    deliver(delivery, c -> Deliveries.retry(c, delivery, at, reason, clock.instant()));
  }

  /// Gives up a leased delivery; does nothing if the lease was lost.
  public void dead(Pending delivery, String reason) {
    deliver(delivery, c -> Deliveries.dead(c, delivery, reason));
  }

  /// Gives back all that `owner` has leased and not marked, due now and without counting an
  /// attempt.
  public void release(String owner) {
    update("release of leases", c -> Deliveries.release(c, owner, clock.instant()));
  }

  /// The state of every receiver's queue, configured still or not.
  public List<QueueState> queues() {
    return database.read("queues", Deliveries::queues);
  }

  /// What is written to topics and read from them.
  public Feeds feeds() {
    return new Feeds(database, clock);
  }

  /// What people and pipelines ask and change.
  public Desk desk() {
    return new Desk(database, clock);
  }

  /// Why the last attempt to write failed; empty if it did not. While this says something, nothing
  /// new is found, told or remembered.
  public Optional<String> trouble() {
    return database.trouble();
  }

  /// The same with how long it has lasted, and a little longer: empty once nothing has failed for
  /// some seconds.
  public Optional<WriteFailure> failing() {
    return database.failing();
  }

  /// Finishes what is under way and gives the database up.
  @Override
  public void close() {
    database.close();
    giveUp.run();
  }

  private void write(String doing, Database.Change change) throws StaleStateException {
    database.change(doing, change);
  }

  private void update(String doing, Database.PlainChange change) {
    database.plainChange(doing, change);
  }

  private void deliver(Pending delivery, Database.PlainChange change) {
    update("delivery to " + delivery.receiver(), change);
  }
}
