package dev.sigwarden.watch;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Pattern;

/// An entry that a line of an allowlist says must appear: a release that no log has was not made
/// where releases are made.
///
/// @param line what the entry has to name, in its one form: `sha256:HEX` for an artifact, `tbs:HEX`
///   for a certificate
/// @param log the operator's name of the log or family that has to have it; empty for any log that
///   is followed
/// @param due by when, whole seconds
public record ExpectedEntry(String line, String log, Instant due) {
  /// Entries that one list says must appear: releases of years. Each is kept in memory and in the
  /// database.
  public static final int MAX = 10_000;

  /// What a line begins with that says by when.
  static final String DUE = "due:";

  /// What stands behind it if one log or family has to have the entry.
  static final String LOG = "log:";

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// The time that a word says; empty for another form than `due:2026-11-22T10:00:00Z`.
  static Optional<Instant> due(String word) {
    String time = word.substring(DUE.length());
    try {
      return TIME.matcher(time).matches() ? Optional.of(Instant.parse(time)) : Optional.empty();
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// The name that a word says; empty for another form than `log:NAME`.
  static Optional<String> log(String word) {
    String name = word.substring(LOG.length());
    return NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
  }

  /// The words that stand before a digest.
  ///
  /// @param log empty for any log
  public static String words(Instant due, String log) {
    return DUE + due + (log.isEmpty() ? " " : " " + LOG + log + " ");
  }
}
