package dev.sigwarden.store;

import dev.sigwarden.watch.Severity;

/// The watch that selected an entry, as it was then: what is said of the entry later can be said
/// though the watch is gone.
///
/// @param watch the watch's name
/// @param severity how grave its unexpected signatures are
/// @param owner who is responsible; empty if not said
/// @param runbook where the runbook is; empty if not said
public record Observer(String watch, Severity severity, String owner, String runbook) {}
