package dev.sigwarden.api;

import org.jspecify.annotations.Nullable;

/// The body of a call that needs no more than its reason, for the audit log.
///
/// @param reason in 1 to 500 characters
public record Why(@Nullable String reason) {}
