package dev.sigwarden.store;

import dev.sigwarden.watch.ExpectedEntry;
import java.time.Instant;

/// An entry that a list says must appear, and what became of it.
///
/// @param list the allowlist's name
/// @param source where the line is: `FILE` or `API`
/// @param entry what must appear
/// @param changed since when it is waited for, missed, or whatever became of it
/// @param uid the finding that tells that it is missing; empty for none
public record DueEntry(
    String list, String source, ExpectedEntry entry, Instant changed, String uid) {
  /// The list's file.
  public static final String FILE = "file";

  /// The API.
  public static final String API = "api";
}
