package dev.sigwarden.alert;

import java.util.List;

/// A fact worth telling people: an unexpected signature, or a log's misbehaviour. Closed only by a
/// person.
///
/// @param alert its first telling
/// @param branch which view of the log it was seen in: 0 is the proven history, others are branches
/// @param index the entry's index; -1 if no single entry is concerned
/// @param evidence what proves it offline
public record Finding(Alert alert, int branch, long index, List<Evidence> evidence) {
  public Finding {
    evidence = List.copyOf(evidence);
  }
}
