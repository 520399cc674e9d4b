package dev.sigwarden.daemon;

import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.ScanCut;
import dev.sigwarden.tail.Tail;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// Begins and ends scans: ranges of followed logs that are judged once, by all processes together.
/// Thread-safe.
public final class Scans {
  /// Logs that a message names.
  private static final int MAX_NAMED = 10;

  private final Store store;
  private final Supplier<Map<String, Tail>> tails;
  private final Configuration configuration;
  private final ScanWork work;

  Scans(
      Configuration configuration, Store store, Supplier<Map<String, Tail>> tails, ScanWork work) {
    this.configuration = configuration;
    this.store = store;
    this.tails = tails;
    this.work = work;
  }

  /// What came of asking for a scan.
  public sealed interface Created {
    /// It runs.
    record Running(Scan scan) implements Created {}

    /// It is not made.
    ///
    /// @param what which part of the question
    /// @param found what it says
    /// @param expected what it should say
    record Refused(String what, String found, String expected) implements Created {}
  }

  /// Begins a scan of `[from, to)` of a log that is followed, proven against the newest head of its
  /// proven history.
  ///
  /// @param to empty for that head's size
  /// @param watches names of those that judge; empty for all
  /// @param asker who wants it and why, for the audit log
  public Created create(String log, long from, OptionalLong to, List<String> watches, Deed asker) {
    Tail tail = tails.get().get(log);
    if (tail == null) {
      return new Created.Refused("log", log, expected(log));
    }
    if (!(tail.settings() instanceof LogSettings)) {
      return new Created.Refused("log", log + ", a ledger", "a log with a tree of entries");
    }
    List<View> views = store.views(log);
    if (views.isEmpty()) {
      return new Created.Refused("log", log + ", without a proven head yet", "one that has one");
    }
    if (!store.identity(log).equals(Optional.of(tail.identity()))) {
      return new Created.Refused("log", log + ", another log in the database", "the same log");
    }
    long size = views.getFirst().head().head().size();
    long end = to.orElse(size);
    if (from < 0 || from >= end || end > size) {
      return new Created.Refused(
          "range",
          "[%d, %d)".formatted(from, end),
          "0 <= from < to <= %d, the size of the newest proven head".formatted(size));
    }
    Optional<String> unknown =
        watches.stream()
            .filter(watch -> configuration.watches().named(watch).isEmpty())
            .findFirst();
    if (unknown.isPresent()) {
      return new Created.Refused("watches", unknown.get(), "names of watches");
    }
    ScanBook.Draft draft =
        new ScanBook.Draft(
            log,
            tail.identity(),
            ScanCut.cut(from, end),
            views.getFirst().head(),
            watches.stream().distinct().toList());
    return store
        .desk()
        .scans()
        .create(draft, asker)
        .<Created>map(Created.Running::new)
        .orElseGet(
            () -> new Created.Refused("scans", "too many run", "at most " + ScanBook.MOST_RUNNING));
  }

  /// The logs of a family have its name before their own.
  private String expected(String log) {
    List<String> members =
        tails.get().keySet().stream()
            .filter(name -> name.startsWith(log + "/"))
            .sorted()
            .limit(MAX_NAMED)
            .toList();
    return members.isEmpty()
        ? "a log that is followed, by its name"
        : "one log of the family: " + String.join(", ", members);
  }

  /// What a scan waits for that this configuration does not have; empty if it has all, or if the
  /// scan does not run.
  public Optional<String> lacks(Scan scan) {
    return scan.state() == Scan.State.RUNNING ? work.needs().lacks(scan) : Optional.empty();
  }

  /// Cancels a scan that runs: once this returns nothing more is judged for it. False if it does
  /// not run.
  public boolean cancel(String id, Deed deed) {
    boolean cancelled = store.desk().scans().cancel(id, deed);
    if (cancelled) {
      work.stop(id);
    }
    return cancelled;
  }

  /// Lets a scan go on that failed or was cancelled. False if it did neither, or too many run.
  public boolean resume(String id, Deed deed) {
    return store.desk().scans().resume(id, deed);
  }
}
