package dev.sigwarden.tail;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.LogAlerts;
import dev.sigwarden.alert.LogAlerts.Missing;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogFamily;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.note.VerifierKey;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Member;
import dev.sigwarden.tail.Patience.State;
import dev.sigwarden.text.Sanitizer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/// One family, one look at a time: ask which logs it has, write down those that are new, tell of
/// those that are gone or have other keys, and say which are to be followed. A log may be a family
/// itself, of which another turn looks.
///
/// The logs of the first look begin where the configuration says. One that comes later is announced
/// and read from its first entry, unless its family was told otherwise: nothing that it ever held
/// is missed. Used by one thread at a time, but for `listed`.
public final class FamilyTurn implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(FamilyTurn.class);

  /// The most members that are followed at once: several times what any list has, and few enough
  /// that a list which names others at each look fills no memory.
  static final int MAX_MEMBERS = 100;

  /// The most that a list ever names, of which each is told: decades of an honest one.
  static final int MAX_EVER = 1_000;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private final FamilySettings settings;
  private final TailTools tools;
  private final LogFamily family;
  private final LogAlerts alerts;

  private final Patience patience;
  private volatile boolean listed;

  /// The list that is in the store, as far as it is known; empty before.
  private byte[] kept = new byte[0];

  /// Opens the family; fetches nothing yet.
  public FamilyTurn(FamilySettings settings, TailTools tools) {
    this.settings = settings;
    this.tools = tools;
    this.family = settings.source().open(tools.log(), settings.keys());
    this.alerts = new LogAlerts(tools.tenant(), tools.clock());
    this.patience = new Patience(settings.name(), tools.store(), tools.clock());
  }

  /// The family's settings.
  public FamilySettings settings() {
    return settings;
  }

  /// Whether its logs were learnt since the start.
  public boolean listed() {
    return listed;
  }

  /// Looks once.
  ///
  /// @param speaks whether what is learnt is written down and told here, and not by another process
  ///   that looks as well
  /// @param followed told of the logs to be followed from now on, all of them, unless nothing was
  ///   learnt
  public void run(boolean speaks, Followers followed) {
    LogFamily.Listing listing;
    try {
      listing = checked(family.list());
      keep();
    } catch (LogUnavailableException e) {
      missed(speaks, e.getMessage());
      recall(followed);
      return;
    } catch (BadAnswerException e) {
      missed(speaks, e.getMessage());
      recall(followed);
      return;
    }
    if (speaks) {
      write(listing);
    }
    listed = true;
    followed.follow(members(listing.members()));
  }

  private void missed(boolean speaks, String why) {
    if (speaks) {
      failed(why);
    } else {
      LOG.debugf("logs of %s: %s", settings.name(), Sanitizer.clean(why));
    }
  }

  private void write(LogFamily.Listing listing) {
    List<Member> known = tools.store().families().members(settings.name());
    List<LogFamily.Member> newcomers = newcomers(listing.members(), known);
    int followed = members(listing.members()).size();
    int room =
        Math.clamp(Math.min(MAX_MEMBERS - followed, MAX_EVER - known.size()), 0, newcomers.size());
    trouble(listing, newcomers.size() - room).ifPresentOrElse(this::failed, this::reached);
    enrol(newcomers.subList(0, room), !known.isEmpty());
    compare(listing.members(), known);
    if (family.keeper() == LogFamily.Keeper.PEOPLE) {
      compareKeys(listing.members(), known);
    }
  }

  /// Keeps the list for a start at which it cannot be had, if it is another than the one kept.
  private void keep() {
    Optional<byte[]> list = family.memory().flatMap(LogFamily.Memory::toKeep);
    if (list.isPresent() && !Arrays.equals(list.get(), kept)) {
      tools.store().families().keepList(settings.name(), family.address(), list.get());
      kept = list.get();
    }
  }

  /// Follows the logs that were listed before the start, while nothing is learnt since: what could
  /// be told of those that came or went waits for the list.
  private void recall(Followers followed) {
    Optional<LogFamily.Memory> memory = family.memory();
    if (listed || memory.isEmpty()) {
      return;
    }
    Optional<byte[]> before = tools.store().families().list(settings.name(), family.address());
    if (before.isEmpty()) {
      return;
    }
    try {
      LogFamily.Listing listing = checked(memory.get().recall(before.get()));
      kept = before.get();
      listed = true;
      followed.follow(members(listing.members()));
      LOG.infof("logs of %s: followed as they were listed before the start", settings.name());
    } catch (BadAnswerException e) {
      LOG.warnf(
          "logs of %s: the list kept before cannot be read: %s",
          settings.name(), Sanitizer.clean(e.getMessage()));
    }
  }

  /// Whoever follows logs.
  @FunctionalInterface
  public interface Followers {
    /// These logs of the family are to be followed, and no others of it.
    void follow(Collection<BlockSettings> logs);
  }

  private LogFamily.Listing checked(LogFamily.Listing listing) throws BadAnswerException {
    Set<String> names = new HashSet<>();
    Set<String> origins = new HashSet<>();
    for (LogFamily.Member member : listing.members()) {
      if (!NAME.matcher(member.name()).matches()
          || !names.add(member.name())
          || !origins.add(member.origin())) {
        throw new BadAnswerException(
            family.address(),
            "log %s (expected: a plain name, and each name and origin once)"
                .formatted(Sanitizer.clean(member.name(), 80)));
      }
    }
    return listing;
  }

  private static List<LogFamily.Member> newcomers(
      List<LogFamily.Member> listed, List<Member> known) {
    Set<String> names = known.stream().map(Member::name).collect(Collectors.toSet());
    return listed.stream().filter(member -> !names.contains(member.name())).toList();
  }

  /// @param left newcomers for which there is no room
  private static Optional<String> trouble(LogFamily.Listing listing, int left) {
    if (left == 0) {
      return listing.trouble();
    }
    String crowded =
        "%d new logs are not followed: there are too many (expected: at most %d at once, and %d ever)"
            .formatted(left, MAX_MEMBERS, MAX_EVER);
    return Optional.of(listing.trouble().map(trouble -> crowded + "; " + trouble).orElse(crowded));
  }

  private void reached() {
    patience.end(State.FAILING);
    tools
        .board()
        .resolve(
            FindingId.condition(tools.tenant(), Kind.LOG_UNREACHABLE.label(), settings.name()), "");
  }

  private void failed(String why) {
    if (patience.lasting(State.FAILING).isEmpty()) {
      LOG.warnf("logs of %s: %s; they are asked for again", settings.name(), Sanitizer.clean(why));
    }
    Instant since = patience.since(State.FAILING);
    if (patience.over(since, settings.timing().unreachableAfter())) {
      WhereSeen where = where(settings.name(), settings.keys().origin());
      tools.board().raise(tools.conditions().unreachable(where, why, since), "");
    }
  }

  /// Writes down the members that were not there before.
  ///
  /// @param later whether there were others before
  private void enrol(List<LogFamily.Member> newcomers, boolean later) {
    Instant now = tools.clock().instant();
    List<Member> added = new ArrayList<>();
    List<Filing> announced = new ArrayList<>();
    for (LogFamily.Member member : newcomers) {
      OptionalLong start = later ? newcomersStart() : configuredStart();
      added.add(new Member(member.name(), member.origin(), start, vkeys(member), now));
      if (later) {
        WhereSeen where = where(settings.nameOf(member.name()), member.origin());
        announced.add(file(alerts.appeared(where, settings.name(), now), List.of()));
        LOG.infof("%s has a new log: %s", settings.name(), where.log());
      }
    }
    if (!added.isEmpty()) {
      tools.store().families().enrol(settings.name(), added, announced);
      tools.wake().run();
    }
  }

  private OptionalLong newcomersStart() {
    return switch (family.newcomers()) {
      case FIRST -> OptionalLong.of(0);
      case HEAD -> OptionalLong.empty();
    };
  }

  /// Sorted, so that another order is no change.
  private static List<String> vkeys(LogFamily.Member member) {
    return member.keys().stream().map(VerifierKey::toString).sorted().toList();
  }

  /// Tells of members for which other keys sign than before.
  private void compareKeys(List<LogFamily.Member> listed, List<Member> known) {
    Map<String, Member> before = new HashMap<>();
    known.forEach(member -> before.put(member.name(), member));
    for (LogFamily.Member member : listed) {
      List<String> keys = vkeys(member);
      Member old = before.get(member.name());
      if (old != null && !old.keys().equals(keys)) {
        WhereSeen where = where(settings.nameOf(member.name()), member.origin());
        Instant now = tools.clock().instant();
        Filing told =
            file(alerts.keysChanged(where, settings.name(), old.keys(), keys, now), List.of());
        LOG.warnf("%s: %s", where.log(), told.finding().alert().why());
        Member changed = new Member(old.name(), old.origin(), old.start(), keys, old.seen());
        tools.store().families().enrol(settings.name(), List.of(changed), List.of(told));
        tools.wake().run();
      }
    }
  }

  private OptionalLong configuredStart() {
    return switch (settings.start()) {
      case Start.Head _ -> OptionalLong.empty();
      case Start.Index(long index) -> OptionalLong.of(index);
    };
  }

  /// Tells of members known before that are not in their place any more.
  private void compare(List<LogFamily.Member> listed, List<Member> known) {
    List<String> names = listed.stream().map(LogFamily.Member::name).toList();
    int place = 0;
    for (Member member : known) {
      WhereSeen where = where(settings.nameOf(member.name()), member.origin());
      switch (family.keeper()) {
        case LOG -> {
          int now = names.indexOf(member.name());
          if (now != place) {
            moved(where, place, now, names);
          }
          // One that vanished moved none of those behind it.
          place += now < 0 ? 0 : 1;
        }
        case PEOPLE ->
            listed(
                where, names.contains(member.name()) || family.unlisted(member.name()).isPresent());
      }
    }
  }

  /// @param now the place in the list; -1 if it is not there
  /// @param names the list
  private void moved(WhereSeen where, int place, int now, List<String> names) {
    String why =
        now < 0
            ? "it is not listed any more (expected: in place %d)".formatted(place)
            : "it is listed in place %d (expected: %d)".formatted(now, place);
    Instant time = tools.clock().instant();
    Alert alert =
        alerts.shardsChanged(where, now < 0 ? Missing.VANISHED : Missing.MOVED, why, time);
    List<Evidence> evidence =
        new ArrayList<>(
            List.of(text("why.txt", why), text("listed.txt", String.join("\n", names))));
    tools.store().views(where.log()).stream()
        .findFirst()
        .ifPresent(view -> evidence.add(text("checkpoint-known.note", view.head().note())));
    Filing filing = file(alert, evidence);
    if (tools.store().finding(filing.finding().alert().uid()).isEmpty()) {
      LOG.warnf("log %s: %s", where.log(), why);
    }
    tools.store().file(List.of(filing));
    tools.wake().run();
  }

  private void listed(WhereSeen where, boolean still) {
    if (still) {
      String uid = FindingId.condition(tools.tenant(), Kind.LOG_DELISTED.label(), where.log());
      tools.board().resolve(uid, "");
    } else {
      Instant now = tools.clock().instant();
      long unread =
          tools.store().views(where.log()).stream()
              .findFirst()
              .map(view -> view.head().head().size() - view.position().head().size())
              .orElse(0L);
      Alert alert = tools.conditions().delisted(where, settings.name(), unread, now);
      tools.board().raise(alert, "");
    }
  }

  private static Evidence text(String name, String content) {
    return new Evidence(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private Filing file(Alert alert, List<Evidence> evidence) {
    return new Filing(new Finding(alert, 0, -1, evidence), tools.routes().plan(alert));
  }

  private WhereSeen where(String log, String origin) {
    return WhereSeen.log(log, settings.protocol(), origin, "", 0, family.address());
  }

  /// The logs to be followed: all that are listed, and those that hide from a list of their own.
  private List<BlockSettings> members(List<LogFamily.Member> listed) {
    Map<String, LogFamily.Member> now = new HashMap<>();
    listed.forEach(member -> now.put(member.name(), member));
    List<BlockSettings> members = new ArrayList<>();
    for (Member enrolled : tools.store().families().members(settings.name())) {
      Start first =
          enrolled.start().isPresent()
              ? new Start.Index(enrolled.start().getAsLong())
              : new Start.Head();
      Optional.ofNullable(now.get(enrolled.name()))
          .or(() -> family.unlisted(enrolled.name()))
          .ifPresent(member -> members.add(settings.member(member, first)));
    }
    return members;
  }

  @Override
  public void close() {
    family.close();
  }
}
