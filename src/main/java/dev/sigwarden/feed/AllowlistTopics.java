package dev.sigwarden.feed;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FeedConditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.StoreException;
import dev.sigwarden.store.TopicLines;
import dev.sigwarden.watch.Allowlist;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The allowlists that are read from topics, each by one process at a time, and who waits for them
/// when a process starts.
public final class AllowlistTopics implements AutoCloseable {
  /// Between two looks at what is new.
  public static final Duration INTERVAL = Duration.ofSeconds(1);

  /// How long judging waits after a start for what the topics say: so that what was allowed while
  /// nobody read them is not told as unexpected. Then the watches' grace has to do.
  static final Duration START = Duration.ofSeconds(10);

  /// Between two notes that a list is level.
  private static final Duration NOTE = Duration.ofSeconds(10);

  private static final Duration LOOK = Duration.ofMillis(50);

  /// What tells of a change of a list.
  @FunctionalInterface
  public interface Announcer {
    /// Findings that tell of a change, none if the operator wants none.
    ///
    /// @param words which lines
    List<Filing> announce(Allowlist list, String topic, String words);
  }

  private static final class Reading {
    private final AllowlistTopic topic;
    private final TopicLines lines;
    private Instant noted = Instant.MIN;

    Reading(AllowlistTopic topic, TopicLines lines) {
      this.topic = topic;
      this.lines = lines;
    }
  }

  private final Map<String, Reading> readings = new LinkedHashMap<>();
  private final String tenant;
  private final FeedConditions words;
  private final ConditionBoard board;
  private final Runnable changed;
  private final Clock clock;
  private final Instant started;
  private volatile boolean waited;
  private volatile boolean closed;

  /// @param tenant part of conditions' ids
  /// @param changed called after lines may have changed
  public AllowlistTopics(
      String tenant, Conditions conditions, ConditionBoard board, Runnable changed, Clock clock) {
    this.tenant = tenant;
    this.words = new FeedConditions(conditions);
    this.board = board;
    this.changed = changed;
    this.clock = clock;
    this.started = clock.instant();
  }

  /// Adds a list, before the first `run`.
  ///
  /// @param instance the daemon's name
  public void add(
      Allowlist list,
      TopicSettings settings,
      String instance,
      TopicLines lines,
      Announcer announcer) {
    String name = settings.connection().topic();
    AllowlistTopic topic =
        new AllowlistTopic(
            list, settings, instance, lines, what -> announcer.announce(list, name, what), clock);
    readings.put(list.name(), new Reading(topic, lines));
  }

  /// The names of the lists.
  public Set<String> names() {
    return Set.copyOf(readings.keySet());
  }

  /// The task that reads a list's topic.
  public static String task(String list) {
    return "reading of the topic of allowlist " + list;
  }

  /// The condition that a list's topic can be in.
  public static String condition(String tenant, String list) {
    return FindingId.condition(
        tenant, Kind.ALLOWLIST_UNREADABLE.label(), FeedConditions.topicOf(list));
  }

  /// Reads what is new in the topic of one list; whether there may be more.
  public boolean run(String list) {
    Reading reading = reading(list);
    AllowlistTopic.Run run = reading.topic.run();
    Instant now = clock.instant();
    if (run.changed()) {
      changed.run();
    }
    if (run.problem().isPresent()) {
      String reason = run.problem().get();
      board.raise(words.topicTrouble(list, reading.topic.topic(), reason, now), "");
    } else if (run.level()) {
      board.resolve(condition(tenant, list), "");
    }
    if (run.level() && (now.isBefore(reading.noted) || now.isAfter(reading.noted.plus(NOTE)))) {
      reading.lines.level();
      reading.noted = now;
    }
    return run.more();
  }

  /// Leaves the topic of one list to another process.
  public void rest(String list) {
    Reading reading = reading(list);
    reading.topic.rest();
    reading.noted = Instant.MIN;
  }

  private Reading reading(String list) {
    return Optional.ofNullable(readings.get(list)).orElseThrow();
  }

  /// Waits until every list was level with its topic once since the start, here or in another
  /// process, or too long for that. Costs nothing from then on.
  public void awaitLevel() {
    long end = System.nanoTime() + START.toNanos();
    while (!waited && !closed && System.nanoTime() < end) {
      if (areLevel()) {
        changed.run();
        break;
      }
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    waited = true;
  }

  private boolean areLevel() {
    try {
      return readings.values().stream()
          .allMatch(
              reading -> reading.lines.levelAt().filter(at -> !at.isBefore(started)).isPresent());
    } catch (StoreException _) {
      // Whoever judges meets the database's trouble next.
      return false;
    }
  }

  /// How many records of each list's topic are not read yet, for those that this process reads.
  public Map<String, Long> behind() {
    Map<String, Long> behind = new TreeMap<>();
    readings.forEach(
        (name, reading) -> reading.topic.behind().ifPresent(records -> behind.put(name, records)));
    return behind;
  }

  @Override
  public void close() {
    closed = true;
    readings.values().forEach(reading -> reading.topic.close());
  }
}
