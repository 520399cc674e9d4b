package dev.sigwarden.store;

/// What tells one observation from another.
///
/// @param log the operator's name of the log
/// @param branch the view it was seen in
/// @param index the entry's index
/// @param watch the watch's name
public record ObservationKey(String log, int branch, long index, String watch) {}
