package dev.sigwarden.store;

import java.time.Instant;

/// One line of the audit log.
///
/// @param id counts from 1 in the order of commits, without gaps
/// @param at when
/// @param deed what was done
public record AuditEntry(long id, Instant at, Deed deed) {}
