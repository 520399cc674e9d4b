package dev.sigwarden.tail;

import dev.sigwarden.alert.Selected;
import dev.sigwarden.alert.Surroundings;
import dev.sigwarden.alert.Surroundings.ListState;
import dev.sigwarden.alert.WhereSeen;
import dev.sigwarden.entry.SigningEvent;
import dev.sigwarden.store.Sighting;
import dev.sigwarden.store.Store;
import dev.sigwarden.watch.Allowlist;
import dev.sigwarden.watch.Watches;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What else is known around an entry that is told of: how often its watch and its signer were seen
/// lately, where else the artifact is named, and which state of which allowlists it was judged by.
final class Neighbourhood {
  private static final Duration DAY = Duration.ofDays(1);

  /// Digests of an entry that are looked up: releases name their artifact first.
  private static final int MAX_DIGESTS = 3;

  /// Other entries on the same artifact that are named.
  private static final int MAX_NAMED = 5;

  /// Observations read to find them: several watches may have selected one entry.
  private static final int MAX_READ = 25;

  private final Store store;
  private final Supplier<Watches> watches;

  Neighbourhood(TailTools tools) {
    this.store = tools.store();
    this.watches = tools.watches();
  }

  /// What is around an entry.
  ///
  /// @param covered the log whose coverage counts; empty for one that has none
  /// @param selected the watch that selected it
  /// @param unwritten entries that the store does not have yet: 1 for this one, or 0
  Surroundings of(
      WhereSeen where,
      String covered,
      SigningEvent event,
      Selected selected,
      Instant firstSeen,
      int unwritten) {
    Instant from = firstSeen.minus(DAY);
    long lastDay = unwritten + store.observations(selected.watch(), from);
    return selected
        .signer()
        .map(signer -> store.sightings(Surroundings.identity(signer, selected.trust()), from))
        .map(seen -> {
          Optional<Instant> first = seen.first().filter(one -> one.isBefore(firstSeen));
          return new Surroundings(
              lastDay,
              unwritten + seen.entries(),
              first,
              first.isPresent() ? "" : since(selected.watch(), covered));
        })
        .orElseGet(() -> Surroundings.ofWatch(lastDay))
        .with(sameArtifact(where, event), lists(selected));
  }

  /// What was not selected before may be in entries that the watch has never looked at.
  private String since(String watch, String log) {
    return store
        .coverage()
        .since(watch, log)
        .map(since -> Surroundings.since(log, since.from(), since.at()))
        .orElse("");
  }

  private List<String> sameArtifact(WhereSeen where, SigningEvent event) {
    Set<String> others = new LinkedHashSet<>();
    event.artifacts().stream()
        .map(artifact -> artifact.digest().toString())
        .distinct()
        .limit(MAX_DIGESTS)
        .flatMap(digest -> store.desk().sightings(digest, MAX_READ).stream())
        .filter(other -> !isSame(other, where))
        .forEach(other -> others.add("log %s, index %d".formatted(other.log(), other.index())));
    return others.stream().limit(MAX_NAMED).toList();
  }

  private static boolean isSame(Sighting other, WhereSeen where) {
    return other.log().equals(where.log()) && other.index() == where.index();
  }

  private List<ListState> lists(Selected selected) {
    return watches.get().lists(selected.watch()).stream()
        .map(list -> new ListState(list.name(), version(list), list.terms().api()))
        .toList();
  }

  private String version(Allowlist list) {
    String file = list.contentSha256();
    String api = list.terms().api() ? ", API revision " + store.desk().allowlistRevision() : "";
    return "%d lines%s%s"
        .formatted(list.size(), api, file.isEmpty() ? "" : ", file sha256:" + file);
  }
}
