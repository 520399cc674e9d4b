package dev.sigwarden.store;

import java.time.Duration;

/// A database that takes no writes.
///
/// @param why what the last attempt met
/// @param since how long ago the first of the attempts began that failed
/// @param last how long ago the last of them ended
public record WriteFailure(String why, Duration since, Duration last) {}
