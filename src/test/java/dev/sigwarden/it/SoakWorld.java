package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.it.SoakLog.Found;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/// Twenty logs that grow and fail at random, two webhooks that fail at random, one beside them that
/// hears of conditions, and the book of what must have been found in the end.
final class SoakWorld implements AutoCloseable {
  /// How long anything may take before the run has failed: longer than a receiver that failed for
  /// long is left alone.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration LOOK = Duration.ofMillis(50);
  private static final int LOGS = 20;

  /// In each step one log in so many grows, by less than `MOST_ENTRIES`.
  private static final int GROWS_EVERY = 10;

  private static final int MOST_ENTRIES = 20;

  /// In each step one peer that is well in so many fails, and one that fails in so many is mended.
  private static final int FAILS_EVERY = 40;

  private static final int MENDED_EVERY = 10;
  private static final int MANY = 10_000_000;

  private final Path folder;
  private final Clock clock;
  private final Random random;
  private final List<SoakLog> logs = new ArrayList<>();
  private final List<WebhookReceiver> hooks;
  private final WebhookReceiver desk;
  private final Map<Object, Boolean> failing = new HashMap<>();

  SoakWorld(Path folder, Clock clock, Random random) {
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    for (int i = 0; i < LOGS; i++) {
      logs.add(new SoakLog("log-%02d".formatted(i), clock));
    }
    Supplier<WebhookReceiver> hook = () -> new WebhookReceiver(ConfigFile.SECRET, clock);
    hooks = List.of(hook.get(), hook.get());
    desk = hook.get();
    write("hook.secret", ConfigFile.SECRET).toFile().setReadable(false, false);
    folder.resolve("hook.secret").toFile().setReadable(true, true);
    write("allow.txt", SoakLog.allowlist());
    write("sigwarden.yaml", configuration());
  }

  private Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String configuration() {
    StringBuilder text =
        new StringBuilder(
            """
            contact: it@sigwarden.invalid
            instance: %s
            http: {port: 0}
            storage: {url: "sqlite:sigwarden.db"}
            requests: {at-once: 4, per-second: 1000, deadline: 5s}
            watches:
              %s:
                severity: critical
                identities:
                  - {subject: "%s", issuer: "%s"}
                expect: {allowlists: [releases]}
            allowlists:
              releases: {file: allow.txt}
            route:
              receiver: desk
              routes:
                - {matchers: ['family=~"integrity|identity"'], receivers: [first, second]}
            """
                .formatted(
                    folder.getFileName(), ConfigFile.RELEASES, Entries.SUBJECT, Entries.ISSUER));
    text.append("receivers:\n");
    receiver(text, "first", hooks.getFirst());
    receiver(text, "second", hooks.getLast());
    receiver(text, "desk", desk);
    text.append("logs:\n");
    for (SoakLog log : logs) {
      text.append(
          "  %s: {protocol: tiles, entries: rekor, start: \"0\", poll: 500ms, url: \"%s\", key: \"%s\"}%n"
              .formatted(log.name(), log.url(), log.vkey()));
    }
    return text.toString();
  }

  private static void receiver(StringBuilder text, String name, WebhookReceiver hook) {
    text.append(
        "  %s: {channel: webhook, url: \"%s\", allow-insecure: true, allow-private: true, secret-file: hook.secret, timeout: 2s}%n"
            .formatted(name, hook.url()));
  }

  /// The configuration's file.
  Path config() {
    return folder.resolve("sigwarden.yaml");
  }

  /// Some logs grow, some peers fail, some are mended.
  void step() {
    for (SoakLog log : logs) {
      if (random.nextInt(GROWS_EVERY) == 0) {
        log.grow(1 + random.nextInt(MOST_ENTRIES - 1), random);
      }
      disturb(log, () -> log.fail(random), log::heal);
    }
    for (WebhookReceiver hook : hooks) {
      disturb(hook, () -> fail(hook), () -> mend(hook));
    }
  }

  private void disturb(Object peer, Runnable fail, Runnable mend) {
    boolean fails = failing.getOrDefault(peer, false);
    if (random.nextInt(fails ? MENDED_EVERY : FAILS_EVERY) == 0) {
      (fails ? mend : fail).run();
      failing.put(peer, !fails);
    }
  }

  private void fail(WebhookReceiver hook) {
    switch (random.nextInt(5)) {
      case 0 -> hook.answerWith(Answer.of(503));
      case 1 -> hook.answerWith(Answer.of(429).with("Retry-After", "3"));
      case 2 -> hook.answerWith(Answer.of(200).in(new Answer.Manner.Reset(0)));
      case 3 -> hook.hang();
      default -> hook.down();
    }
  }

  private static void mend(WebhookReceiver hook) {
    hook.up();
    hook.answerWith(Answer.of(200));
  }

  /// Every log and receiver is mended.
  void heal() {
    logs.forEach(SoakLog::heal);
    hooks.forEach(SoakWorld::mend);
    failing.clear();
  }

  /// Every log answers, and all that they have published was judged.
  void awaitJudged(Callable<Boolean> alive) {
    logs.forEach(log -> {
      log.heal();
      failing.put(log, false);
    });
    until(
        "everything judged",
        alive,
        () -> {
          Map<String, Long> positions = positions();
          return logs.stream()
              .allMatch(log ->
                  positions.getOrDefault(log.name() + "/" + log.branch(), 0L) == log.published());
        });
  }

