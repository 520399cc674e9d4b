package dev.sigwarden.store;

import java.time.Instant;
import java.util.Optional;

/// One telling to one receiver, as the outbox keeps it.
///
/// @param id 64 hex digits
/// @param uid the finding or condition
/// @param revision which telling of it
/// @param receiver the receiver's name
/// @param severity the severity's label
/// @param state the state's name in lowercase: `pending`, `leased`, `sent`, `dead`
/// @param attempts attempts made
/// @param dueAt when it may be tried, or its lease ends
/// @param createdAt when it was routed
/// @param sentAt when it was done; empty if it was not
/// @param lastError what the last attempt met; empty for nothing
public record DeliveryRow(
    String id,
    String uid,
    int revision,
    String receiver,
    String severity,
    String state,
    int attempts,
    Instant dueAt,
    Instant createdAt,
    Optional<Instant> sentAt,
    String lastError) {}
