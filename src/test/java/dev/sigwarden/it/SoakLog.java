package dev.sigwarden.it;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.Histories;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WireFaults;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A log that grows by other people's entries and by those of the watched identity, and knows what
/// must come of it.
final class SoakLog implements AutoCloseable {
  /// What must be found.
  ///
  /// @param branch 0 for the proven history
  /// @param index the entry's index; -1 for a fork
  record Found(Kind kind, String log, int branch, long index) {}

  /// One entry in so many is signed by the watched identity.
  private static final int WATCHED_EVERY = 20;

  /// One watched entry in so many is on the allowlist.
  private static final int ALLOWED_EVERY = 4;

  /// What is on the allowlist; signed again and again.
  private static final String RELEASE = "release";

  /// Entries at the end of the history that a fork replaces.
  private static final int FORKED_ENTRIES = 30;

  private static final Fault NONE = (_, honest) -> honest;

  private static final List<Fault> TROUBLES =
      List.of(
          (_, _) -> Answer.of(503),
          WireFaults.reset(0),
          WireFaults.cut(100).on(Fault::bundles),
          WireFaults.reset(10).on(Fault::tiles));

  private final String name;
  private final SimulatedLog server;
  private final List<Found> found = new ArrayList<>();
  private PracticeLog history;
  private int branch;
  private long allowed;
  private long heads;
  private volatile Fault trouble = NONE;

  SoakLog(String name, Clock clock) {
    this.name = name;
    this.server = new SimulatedLog(clock, 0, name + ".simulated.example");
    this.history = server.log();
    server.inject((path, honest) -> trouble.apply(path, honest));
  }

  /// The line of the allowlist that some of the watched entries are on.
  static String allowlist() {
    return Entries.allowed(RELEASE);
  }

  /// Appends `entries` entries, some of them watched, and publishes.
  void grow(int entries, Random random) {
    for (int i = 0; i < entries; i++) {
      if (random.nextInt(WATCHED_EVERY) > 0) {
        history.append(Entries.other(history.size()));
      } else if (random.nextInt(ALLOWED_EVERY) == 0) {
        history.append(Entries.watched(RELEASE));
        allowed++;
      } else {
        theft();
      }
    }
    history.publish();
    heads++;
  }

  private void theft() {
    long index = history.append(Entries.watched("artifact " + history.size() + " of " + name));
    found.add(new Found(Kind.UNEXPECTED_SIGNATURE, name, branch, index));
  }

  /// From now on another history with the same key is served and grows: others replace the last
  /// entries, and then the watched identity signs. To be called when all was judged.
  void fork() {
    long size = history.size();
    PracticeLog other = history.fork(Math.max(0, size - FORKED_ENTRIES));
    while (other.size() <= size) {
      other.append(Entries.other(size + other.size()));
    }
    history = other;
    branch = 1;
    found.add(new Found(Kind.LOG_FORK, name, branch, -1));
    theft();
    other.publish();
    heads++;
    trouble = NONE;
    server.inject(Histories.serve(other));
  }

  /// Fails in one way or another until `heal`.
  void fail(Random random) {
    trouble = TROUBLES.get(random.nextInt(TROUBLES.size()));
  }

  void heal() {
    trouble = NONE;
  }

  String name() {
    return name;
  }

  String url() {
    return server.url().toString();
  }

  String vkey() {
    return server.vkey();
  }

  /// Which of its histories it serves: 0 until the fork.
  int branch() {
    return branch;
  }

  /// The entries published of the history that it serves.
  long published() {
    return history.published();
  }

  /// How many heads it published.
  long heads() {
    return heads;
  }

  /// What must be found.
  List<Found> found() {
    return found;
  }

  /// Watched entries on the allowlist.
  long allowed() {
    return allowed;
  }

  @Override
  public void close() {
    server.close();
  }
}
