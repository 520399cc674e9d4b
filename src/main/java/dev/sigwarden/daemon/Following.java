package dev.sigwarden.daemon;

import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.schedule.Schedule;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.FamilyTurn;
import dev.sigwarden.tail.FollowedSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.tail.LogStatus;
import dev.sigwarden.tail.Tail;
import dev.sigwarden.tail.TailTools;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The logs and families that are followed, each in turns of its own: those of the configuration,
/// and those that families list. Whatever a family says of a member counts from that member's next
/// turn on, so that no turn has its log taken away. Thread-safe.
final class Following implements AutoCloseable {
  /// Runs tasks again and again.
  interface Tasks {
    /// Runs `work` in one of the processes now and then `interval` apart; once more at once as long
    /// as it returns true.
    void inOne(String task, Duration interval, BooleanSupplier work);

    /// The same in each of the processes; what goes wrong is told by one of them.
    void inEach(String task, Duration interval, BooleanSupplier work);
  }

  private final Configuration configuration;
  private final TailTools tools;
  private final ConditionBoard board;
  private final Schedule schedule;
  private final Tasks tasks;
  private final Tenure tenure;
  private final Runnable before;

  /// What is to be followed, by name.
  private final ConcurrentMap<String, BlockSettings> wanted = new ConcurrentHashMap<>();

  // What is followed, by name. Changed by whoever holds this monitor.
  private final ConcurrentNavigableMap<String, Tail> tails = new ConcurrentSkipListMap<>();
  private final ConcurrentNavigableMap<String, FamilyTurn> families = new ConcurrentSkipListMap<>();

  /// The term of this process in which each log was opened.
  private final Map<String, Long> terms = new ConcurrentHashMap<>();

  /// Follows nothing yet.
  ///
  /// @param tasks what runs turns in the schedule
  /// @param tenure which of them are this process's
  /// @param before what every turn of a log begins with
  Following(
      Configuration configuration,
      TailTools tools,
      ConditionBoard board,
      Schedule schedule,
      Tasks tasks,
      Tenure tenure,
      Runnable before) {
    this.configuration = configuration;
    this.tools = tools;
    this.board = board;
    this.schedule = schedule;
    this.tasks = tasks;
    this.tenure = tenure;
    this.before = before;
  }

  /// Follows the logs and families of the configuration.
  synchronized void start() {
    configuration.logs().values().forEach(this::follow);
    configuration.ledgers().values().forEach(this::follow);
    configuration.families().values().forEach(this::follow);
  }

  /// The task that runs the turns of the log of that name.
  static String turnOf(String log) {
    return "turn of " + log;
  }

  /// The task that looks at the list of the family of that name.
  static String lookAt(String family) {
    return "look at " + family;
  }

  private void follow(BlockSettings block) {
    String name = block.name();
    boolean known = tails.containsKey(name) || families.containsKey(name);
    boolean sameKind =
        block instanceof FollowedSettings ? tails.containsKey(name) : families.containsKey(name);
    if (known && !sameKind) {
      // A log that became a family, or a family a log: what there is ends first.
      wanted.remove(name);
      return;
    }
    wanted.put(name, block);
    if (known || schedule.closing()) {
      return;
    }
    Duration poll = block.timing().poll();
    switch (block) {
      case FollowedSettings log -> {
        tails.put(name, open(log));
        tasks.inOne(turnOf(name), poll, () -> turn(name));
      }
      case FamilySettings family -> {
        families.put(name, new FamilyTurn(family, tools));
        tasks.inEach(lookAt(name), poll, () -> look(name));
      }
    }
  }

  /// Follows these members of a family and no others of it, unless the family itself is not to be
  /// followed any more.
  private synchronized void follow(FamilySettings family, Collection<BlockSettings> members) {
    if (!(wanted.get(family.name()) instanceof FamilySettings)) {
      return;
    }
    String prefix = family.nameOf("");
    Map<String, BlockSettings> now = new HashMap<>();
    members.forEach(member -> now.put(member.name(), member));
    wanted
        .keySet()
        .removeIf(name -> name.startsWith(prefix) && !now.containsKey(childOf(prefix, name)));
    members.forEach(this::follow);
  }

