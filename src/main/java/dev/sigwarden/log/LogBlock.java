package dev.sigwarden.log;

/// What a section of `logs:` stands for: one log, or a family of logs.
public sealed interface LogBlock permits LogSource, FamilySource {}
