package dev.sigwarden.health;

import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.store.Feeds.Backlog;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// How far topics are behind the database, and allowlists behind topics. Without a topic nothing is
/// behind.
final class FeedMetrics {
  private final Daemon daemon;
  private final MultiGauge pending;
  private final MultiGauge lag;
  private final MultiGauge behind;

  FeedMetrics(Daemon daemon, MeterRegistry registry) {
    this.daemon = daemon;
    this.pending =
        MultiGauge.builder("sigwarden_feed_pending_observations")
            .description("Observations that the topic does not have yet, up to 100,000 of each log")
            .register(registry);
    this.lag =
        MultiGauge.builder("sigwarden_feed_lag_seconds")
            .description("Age of the oldest observation that the topic does not have yet")
            .register(registry);
    this.behind =
        MultiGauge.builder("sigwarden_allowlist_topic_behind_records")
            .description("Records of an allowlist's topic that its reader has not read yet")
            .register(registry);
  }

  void refresh(Instant now) {
    Optional<Backlog> backlog = daemon.feedBacklog();
    pending.register(row(backlog.map(it -> (double) it.observations())), true);
    lag.register(
        row(backlog.flatMap(Backlog::oldest).map(at -> Duration.between(at, now).toMillis() / 1e3)),
        true);
    behind.register(
        daemon.topicsBehind().entrySet().stream()
            .<Row<?>>map(one -> Row.of(Tags.of("allowlist", one.getKey()), one.getValue()))
            .toList(),
        true);
  }

  private static List<Row<?>> row(Optional<Double> value) {
    return List.of(Row.of(Tags.empty(), value.orElse(0.0)));
  }
}
