package dev.sigwarden.log;

import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;

/// A log of signatures as a trusted root names it. One log may be named several times, with each of
/// its keys.
///
/// @param url its base URL, from which the origin of its checkpoints follows unless the operator
///   knows better; text of the root
/// @param key a key of it; empty if it is of no kind that anything here verifies with
/// @param from the first instant at which that key is to be used; `Instant.MIN` if not said
/// @param until the last one; `Instant.MAX` if it is not known yet
public record RootLog(String url, Optional<PublicKey> key, Instant from, Instant until) {}
