package dev.sigwarden.store;

import dev.sigwarden.alert.Silence;
import java.time.Instant;

/// A silence as it stands.
///
/// @param id its id: `sws_` and 32 characters of `[a-z2-7]`
/// @param silence whom it silences, until when and why; `endsAt` is earlier than it was asked for
///   if somebody ended it
/// @param held how many tellings it kept back so far
/// @param createdAt when it was made
/// @param endedBy who ended it before its time; empty if nobody did
public record HeldSilence(
    String id, Silence silence, long held, Instant createdAt, String endedBy) {}
