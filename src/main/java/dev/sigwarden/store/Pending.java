package dev.sigwarden.store;

import dev.sigwarden.alert.Alert;
import java.time.Instant;

/// One alert that one receiver has not got yet, leased to a worker.
///
/// @param key 64 hex digits: SHA-256 of uid, revision and receiver; stable over attempts
/// @param receiver the receiver's name
/// @param alert what to tell
/// @param openedKey the key of this receiver's first telling of the same finding
/// @param attempts attempts made before this one
/// @param created when it was routed
/// @param owner who holds the lease
public record Pending(
    String key,
    String receiver,
    Alert alert,
    String openedKey,
    int attempts,
    Instant created,
    String owner) {}
