package dev.sigwarden.daemon;

import dev.sigwarden.replica.Tenure;
import dev.sigwarden.store.ExpectedEntries;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.ExpectedReview;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.LogStatus;
import dev.sigwarden.tail.Tail;
import dev.sigwarden.tail.TailTools;
import dev.sigwarden.watch.Allowlist;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Sees to it that what allowlists say must appear is looked for: writes down what their files say,
/// and how far the logs of this process were read; one of the processes looks. Used by one thread
/// at a time.
final class ExpectedWatch {
  /// The task that does so.
  static final String TASK = "search for expected entries";

  private final Configuration configuration;
  private final Following following;
  private final Tenure tenure;
  private final TailTools tools;
  private final ExpectedEntries book;
  private final ExpectedReview review;

  /// The content of each list's file, by its SHA-256, that was written down last.
  private final Map<String, String> written = new HashMap<>();

  ExpectedWatch(
      Configuration configuration,
      TailTools tools,
      Following following,
      LookingBack back,
      Tenure tenure) {
    this.configuration = configuration;
    this.tools = tools;
    this.following = following;
    this.tenure = tenure;
    this.book = tools.store().desk().expected();
    this.review =
        new ExpectedReview(tools, configuration.allowlists(), this::logs, back::isUnderWay);
  }

  /// Does what is to be done now.
  void run() {
    Optional<Instant> due = book.newestDue(tools.clock().instant());
    due.ifPresent(this::read);
    if (!tenure.holds(TASK)) {
      // Whoever has the task meanwhile writes down what files say.
      written.clear();
      return;
    }
    configuration.allowlists().names().stream()
        .flatMap(name -> configuration.allowlists().named(name).stream())
        .forEach(this::level);
    review.run();
  }

  private void level(Allowlist list) {
    String content = list.contentSha256();
    if (!content.equals(written.get(list.name()))) {
      book.level(list.name(), list.expected());
      written.put(list.name(), content);
    }
  }

  /// Writes how far the logs of this process were read, where it was not written that they were
  /// read that far.
  private void read(Instant due) {
    Map<String, Instant> known = book.readings();
    for (LogStatus log : following.logs()) {
      if (known.getOrDefault(log.log(), Instant.MIN).isBefore(due)) {
        log.readThrough()
            .filter(through -> !through.isAfter(tools.clock().instant()))
            .ifPresent(through -> book.read(log.log(), through));
      }
    }
  }

  /// The logs that a name stands for; none as long as a family's list is not known.
  private Set<String> logs(String name) {
    boolean unlisted =
        following.unlisted().stream().anyMatch(family -> name.isEmpty() || family.equals(name));
    return unlisted
        ? Set.of()
        : following.tails().values().stream()
            .filter(ExpectedWatch::isJudged)
            .map(tail -> tail.settings().name())
            .filter(log ->
                name.isEmpty()
                    || log.equals(name)
                    || log.startsWith(name + BlockSettings.SEPARATOR))
            .collect(Collectors.toSet());
  }

  private static boolean isJudged(Tail tail) {
    return !(tail.settings() instanceof LogSettings log) || log.mode() == LogSettings.Mode.JUDGE;
  }
}
