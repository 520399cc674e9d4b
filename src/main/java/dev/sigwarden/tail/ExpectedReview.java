package dev.sigwarden.tail;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.MissingAlerts;
import dev.sigwarden.alert.Surroundings;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.store.AllowedLine;
import dev.sigwarden.store.DueEntry;
import dev.sigwarden.store.ExpectedEntries;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.ObservationKey;
import dev.sigwarden.trust.CertificateTrust;
import dev.sigwarden.watch.Allowlist;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Watch;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks for entries that allowlists say must be in a log by now, and tells of those that are not.
/// Used by one thread at a time.
///
/// Nobody is accused before the log was read through the time: until then the log's own conditions
/// say what is wrong with it. An entry counts whenever it was judged, also before the line was
/// there, if it was observed by a watch that goes by the list, was signed by an identity of that
/// watch, and is in the proven history; one that only claims to be the identity's does not.
///
/// A watch that is new, or selects others than before, cannot have seen what was read before: if it
/// looks back, that is waited for, a day at most; what nobody looked through is said in the
/// finding.
public final class ExpectedReview {
  /// Entries looked at in one transaction.
  private static final int PAGE = 500;

  /// Observations of one artifact that are looked at in one review, which the next one goes on
  /// from: whoever fills a log with claims on a digest must neither make this slow nor hide behind
  /// them the entry that is looked for.
  private static final int MOST_OBSERVATIONS = 2_000;

  /// Entries of which is remembered how far they were looked for: of more it is begun anew.
  private static final int MOST_REACHED = 10_000;

  /// Between two looks for entries that were missing.
  private static final Duration LOOK = Duration.ofSeconds(5);

  /// The longest that a finding waits for watches to look back, behind the time by which the entry
  /// had to be there and the time when that was said: of a large log it takes days.
  private static final Duration PATIENCE = Duration.ofDays(1);

  /// Who tells that an entry appeared late.
  private static final String ACTOR = "sigwarden";

  private static final CertificateTrust VOUCHED =
      new CertificateTrust.NotChecked("it was, when the entry was observed");

  private final TailTools tools;
  private final ExpectedEntries book;
  private final Allowlists allowlists;
  private final Function<String, Set<String>> logs;
  private final BiPredicate<String, Watch> looksBack;
  private final MissingAlerts alerts;
  private Instant looked = Instant.MIN;

  /// Up to where observations were looked at for entries of which not all were yet.
  private final Map<DueEntry, ObservationKey> reached = new HashMap<>();

  /// A review of what these lists say.
  ///
  /// @param logs the logs that a name stands for, of a log, of a family, or empty for all that are
  ///   judged; none as long as that is not known
  /// @param looksBack whether a watch will have looked through more of a log of that name
  public ExpectedReview(
      TailTools tools,
      Allowlists allowlists,
      Function<String, Set<String>> logs,
      BiPredicate<String, Watch> looksBack) {
    this.tools = tools;
    this.book = tools.store().desk().expected();
    this.allowlists = allowlists;
    this.logs = logs;
    this.looksBack = looksBack;
    this.alerts = new MissingAlerts(tools.tenant(), tools.clock());
  }

  /// Reviews what is due now. An entry that cannot be looked for holds up no other.
  ///
  /// @throws RuntimeException the first error met, after all others were looked at
  public void run() {
    Instant now = tools.clock().instant();
    book.forgetAhead();
    // First how far logs were read, then what they have: what came between is there.
    Map<String, Instant> readings = book.readings();
    LookedThrough covered = new LookedThrough(tools.store());
    Pass pass = new Pass();
    Optional<DueEntry> last = Optional.empty();
    List<DueEntry> page;
    do {
      page = book.due(now, last, PAGE);
      page.forEach(entry -> pass.run(() -> judge(entry, readings, covered)));
      last = page.isEmpty() ? last : Optional.of(page.getLast());
    } while (page.size() == PAGE && !tools.stopping().getAsBoolean());
    if (now.isBefore(looked) || !now.isBefore(looked.plus(LOOK))) {
      looked = now;
      book.appeared(PAGE).forEach(entry -> pass.run(() -> appeared(entry)));
    }
    pass.end();
  }

