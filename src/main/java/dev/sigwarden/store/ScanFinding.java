package dev.sigwarden.store;

/// Something that a scan found.
///
/// @param uid the finding's id
/// @param index the entry's index
/// @param known whether it was a finding before the scan met it
public record ScanFinding(String uid, long index, boolean known) {}