  /// Waits until both webhooks have all that must be found, and nothing is left to be told: a
  /// receiver that got a message and cut the connection before its answer gets it once more.
  ///
  /// @param meanwhile done between two looks
  void awaitTold(Callable<Boolean> alive, Runnable meanwhile) {
    heal();
    int all = found().size();
    until(
        all + " findings told",
        alive,
        () -> {
          meanwhile.run();
          return hooks.stream().allMatch(hook -> hook.acceptedIds().size() >= all)
              && undelivered() == 0;
        });
  }

  /// Deliveries to the two webhooks that are not known to have arrived.
  private long undelivered() {
    return query(
        "SELECT count(*) FROM outbox WHERE receiver <> 'desk' AND state IN ('PENDING', 'LEASED')",
        rows -> rows.getLong(1));
  }

  private static void until(String what, Callable<Boolean> alive, Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(LOOK)
        .until(() -> {
          assertThat(alive.call()).as("the program runs").isTrue();
          return holds.call();
        });
  }

  /// The first log shows another history from now on; to be called when all was judged.
  void fork() {
    logs.getFirst().fork();
  }

  /// Entries judged, by log and branch.
  private Map<String, Long> positions() {
    return query(
        "SELECT log, branch, pos_size FROM log_view",
        rows -> {
          Map<String, Long> positions = new HashMap<>();
          while (rows.next()) {
            positions.put(rows.getString(1) + "/" + rows.getInt(2), rows.getLong(3));
          }
          return positions;
        });
  }

  /// Bytes of the database in use.
  long databaseBytes() {
    return query(
        "SELECT (page_count - freelist_count) * page_size"
            + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
        rows -> rows.getLong(1));
  }

  @FunctionalInterface
  private interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  /// As anybody may look at the file while the program writes to it.
  private <T> T query(String sql, Rows<T> rows) {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("sigwarden.db"));
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return rows.read(result);
    } catch (SQLException e) {
      throw new AssertionError("the database cannot be read: " + sql, e);
    }
  }

  /// All that must be found.
  List<Found> found() {
    return logs.stream().flatMap(log -> log.found().stream()).toList();
  }

  /// Entries that watches select.
  long selected() {
    return found().size() + logs.stream().mapToLong(SoakLog::allowed).sum();
  }

  /// Heads published by all logs.
  long heads() {
    return logs.stream().mapToLong(SoakLog::heads).sum();
  }

  /// Entries published by all logs.
  long entries() {
    return logs.stream().mapToLong(SoakLog::published).sum();
  }

  /// Messages that the two webhooks were sent, whatever they answered.
  long attempts() {
    return hooks.stream().mapToLong(hook -> hook.messages().size()).sum();
  }

  /// How many entries have each verdict. A branch is read from the last head that both histories
  /// have, so entries that they share may have been observed in both.
  private Map<String, Long> verdicts() {
    return query(
        "SELECT verdict, count(*) FROM (SELECT DISTINCT log, idx, leaf, verdict FROM observation)"
            + " GROUP BY verdict",
        rows -> {
          Map<String, Long> verdicts = new HashMap<>();
          while (rows.next()) {
            verdicts.put(rows.getString(1), rows.getLong(2));
          }
          return verdicts;
        });
  }

  /// A finding as the book has it: where a fork is seen first depends on when the log was asked.
  private static Found known(Finding it) {
    return new Found(
        it.alert().kind(),
        it.alert().log(),
        it.branch(),
        it.alert().kind() == Kind.LOG_FORK ? -1 : it.index());
  }

  /// What must hold whatever happened on the way: what had to be found was found once, told at
  /// least once under one id, and nothing else was.
  void assertNothingLostNorInvented() {
    try (Store store = Store.open("sqlite:" + folder.resolve("sigwarden.db"), clock)) {
      List<Finding> findings = store.findings(MANY);
      assertThat(findings)
          .extracting(SoakWorld::known)
          .containsExactlyInAnyOrderElementsOf(found());
      assertThat(verdicts())
          .containsEntry("expected", logs.stream().mapToLong(SoakLog::allowed).sum())
          .containsEntry("unexpected", found().stream().filter(found -> found.index() >= 0).count())
          .hasSize(2);
      for (WebhookReceiver hook : hooks) {
        assertThat(hook.refusals()).isEmpty();
        assertThat(hook.acceptedIds())
            .containsExactlyInAnyOrderElementsOf(
                findings.stream().map(it -> it.alert().eventId()).toList());
      }
      assertThat(store.queues())
          .allSatisfy(queue -> assertThat(queue.dead()).as(queue.receiver()).isZero())
          .filteredOn(queue -> !queue.receiver().equals("desk"))
          .hasSize(2)
          .allSatisfy(queue -> assertThat(queue.pending()).as(queue.receiver()).isZero())
          .extracting(QueueState::sent)
          .containsOnly((long) findings.size());
    }
  }

  @Override
  public void close() {
    desk.close();
    hooks.forEach(WebhookReceiver::close);
    logs.forEach(SoakLog::close);
  }
}
