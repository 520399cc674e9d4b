package dev.sigwarden.tail;

import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Store;
import dev.sigwarden.trust.Trusts;
import dev.sigwarden.watch.Watches;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// What the tails of all logs share.
///
/// @param tenant whose findings they are: part of every finding's id
/// @param config the configuration file, if it is not where commands look for it by themselves
/// @param store the database
/// @param watches the watches in force
/// @param watchSet their number in `Coverage`
/// @param trusts what certificates are checked against
/// @param decoders every entry kind
/// @param routes who is told
/// @param conditions words of conditions
/// @param board the conditions that hold
/// @param log what log clients need
/// @param wake called after something was told
/// @param stopping whether the daemon is stopping, so that a turn ends after its chunk
/// @param clock the time
public record TailTools(
    String tenant,
    Optional<Path> config,
    Store store,
    Supplier<Watches> watches,
    long watchSet,
    Trusts trusts,
    Decoders decoders,
    Routes routes,
    Conditions conditions,
    ConditionBoard board,
    LogTools log,
    Runnable wake,
    BooleanSupplier stopping,
    Clock clock) {
  /// Whether entries can be judged: whatever certificates in them, and the signatures of
  /// allowlists, are checked by is there, or was asked for in vain.
  ///
  /// @param trust the name of the log's trusted root; empty if it has none
  public boolean ready(String trust) {
    return trusts.ready(trust)
        && watches.get().allowlists().trusts().stream().allMatch(trusts::ready);
  }

  /// The same for what reads logs in another way.
  public TailTools reading(LogTools other) {
    return new TailTools(
        tenant,
        config,
        store,
        watches,
        watchSet,
        trusts,
        decoders,
        routes,
        conditions,
        board,
        other,
        wake,
        stopping,
        clock);
  }

  /// The same for what is to stop for another reason as well.
  public TailTools stoppingAlso(BooleanSupplier also) {
    return new TailTools(
        tenant,
        config,
        store,
        watches,
        watchSet,
        trusts,
        decoders,
        routes,
        conditions,
        board,
        log,
        wake,
        () -> stopping.getAsBoolean() || also.getAsBoolean(),
        clock);
  }

  /// The same for another log than those of the configuration, of which no coverage is kept.
  ///
  /// @param others the watches that judge it
  /// @param its what its client needs
  public TailTools practising(Watches others, LogTools its) {
    return new TailTools(
        tenant,
        config,
        store,
        () -> others,
        Coverage.UNKNOWN,
        trusts,
        decoders,
        routes,
        conditions,
        board,
        its,
        wake,
        stopping,
        clock);
  }
}
