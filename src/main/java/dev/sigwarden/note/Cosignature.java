package dev.sigwarden.note;

import java.time.Instant;

/// A witness's valid statement on a checkpoint: this was the largest tree that it had seen of the
/// log, and consistent with all before.
///
/// @param witness the witness's name in the policy
/// @param time when; `Instant.EPOCH` if the witness states no time
public record Cosignature(String witness, Instant time) {}
