package dev.sigwarden.watch;

/// An allowlist that could not be read again; what was read of it before stays in force.
///
/// @param allowlist the allowlist's name
/// @param reason what was found, where, and what was expected; printable
public record AllowlistProblem(String allowlist, String reason) {}