  /// The member of the family whose members' names begin with `prefix` that `name` is, or is below.
  private static String childOf(String prefix, String name) {
    int end = name.indexOf(BlockSettings.SEPARATOR, prefix.length());
    return end < 0 ? name : name.substring(0, end);
  }

  /// One turn of a log; the first entries wait for the first answer about whose certificates are
  /// good, whatever it is.
  private boolean turn(String name) {
    Tail tail = tail(name);
    if (tail == null || !tools.ready(tail.trust())) {
      return false;
    }
    before.run();
    return tail.run();
  }

  /// The log of that name as it is to be followed now; null if it is not any more.
  private synchronized @Nullable Tail tail(String name) {
    Tail tail = tails.get(name);
    if (tail == null || !(wanted.get(name) instanceof FollowedSettings log)) {
      cancel(turnOf(name));
      if (tail != null) {
        tails.remove(name);
        terms.remove(name);
        tail.close();
        Leftovers.end(configuration, name, board);
      }
      return null;
    }
    // Whatever this process remembers of a log that was another's meanwhile is out of date.
    boolean another = !terms.getOrDefault(name, 0L).equals(tenure.term(turnOf(name)));
    if (another || !tail.settings().sameAs(log)) {
      tail.close();
      tail = open(log);
      tails.put(name, tail);
    }
    return tail;
  }

  private Tail open(FollowedSettings log) {
    String task = turnOf(log.name());
    long term = tenure.term(task);
    terms.put(log.name(), term);
    return Tail.open(log, tools.stoppingAlso(() -> tenure.term(task) != term));
  }

  private void cancel(String task) {
    schedule.cancel(task);
    tenure.drop(task);
  }

  /// One look at a family's list; the first waits for the first answer of its trusted root, which
  /// may keep it.
  private boolean look(String name) {
    FamilyTurn family = family(name);
    if (family != null && tools.trusts().ready(family.settings().trust())) {
      family.run(tenure.holds(lookAt(name)), members -> follow(family.settings(), members));
    }
    return false;
  }

  private synchronized @Nullable FamilyTurn family(String name) {
    FamilyTurn family = families.get(name);
    if (family == null || !(wanted.get(name) instanceof FamilySettings settings)) {
      cancel(lookAt(name));
      if (family != null) {
        families.remove(name);
        family.close();
        Leftovers.end(configuration, name, board);
      }
      return null;
    }
    if (!family.settings().sameAs(settings)) {
      family.close();
      family = new FamilyTurn(settings, tools);
      families.put(name, family);
    }
    return family;
  }

  /// The logs that are followed, by name.
  Map<String, Tail> tails() {
    return tails;
  }

  /// How the logs stand that this process follows.
  List<LogStatus> logs() {
    return tails.values().stream()
        .filter(tail -> tenure.holds(turnOf(tail.settings().name())))
        .map(Tail::status)
        .toList();
  }

  /// The newest proven checkpoint of the log with that origin; empty for an origin that is not
  /// followed or has none yet, and for ledgers, whose receipts sign no checkpoint.
  Optional<String> checkpoint(String origin) {
    return tails.values().stream()
        .map(Tail::settings)
        .filter(LogSettings.class::isInstance)
        .filter(log -> log.origin().equals(origin))
        .flatMap(log -> tools.store().views(log.name()).stream())
        .filter(view -> view.branch() == 0)
        .map(view -> view.head().note())
        .findFirst();
  }

  /// The origin of each log that is followed, by the operator's name.
  Map<String, String> origins() {
    return tails.values().stream()
        .map(Tail::settings)
        .collect(
            Collectors.toMap(FollowedSettings::name, FollowedSettings::origin, (one, _) -> one));
  }

  /// The families whose logs were not learnt since the start, by name.
  List<String> unlisted() {
    return families.values().stream()
        .filter(family -> !family.listed())
        .map(family -> family.settings().name())
        .toList();
  }

  /// Ends every wait for a log.
  @Override
  public void close() {
    families.values().forEach(FamilyTurn::close);
    tails.values().forEach(Tail::close);
  }
}
