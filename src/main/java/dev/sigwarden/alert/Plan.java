package dev.sigwarden.alert;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.IntUnaryOperator;

/// Who is told of one alert, and how; made by `Routes` when the alert is made, so that a later
/// change of the configuration loses nothing.
///
/// @param tellings one for each receiver
/// @param escalations who else is told while nobody has taken it
/// @param hush what may hold a telling back
public record Plan(List<Telling> tellings, List<Escalation> escalations, Hush hush) {
  /// Others who are told while nobody has taken a finding.
  ///
  /// @param receiver the receiver's name
  /// @param group what is told together; empty to be told each by itself
  /// @param after how long nobody may have taken it
  /// @param repeat between two reminders afterwards; zero for none
  /// @param hours when the receiver wants to be told
  public record Escalation(
      String receiver, String group, Duration after, Duration repeat, Telling.Hours hours) {
    /// The same, told together with others of that group.
    Escalation with(String others) {
      return new Escalation(receiver, others, after, repeat, hours);
    }
  }

  public Plan {
    tellings = List.copyOf(tellings);
    escalations = List.copyOf(escalations);
  }

  /// Tells these at once and once.
  public static Plan of(Collection<String> receivers) {
    return new Plan(receivers.stream().map(Telling::plain).toList(), List.of(), Hush.NONE);
  }

  /// The names of the receivers, each once.
  public List<String> receivers() {
    return tellings.stream().map(Telling::receiver).toList();
  }

  /// The same without a receiver, which is the trouble.
  public Plan without(String receiver) {
    return new Plan(
        tellings.stream().filter(telling -> !telling.receiver().equals(receiver)).toList(),
        escalations.stream().filter(one -> !one.receiver().equals(receiver)).toList(),
        hush);
  }

  /// The same with other measures of what is told one by one.
  ///
  /// @param measure of `Telling.perHour`
  public Plan measured(IntUnaryOperator measure) {
    return new Plan(
        tellings.stream().map(it -> it.atMost(measure.applyAsInt(it.perHour()))).toList(),
        escalations,
        hush);
  }
}
