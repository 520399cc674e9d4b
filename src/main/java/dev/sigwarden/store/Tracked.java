package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.FindingState;
import java.time.Instant;
import java.util.Optional;

/// A finding as it stands, without its evidence (`Store.finding` has that).
///
/// @param alert its first telling
/// @param branch the view of the log it was seen in
/// @param index the entry's index; -1 if no single entry is concerned
/// @param state where it is in its life
/// @param verdict how it was closed; empty unless it is
/// @param changedAt when a person moved it last; when it was opened if nobody did
public record Tracked(
    Alert alert,
    int branch,
    long index,
    FindingState state,
    Optional<ClosingVerdict> verdict,
    Instant changedAt) {}
