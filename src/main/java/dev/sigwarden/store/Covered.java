package dev.sigwarden.store;

import dev.sigwarden.watch.WatchRevision;
import java.time.Instant;

/// A range of a log that one revision of a watch judged.
///
/// @param log the operator's name
/// @param from the index of its first entry
/// @param to the index behind its last entry, `> from`
/// @param watch the operator's name
/// @param revision the watch as it was then
/// @param current whether the watch still selects whom it selected then
/// @param first when the first of it was judged
/// @param last when the last of it was judged
public record Covered(
    String log,
    long from,
    long to,
    String watch,
    WatchRevision revision,
    boolean current,
    Instant first,
    Instant last) {}
