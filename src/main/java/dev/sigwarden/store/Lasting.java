package dev.sigwarden.store;

import java.time.Instant;

/// Since when a log has been in a state that is told once it lasts.
///
/// @param since when it began
/// @param amount what must shrink for the time to begin anew; 0 if nothing need
public record Lasting(Instant since, long amount) {}
