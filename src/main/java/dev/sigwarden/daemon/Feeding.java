package dev.sigwarden.daemon;

import dev.sigwarden.alert.AllowlistAlerts;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.feed.AllowlistTopics;
import dev.sigwarden.feed.ObservationFeed;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.replica.Tenure;
import dev.sigwarden.store.Feeds.Backlog;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Store;
import dev.sigwarden.watch.Allowlist;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What of one configuration is written to topics and read from them.
final class Feeding implements AutoCloseable {
  private final Configuration configuration;
  private final Tenure tenure;
  private final Clock clock;
  private final Optional<ObservationFeed> observations;
  private final AllowlistTopics allowlists;

  /// @param submitted called after lines of allowlists may have changed
  Feeding(
      Configuration configuration,
      Store store,
      Conditions conditions,
      ConditionBoard board,
      Tenure tenure,
      Runnable submitted) {
    this.configuration = configuration;
    this.tenure = tenure;
    this.clock = store.clock();
    this.observations =
        configuration
            .feeding()
            .observations()
            .map(settings ->
                new ObservationFeed(
                    settings,
                    configuration.tenant(),
                    configuration.instance(),
                    store.feeds(),
                    Decoders.found(),
                    conditions,
                    board,
                    clock));
    this.allowlists =
        new AllowlistTopics(configuration.tenant(), conditions, board, submitted, clock);
    configuration
        .feeding()
        .allowlists()
        .forEach((name, settings) ->
            configuration
                .allowlists()
                .named(name)
                .ifPresent(list ->
                    allowlists.add(
                        list,
                        settings,
                        configuration.instance(),
                        store.feeds().lines(name),
                        this::announcement)));
  }

  private List<Filing> announcement(Allowlist list, String topic, String words) {
    return list
        .terms()
        .told()
        .map(severity ->
            new AllowlistAlerts(configuration.tenant(), clock)
                .changedByTopic(list.name(), severity, topic, words))
        .map(finding -> new Filing(finding, configuration.routes().plan(finding.alert())))
        .stream()
        .toList();
  }

  /// Begins; each topic is one process's at a time.
  void start(Tasks tasks) {
    observations.ifPresent(feed ->
        tasks.inEach(
            ObservationFeed.TASK,
            ObservationFeed.INTERVAL,
            () -> {
              if (tenure.holds(ObservationFeed.TASK)) {
                return feed.run();
              }
              feed.rest();
              return false;
            }));
    for (String list : allowlists.names()) {
      String task = AllowlistTopics.task(list);
      tasks.inEach(
          task,
          AllowlistTopics.INTERVAL,
          () -> {
            if (tenure.holds(task)) {
              return allowlists.run(list);
            }
            allowlists.rest(list);
            return false;
          });
    }
  }

  /// Waits, right after the start, until the allowlists are level with their topics.
  void awaitAllowlists() {
    allowlists.awaitLevel();
  }

  /// The conditions that can hold of this configuration's topics.
  static List<String> conditions(Configuration configuration) {
    String tenant = configuration.tenant();
    List<String> uids = new ArrayList<>();
    if (configuration.feeding().observations().isPresent()) {
      uids.add(FindingId.condition(tenant, Kind.DELIVERY_FAILING.label(), ObservationFeed.TASK));
      uids.add(FindingId.condition(tenant, Kind.INTERNAL_ERROR.label(), ObservationFeed.TASK));
    }
    for (String list : configuration.feeding().allowlists().keySet()) {
      uids.add(AllowlistTopics.condition(tenant, list));
      uids.add(
          FindingId.condition(tenant, Kind.INTERNAL_ERROR.label(), AllowlistTopics.task(list)));
    }
    return uids;
  }

  /// What the topic of observations does not have yet; empty if there is none.
  Optional<Backlog> backlog() {
    return observations.map(ObservationFeed::backlog);
  }

  /// How many records of the topics of allowlists are not read yet, by the list's name.
  Map<String, Long> behind() {
    return allowlists.behind();
  }

  @Override
  public void close() {
    observations.ifPresent(ObservationFeed::close);
    allowlists.close();
  }
}
