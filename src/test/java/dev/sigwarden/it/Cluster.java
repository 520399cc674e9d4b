package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.TcpProxy;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StorePlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/// Several replicas as processes of their own on one PostgreSQL database, each with its own way to
/// it that can be cut; logs that grow, and one webhook. Whatever happens to replicas and database,
/// in the end each unexpected signature is found once and told under one id.
final class Cluster implements AutoCloseable {
  /// How long anything may take, a replica's lease and a slow machine included:
  /// `-Dsigwarden.patience=…` on a machine that is slower still.
  static final Duration PATIENCE = Duration.parse(System.getProperty("sigwarden.patience", "PT3M"));

  /// One entry in so many is signed by the watched identity.
  private static final int WATCHED_EVERY = 10;

  private static final int MANY = 100_000;

  /// The exit code of a program whose database is away when it starts.
  private static final int OPERATIONAL = 4;

  /// How long no condition may have been open before none will: longer than it may take to tell
  /// that the database was away.
  private static final Duration CALM = Duration.ofMinutes(1);

  private final Path folder;
  private final Clock clock = Clock.systemUTC();
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, clock);
  private final StorePlace.Server place;
  private final ClusterFigures figures = new ClusterFigures();
  private final Map<String, SimulatedLog> logs = new TreeMap<>();
  private final List<String> unexpected = new ArrayList<>();
  private final List<List<TcpProxy>> ways = new ArrayList<>();
  private final Map<Integer, Program> running = new LinkedHashMap<>();

  /// Empty logs, and replicas that do not run yet.
  Cluster(Path folder, int logs, int replicas) {
    this(folder, logs, replicas, Postgres.database());
  }

  /// The same on that database, whose hosts are ports of this machine.
  Cluster(Path folder, int logs, int replicas, StorePlace.Server place) {
    this.folder = folder;
    this.place = place;
    for (int i = 0; i < logs; i++) {
      this.logs.put(
          "log-" + i, new SimulatedLog(clock, 0, "log-%d.simulated.example".formatted(i)));
    }
    for (int i = 0; i < replicas; i++) {
      ways.add(
          Stream.of(place.hosts().split(","))
              .map(host -> new TcpProxy(Integer.parseInt(host.replaceAll(".*:", ""))))
              .toList());
      configure(i);
    }
  }

  /// The folder of a replica's configuration.
  Path home(int replica) {
    return folder.resolve("replica-" + replica);
  }

  private void configure(int replica) {
    try {
      Path home = Files.createDirectories(home(replica));
      Path secret = Files.writeString(home.resolve("hook.secret"), ConfigFile.SECRET);
      assertThat(secret.toFile().setReadable(false, false)).isTrue();
      assertThat(secret.toFile().setReadable(true, true)).isTrue();
      String followed =
          logs.entrySet().stream()
              .map(log ->
                  "  %s: {protocol: tiles, url: \"%s\", key: \"%s\", entries: rekor, start: \"0\", poll: 250ms, unreachable-after: 20s}\n"
                      .formatted(log.getKey(), log.getValue().url(), log.getValue().vkey()))
              .collect(Collectors.joining());
      Files.writeString(
          home.resolve("sigwarden.yaml"),
          """
          contact: it@sigwarden.invalid
          instance: replica-%d
          http: {port: 0}
          storage:
            url: "postgresql://%s/%s"
            user: postgres
            tls: off
            statement-timeout: 10s
          requests: {at-once: 8, per-second: 10000, deadline: 5s}
          logs:
          %swatches:
            acme-release:
              severity: critical
              identities:
                - {subject: "%s", issuer: "%s"}
          receivers:
            hook: {channel: webhook, url: "%s", allow-insecure: true, allow-private: true, secret-file: hook.secret, timeout: 2s}
          route: {receiver: hook, per-hour: 1000000}
          """
              .formatted(
                  replica,
                  ways.get(replica).stream()
                      .map(way -> "127.0.0.1:" + way.port())
                      .collect(Collectors.joining(",")),
                  place.database(),
                  followed,
                  Entries.SUBJECT,
                  Entries.ISSUER,
                  hook.url()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Has logs followed from the head that they have first, and not from their beginning.
  Cluster fromHead() {
    for (int replica = 0; replica < replicas(); replica++) {
      Path file = home(replica).resolve("sigwarden.yaml");
      try {
        Files.writeString(file, Files.readString(file).replace("start: \"0\"", "start: head"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  /// Has the watch expect what is on the allowlist `acme`, which takes lines through the API.
  Cluster expecting() {
    for (int replica = 0; replica < replicas(); replica++) {
      Path file = home(replica).resolve("sigwarden.yaml");
      try {
        String text = Files.readString(file);
        Files.writeString(
            file,
            text.replace(
                    "severity: critical\n",
                    "severity: critical\n    expect: {allowlists: [acme]}\n")
                + "allowlists:\n  acme: {api: true}\n");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return this;
  }

  /// The webhook that all replicas tell.
  WebhookReceiver hook() {
    return hook;
  }

  /// How many replicas there are, running or not.
  int replicas() {
    return ways.size();
  }

  /// The replica, if it runs.
  @Nullable Program program(int replica) {
    return running.get(replica);
  }

  /// Starts a replica.
  Program start(int replica) {
    Program program = Program.start(home(replica), "run", "--config", "sigwarden.yaml");
    running.put(replica, program);
    return program;
  }

  /// Starts a replica in this process, which the caller closes.
  ///
  /// @param machine the clock of the machine that it believes to be on
  Daemon startHere(int replica, Clock machine) {
    Loaded<Configuration> loaded =
        Configuration.load(home(replica).resolve("sigwarden.yaml"), Map.of());
    assertThat(loaded.problems()).isEmpty();
    Daemon daemon = Daemon.open(loaded.value().orElseThrow(), machine);
    daemon.start();
    return daemon;
  }

  /// The logs by name.
  Map<String, SimulatedLog> logs() {
    return logs;
  }

  /// Kills a replica with SIGKILL.
  void kill(int replica) {
    Program program = running.remove(replica);
    assertThat(program).isNotNull();
    program.kill();
  }

  /// Waits until a replica has started: before that nobody takes its signals. One whose database
  /// was away meanwhile has ended, and is started again as a service manager does.
  void awaitStarted(int replica) {
    Program program = running.get(replica);
    assertThat(program).isNotNull();
    program.awaitErr("watching ");
    if (!program.isAlive()) {
      Program.Outcome ended = program.end();
      assertThat(ended.exit()).as(ended.err()).isEqualTo(OPERATIONAL);
      start(replica).awaitErr("watching ");
    }
  }

  /// Stops a replica as a service manager does, once it has started.
  void stop(int replica) {
    awaitStarted(replica);
    Program program = running.remove(replica);
    assertThat(program).isNotNull();
    Backlog.stop(program);
  }

  /// Sends a signal, `STOP` or `CONT`, to a replica.
  void signal(int replica, String signal) {
    Program program = running.get(replica);
    assertThat(program).isNotNull();
    try {
      Process sent = new ProcessBuilder("kill", "-" + signal, "" + program.pid()).start();
      assertThat(sent.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while sending a signal", e);
    }
  }

  /// The way of a replica to the database, to its first host if it has several.
  TcpProxy way(int replica) {
    return ways.get(replica).getFirst();
  }

  /// What was measured of the logs' freshness since `measure`.
  ClusterFigures figures() {
    return figures;
  }

  /// Takes a sample of how the cluster stands.
  void measure() {
    figures.judged(positions());
    running.forEach(
        (replica, program) -> figures.process(replica, program.pid(), way(replica).connections()));
  }

  /// How often the logs were asked for their heads.
  long asked() {
    return logs.values().stream().mapToLong(log -> log.requests(Fault::checkpoint)).sum();
  }

  /// Has every log publish that many entries more.
  void grow(int entries) {
    logs.forEach((name, log) -> {
      for (int i = 0; i < entries; i++) {
        long index = log.log().size();
        boolean watched = index % WATCHED_EVERY == WATCHED_EVERY / 2;
        String artifact = "artifact %d of %s".formatted(index, name);
        log.log().append(watched ? Entries.watched(artifact) : Entries.other(index));
        if (watched) {
          unexpected.add(name + ":" + index);
        }
      }
      log.log().publish();
      figures.published(name, log.log().published());
    });
  }

  /// Lets time pass.
  static void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    }
  }

  /// Waits until this holds.
  void until(String what, Callable<Boolean> holds) {
    try {
      await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(holds);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(what + ": not within " + PATIENCE + "\n" + state(), e);
    }
  }

  /// Waits until every log is judged to its end, and everything found was told.
  void awaitAllTold() {
    until("all judged", this::allJudged);
    until("all told", () -> hook.acceptedIds().size() >= unexpected.size() && pending() == 0);
  }

  /// Waits until no condition is open, nor will be.
  void awaitCalm() {
    AtomicLong since = new AtomicLong(System.nanoTime());
    until(
        "no condition is open",
        () -> {
          query(
              "SELECT 1 FROM condition_state WHERE is_open = 1", _ -> since.set(System.nanoTime()));
          return System.nanoTime() - since.get() > CALM.toNanos();
        });
  }

  private boolean allJudged() {
    Map<String, Long> positions = positions();
    figures.judged(positions);
    return logs.entrySet().stream()
        .allMatch(
            log -> positions.getOrDefault(log.getKey(), 0L) == log.getValue().log().published());
  }

  /// How everything stands, for the message of a test that fails.
  private String state() {
    List<String> state = new ArrayList<>();
    logs.forEach((name, log) -> state.add(name + " published " + log.log().published()));
    state.add("judged " + positions() + ", waiting " + pending());
    query(
        "SELECT pid, state, wait_event, query_start, query FROM pg_stat_activity WHERE datname IS NOT NULL",
        row -> {
          List<String> columns = new ArrayList<>();
          for (int i = 1; i <= 5; i++) {
            columns.add(String.valueOf(row.getString(i)));
          }
          state.add(String.join(" | ", columns));
        });
    running.forEach((replica, program) -> state.add("replica " + replica + ":\n" + program.err()));
    return String.join("\n", state);
  }

  private Map<String, Long> positions() {
    Map<String, Long> positions = new TreeMap<>();
    query(
        "SELECT log, pos_size FROM log_view",
        row -> positions.put(row.getString(1), row.getLong(2)));
    return positions;
  }

  private long pending() {
    List<Long> pending = new ArrayList<>();
    query("SELECT count(*) FROM outbox WHERE state <> 'SENT'", row -> pending.add(row.getLong(1)));
    return pending.isEmpty() ? 0 : pending.getFirst();
  }

  /// The replica that has a task.
  int owner(String task) {
    List<Integer> owners = new ArrayList<>();
    until(
        "somebody has " + task,
        () -> {
          query(
              "SELECT owner FROM task_lease WHERE task = '%s'".formatted(task),
              row -> owners.add(Integer.parseInt(row.getString(1).split("-")[1])));
          return !owners.isEmpty();
        });
    return owners.getFirst();
  }

  /// The drills, newest first.
  List<Drill> drills() {
    try (Store store = Store.open(place, clock)) {
      return store.timetable().drills().list(10);
    }
  }

  /// How many findings nobody has closed.
  long openFindings() {
    List<Long> open = new ArrayList<>();
    query("SELECT count(*) FROM finding WHERE state <> 'closed'", row -> open.add(row.getLong(1)));
    return open.getFirst();
  }

  /// How many pieces of scans a replica has in work.
  long pieces(int replica) {
    List<Long> pieces = new ArrayList<>();
    query(
        "SELECT count(*) FROM scan_piece WHERE state = 'open' AND held_until > 0"
            + " AND at_idx > first_idx AND owner LIKE 'replica-"
            + replica
            + "-%'",
        row -> pieces.add(row.getLong(1)));
    return pieces.isEmpty() ? 0 : pieces.getFirst();
  }

  /// How many tasks each live replica has, by its id.
  Map<String, Long> shares() {
    Map<String, Long> shares = new TreeMap<>();
    query(
        "SELECT r.id, count(t.task) FROM replica AS r LEFT JOIN task_lease AS t ON t.owner = r.id"
            + " WHERE r.state = 'live' GROUP BY r.id",
        row -> shares.put(row.getString(1), row.getLong(2)));
    return shares;
  }

  /// Waits until that many replicas live, and none has much more to do than another.
  void awaitShared(int live) {
    until(
        live + " replicas share",
        () -> {
          Map<String, Long> shares = shares();
          long most = shares.values().stream().mapToLong(Long::longValue).max().orElse(0);
          long least = shares.values().stream().mapToLong(Long::longValue).min().orElse(0);
          return shares.size() == live && least > 0 && most - least <= 1;
        });
  }

  @FunctionalInterface
  private interface Row {
    void read(ResultSet row) throws SQLException;
  }

  private void query(String sql, Row reader) {
    try (Connection connection = Postgres.connect(place);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        reader.read(rows);
      }
    } catch (SQLException e) {
      // Before the first replica has made the tables.
      assertThat(e.getMessage()).contains("does not exist");
    }
  }

  /// What was found, newest first.
  List<Finding> findings() {
    try (Store store = Store.open(place, clock)) {
      return store.findings(MANY);
    }
  }

  /// What must hold whatever happened on the way: each unexpected signature is found once and told
  /// at least once under one id, and nothing else is.
  ///
  /// @param passing the kinds of conditions that may still be open
  void assertNothingLostNorInvented(Kind... passing) {
    try (Store store = Store.open(place, clock)) {
      List<Finding> findings = store.findings(MANY);
      assertThat(findings)
          .extracting(it -> it.alert().log() + ":" + it.index())
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(hook.refusals()).isEmpty();
      List<String> ids = findings.stream().map(it -> it.alert().eventId()).toList();
      assertThat(hook.acceptedIds()).containsAll(ids);
      // Conditions, which an outage may open, are told as well.
      assertThat(hook.acceptedIds()).hasSize((int) store.queues().getFirst().sent());
      assertThat(store.openConditions()).extracting(Alert::kind).isSubsetOf(passing);
      logs.forEach((name, log) -> {
        assertThat(store.views(name)).hasSize(1);
        assertThat(store.views(name).getFirst().position().head())
            .isEqualTo(log.log().headAt(log.log().size()));
      });
    }
  }

  @Override
  public void close() {
    running.values().forEach(Program::close);
    ways.stream().flatMap(List::stream).forEach(TcpProxy::close);
    hook.close();
    logs.values().forEach(SimulatedLog::close);
  }
}
