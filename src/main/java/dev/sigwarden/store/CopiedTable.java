package dev.sigwarden.store;

/// A table that was copied and read back.
///
/// @param name the table
/// @param rows how many it has
/// @param digest the sum of the SHA-256 hashes of its rows, in hex
public record CopiedTable(String name, long rows, String digest) {}
