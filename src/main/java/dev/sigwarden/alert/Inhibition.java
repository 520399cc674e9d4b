package dev.sigwarden.alert;

import java.util.List;

/// What need not be told while something else holds: an unreachable log's backlog, for example. A
/// source is a condition that holds, or a log's misbehaviour that nobody has closed: never a
/// finding that anybody can cause by writing an entry. A log's misbehaviour is inhibited by
/// nothing.
///
/// @param name the operator's name of the rule
/// @param source matchers of what inhibits
/// @param target matchers of what is inhibited
/// @param equal labels whose values both must share
public record Inhibition(
    String name, List<Matcher> source, List<Matcher> target, List<Label> equal) {
  public Inhibition {
    source = List.copyOf(source);
    target = List.copyOf(target);
    equal = List.copyOf(equal);
  }

  /// Whether one of the sources inhibits the target.
  ///
  /// @param sources what holds, the target itself left out
  public boolean holds(Labels alert, List<Labels> sources) {
    return !alert.integrity()
        && Matcher.all(target, alert)
        && sources.stream().anyMatch(one -> Matcher.all(source, one) && alike(one, alert));
  }

  private boolean alike(Labels one, Labels other) {
    return equal.stream().allMatch(label -> one.value(label).equals(other.value(label)));
  }
}
