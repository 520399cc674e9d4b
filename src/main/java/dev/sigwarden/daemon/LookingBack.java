package dev.sigwarden.daemon;

import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Covered;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.Tail;
import dev.sigwarden.watch.Watch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/// Has watches look back that say `since`: what of that time no revision that selects the same has
/// judged is scanned, once. So a watch that is new or selects others reads what it has missed, and
/// one that is as it was reads nothing.
final class LookingBack {
  private static final Logger LOG = Logger.getLogger(LookingBack.class);

  /// The task of looking back.
  static final String TASK = "looking back of watches";

  /// Between two looks.
  static final Duration LOOK = Duration.ofSeconds(10);

  /// Who asks, in the audit log.
  static final String ASKER = "since";

  /// Between two scans of the same part by the same watch, if the first did not end well: somebody
  /// cancelled it, or the log does not serve it.
  static final Duration AGAIN = Duration.ofDays(1);

  /// Ranges, heads and scans that are looked at for one watch and log; the oldest are left out.
  private static final int MOST = 5_000;

  private final Configuration configuration;
  private final Store store;
  private final Supplier<Map<String, Tail>> tails;
  private final Scans scans;
  private final Clock clock;

  LookingBack(
      Configuration configuration,
      Store store,
      Supplier<Map<String, Tail>> tails,
      Scans scans,
      Clock clock) {
    this.configuration = configuration;
    this.store = store;
    this.tails = tails;
    this.scans = scans;
    this.clock = clock;
  }

  /// A part of a log that was not looked through, `[from, to)`.
  record Gap(String log, long from, long to) {}

  /// Starts a scan for each part that is missing, for all watches at once that miss it.
  void look() {
    List<Watch> asking =
        configuration.watches().all().stream().filter(watch -> watch.since().isPresent()).toList();
    if (asking.isEmpty()) {
      return;
    }
    Map<Gap, List<String>> missing = new LinkedHashMap<>();
    for (Tail tail : tails.get().values()) {
      if (tail.settings() instanceof LogSettings log && log.mode() == LogSettings.Mode.JUDGE) {
        for (Watch watch : asking) {
          missing(log.name(), watch)
              .ifPresent(
                  gap -> missing.computeIfAbsent(gap, _ -> new ArrayList<>()).add(watch.name()));
        }
      }
    }
    List<Scan> known = store.desk().scans().list(ScanBook.MOST_KEPT);
    missing.forEach((gap, watches) -> {
      List<String> fresh = watches.stream().filter(watch -> !tried(known, gap, watch)).toList();
      if (!fresh.isEmpty()) {
        scan(gap, fresh);
      }
    });
  }

  private void scan(Gap gap, List<String> watches) {
    String which = watches.size() == 1 ? watches.getFirst() : watches.size() + " watches";
    Deed deed =
        new Deed(
            ASKER,
            "",
            "",
            "scan.create",
            "",
            "since of " + which,
            "[%d, %d)".formatted(gap.from(), gap.to()));
    switch (scans.create(gap.log(), gap.from(), OptionalLong.of(gap.to()), watches, deed)) {
      case Scans.Created.Running(Scan scan) ->
          LOG.infof(
              "scan %s of %s, entries [%d, %d): %s looks back",
              scan.id(), gap.log(), gap.from(), gap.to(), which);
      // Too many run: the next look asks again.
      case Scans.Created.Refused refused ->
          LOG.infof("%s cannot look back on %s yet: %s", which, gap.log(), refused.found());
    }
  }

  /// Whether the watch will have looked through more of a log: a part that it wants to look at is
  /// missing, and no scan of it came to nothing lately.
  boolean isUnderWay(String log, Watch watch) {
    Optional<Gap> gap = watch.since().isPresent() ? missing(log, watch) : Optional.empty();
    return gap.isPresent()
        && scans(store.desk().scans().list(ScanBook.MOST_KEPT), gap.get(), watch.name())
            .noneMatch(this::isInVain);
  }

  /// Whether a scan runs that has the watch look at that part, or did not end well lately.
  private boolean tried(List<Scan> known, Gap gap, String watch) {
    return scans(known, gap, watch)
        .anyMatch(scan -> scan.state() == Scan.State.RUNNING || isInVain(scan));
  }

  private static Stream<Scan> scans(List<Scan> known, Gap gap, String watch) {
    return known.stream()
        .filter(scan -> scan.log().equals(gap.log()) && scan.watches().contains(watch))
        .filter(scan -> scan.from() < gap.to() && gap.from() < scan.to());
  }

  private boolean isInVain(Scan scan) {
    return scan.state() != Scan.State.RUNNING
        && scan.state() != Scan.State.DONE
        && scan.created().isAfter(clock.instant().minus(AGAIN));
  }

  /// The first part before the position that the watch, as it is, has not looked at and wants to.
  private Optional<Gap> missing(String log, Watch watch) {
    List<View> views = store.views(log);
    if (views.isEmpty()) {
      return Optional.empty();
    }
    long end = views.getFirst().position().head().size();
    Instant from = watch.since().map(since -> since.from(clock.instant())).orElse(Instant.MAX);
    return first(log, start(log, from), end, store.coverage().of(watch.name(), log, MOST));
  }

  /// The first gap of `[from, to)` between ranges that count.
  static Optional<Gap> first(String log, long from, long to, List<Covered> ranges) {
    return Coverage.gaps(from, to, ranges).stream()
        .findFirst()
        .map(gap -> new Gap(log, gap.from(), gap.to()));
  }

  /// The index from which on everything that was logged at `time` or later is: the size of the
  /// newest head seen before it. Of what was logged before a log was followed no times are known:
  /// then it is all of it.
  private long start(String log, Instant time) {
    return store.history(log, 0, MOST).stream()
        .filter(head -> !head.seen().isAfter(time))
        .mapToLong(head -> head.head().size())
        .max()
        .orElse(0);
  }
}
