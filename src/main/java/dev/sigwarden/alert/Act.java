package dev.sigwarden.alert;

import dev.sigwarden.text.Sanitizer;
import java.time.Instant;
import java.util.Optional;

/// What a person did with a finding.
///
/// @param at when
/// @param actor who: the name that the API knows them by
/// @param action what
/// @param verdict how it was closed; empty for any other action
/// @param note why, in their words, at most `MAX_NOTE` characters; may be empty unless they comment
public record Act(
    Instant at, String actor, Action action, Optional<ClosingVerdict> verdict, String note) {
  /// The longest note, in characters: a page. Reports are written elsewhere.
  public static final int MAX_NOTE = 2_000;

  /// The longest name of a person, in characters.
  public static final int MAX_ACTOR = 200;

  /// What can be done with a finding.
  public enum Action {
    ACKNOWLEDGED("acknowledged"),
    CLOSED("closed"),
    REOPENED("reopened"),
    COMMENTED("commented");

    private final String label;

    Action(String label) {
      this.label = label;
    }

    /// The name used in the database and the API.
    public String label() {
      return label;
    }
  }

  /// @throws IllegalArgumentException for an actor or note out of bounds, or a verdict on an action
  ///   that has none
  public Act {
    actor = Sanitizer.clean(actor.strip(), MAX_ACTOR);
    if (actor.isEmpty()) {
      throw new IllegalArgumentException("actor: empty (expected: who does this)");
    }
    if (note.length() > MAX_NOTE) {
      throw new IllegalArgumentException(
          "note: %d characters (expected: at most %d)".formatted(note.length(), MAX_NOTE));
    }
    note = Sanitizer.clean(note.strip(), MAX_NOTE);
    if (action == Action.COMMENTED && note.isEmpty()) {
      throw new IllegalArgumentException("note: empty (expected: the comment)");
    }
    if (verdict.isPresent() != (action == Action.CLOSED)) {
      throw new IllegalArgumentException(
          "verdict: %s for %s (expected: one exactly for what is closed)"
              .formatted(verdict.map(ClosingVerdict::label).orElse("none"), action.label()));
    }
  }
}