  private void judge(DueEntry due, Map<String, Instant> readings, LookedThrough covered) {
    Optional<Allowlist> list = allowlists.named(due.list());
    Set<String> searched = logs.apply(due.entry().log());
    if (list.isEmpty() || searched.isEmpty() || !readings.keySet().containsAll(searched)) {
      return;
    }
    Instant through =
        searched.stream().map(readings::get).min(Comparator.naturalOrder()).orElseThrow();
    if (through.isBefore(due.entry().due())) {
      return;
    }
    Search search = search(due, searched);
    if (search.found().isPresent()) {
      book.met(due);
    }
    if (search.found().isPresent() || !search.whole()) {
      return;
    }
    List<Watch> watches = tools.watches().get().using(due.list());
    if (isWaitedFor(due, searched, watches)) {
      return;
    }
    Optional<AllowedLine> line =
        due.source().equals(DueEntry.API)
            ? tools.store().desk().allowedLine(due.list(), due.entry().line())
            : Optional.empty();
    Finding finding =
        alerts.missing(
            new MissingAlerts.Line(
                due.list(),
                due.source(),
                line.map(AllowedLine::changedBy).orElse(""),
                line.map(AllowedLine::note).orElse("")),
            due.entry(),
            new MissingAlerts.Read(
                searched.stream().sorted().map(covered::part).toList(),
                through,
                covered.notCovered(new TreeSet<>(searched), watches)),
            list.get().terms().missing(),
            watches);
    if (book.missing(due, new Filing(finding, tools.routes().plan(finding.alert())))) {
      tools.wake().run();
    }
  }

  private boolean isWaitedFor(DueEntry due, Set<String> searched, List<Watch> watches) {
    Instant patient = tools.clock().instant().minus(PATIENCE);
    return (due.entry().due().isAfter(patient) || due.changed().isAfter(patient))
        && watches.stream()
            .anyMatch(watch -> searched.stream().anyMatch(log -> looksBack.test(log, watch)));
  }

  private void appeared(DueEntry due) {
    search(due, logs.apply(due.entry().log()))
        .found()
        .ifPresent(entry -> {
          book.late(
              due,
              new Act(
                  tools.clock().instant(),
                  ACTOR,
                  Act.Action.COMMENTED,
                  Optional.empty(),
                  "The entry appeared late: log %s, index %d, %sfirst seen %s. Find out why before you close this."
                      .formatted(
                          entry.log(),
                          entry.index(),
                          entry.loggedAt().map("logged %s, "::formatted).orElse(""),
                          entry.firstSeen())));
          tools.wake().run();
        });
  }

  /// What came of a search.
  ///
  /// @param found an observation that is the entry
  /// @param whole whether there is nothing left to look at
  private record Search(Optional<Observation> found, boolean whole) {}

  /// Looks for an observation that is the entry, in one of these logs.
  private Search search(DueEntry due, Set<String> searched) {
    Set<String> watches =
        tools.watches().get().using(due.list()).stream()
            .map(Watch::name)
            .collect(Collectors.toSet());
    Optional<ObservationKey> last = Optional.ofNullable(reached.remove(due));
    for (int seen = 0; seen < MOST_OBSERVATIONS && !watches.isEmpty(); seen += PAGE) {
      List<ObservationKey> page = book.observations(due.entry().line(), last, PAGE);
      for (ObservationKey key : page) {
        if (searched.contains(key.log()) && watches.contains(key.watch())) {
          Optional<Observation> observation = book.observation(key).filter(this::isIdentitys);
          if (observation.isPresent()) {
            return new Search(observation, true);
          }
        }
      }
      if (page.size() < PAGE) {
        return new Search(Optional.empty(), true);
      }
      last = Optional.of(page.getLast());
    }
    if (reached.size() >= MOST_REACHED) {
      reached.clear();
    }
    last.ifPresent(key -> reached.put(due, key));
    return new Search(Optional.empty(), last.isEmpty());
  }

  /// Whether the entry is by a signer whom its watch selects still, and not a mere claim: what the
  /// observation keeps of its signer differs for the two.
  private boolean isIdentitys(Observation observation) {
    if (observation.signer().isEmpty()
        || !tools.decoders().formats().contains(observation.format())
        || !(tools.decoders().forFormat(observation.format()).decode(observation.entry())
            instanceof Decoded.Event(SigningEvent event))) {
      return false;
    }
    return tools.watches().get().select(observation.watch(), event).isPresent()
        && event.signers().stream()
            .anyMatch(signer ->
                observation.signer().get().equals(Surroundings.identity(signer, VOUCHED)));
  }

  /// One run, and the first error in it.
  private static final class Pass {
    private @Nullable RuntimeException failure;

    void run(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException e) {
        // The boundary of one entry: the ones behind it are looked at all the same.
        failure = failure == null ? e : failure;
      }
    }

    void end() {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
