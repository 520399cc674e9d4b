package dev.sigwarden.store;

import java.time.Instant;
import java.util.Optional;

/// How one receiver's deliveries stand.
///
/// @param receiver the receiver's name
/// @param pending deliveries not done
/// @param sent deliveries done
/// @param dead deliveries given up
/// @param held tellings that a silence, an inhibition, the hour or a digest held back, once for
///   each of what did
/// @param oldest when the oldest pending one was routed
public record QueueState(
    String receiver, long pending, long sent, long dead, long held, Optional<Instant> oldest) {}
