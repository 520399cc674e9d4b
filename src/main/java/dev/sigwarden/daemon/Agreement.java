package dev.sigwarden.daemon;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.ConfigConditions;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.replica.Membership;
import dev.sigwarden.store.Replicas.Replica;
import dev.sigwarden.store.Replicas.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Replicas take over a changed configuration together: each reads it and says so, and it comes
/// into force when every live replica has read the same, or after `PATIENCE` where some do not.
/// Replicas that differ for so long are a condition. A process that is alone agrees at once.
/// Thread-safe.
final class Agreement {
  /// How long replicas wait for each other: a cluster shows a changed ConfigMap to its nodes within
  /// about two minutes.
  static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Supplier<List<Replica>> replicas;
  private final Clock clock;
  private Optional<Membership> membership = Optional.empty();
  private @Nullable Instant offeredAt;
  private String offered = "";
  private @Nullable Instant differingSince;

  /// @param replicas all processes known; none for a process that is alone
  Agreement(Supplier<List<Replica>> replicas, Clock clock) {
    this.replicas = replicas;
    this.clock = clock;
  }

  /// Among these replicas; alone if there are none.
  static Agreement of(Optional<Membership> membership, Clock clock) {
    Agreement agreement =
        new Agreement(() -> membership.map(Membership::replicas).orElse(List.of()), clock);
    agreement.membership = membership;
    return agreement;
  }

  /// Says which configuration is in force here.
  synchronized void uses(String revision) {
    offeredAt = null;
    membership.ifPresent(member -> member.configured(revision, revision));
  }

  /// Says that another configuration was read and could come into force.
  ///
  /// @param used the one in force
  synchronized void offers(String used, String revision) {
    // Read anew, since a comment was changed: whoever waits for it has waited already.
    if (offeredAt == null || !offered.equals(revision)) {
      offeredAt = clock.instant();
    }
    offered = revision;
    membership.ifPresent(member -> member.configured(used, revision));
  }

  /// Whether what was offered is to come into force here now.
  synchronized boolean reached() {
    Instant since = offeredAt;
    return since != null
        && (live().stream().allMatch(one -> one.configRead().equals(offered))
            || !clock.instant().isBefore(since.plus(PATIENCE)));
  }

  /// The configuration that each live replica goes by, by its id, if they have differed for longer
  /// than a change takes; empty if they have not. To be asked now and then.
  synchronized Map<String, String> differing() {
    Map<String, String> used = new TreeMap<>();
    live().forEach(one -> used.put(one.id(), one.configUsed()));
    boolean same =
        live().stream().map(Replica::configUsed).distinct().count() <= 1
            && live().stream().map(Replica::configRead).distinct().count() <= 1;
    if (same) {
      differingSince = null;
      return Map.of();
    }
    if (differingSince == null) {
      differingSince = clock.instant();
    }
    return clock.instant().isBefore(differingSince.plus(PATIENCE)) ? Map.of() : used;
  }

  /// Opens the condition that they differ, or ends it; for one of the replicas.
  void tell(String tenant, Conditions conditions, ConditionBoard board) {
    Map<String, String> differing = differing();
    if (!differing.isEmpty()) {
      board.raise(new ConfigConditions(conditions).differs(differing, since()), "");
    } else if (same()) {
      board.resolve(
          FindingId.condition(tenant, Kind.CONFIG_DIFFERS.label(), ConfigConditions.SUBJECT), "");
    }
  }

  private synchronized boolean same() {
    return differingSince == null;
  }

  private synchronized Instant since() {
    return differingSince == null ? clock.instant() : differingSince;
  }

  private List<Replica> live() {
    return replicas.get().stream().filter(one -> one.state() == State.LIVE).toList();
  }
}
