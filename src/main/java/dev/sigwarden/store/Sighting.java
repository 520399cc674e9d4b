package dev.sigwarden.store;

import java.time.Instant;

/// An entry that a watch selected and that names an artifact.
///
/// @param log the operator's name of the log
/// @param branch which view of the log it was seen in: 0 is the proven history
/// @param index the entry's index
/// @param leaf the leaf hash in hex
/// @param watch which watch selected it
/// @param verdict `expected`, `pending` or `unexpected`
/// @param because why
/// @param firstSeen when Sigwarden judged it first
public record Sighting(
    String log,
    int branch,
    long index,
    String leaf,
    String watch,
    String verdict,
    String because,
    Instant firstSeen) {}
