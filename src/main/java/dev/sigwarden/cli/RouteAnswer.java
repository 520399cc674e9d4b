package dev.sigwarden.cli;

import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Label;
import dev.sigwarden.alert.Labels;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.watch.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who would be told of an alert with these labels, and how, in lines.
final class RouteAnswer {
  private RouteAnswer() {}

  /// Reads `LABEL=VALUE`. A kind brings its family and severity along unless they are said.
  ///
  /// @param tenant the label that every alert has
  static Labels labels(List<String> pairs, String tenant) throws CommandFailure {
    Map<Label, String> values = new EnumMap<>(Label.class);
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      Optional<Label> label = equals < 0 ? Optional.empty() : Label.of(pair.substring(0, equals));
      if (label.isEmpty()) {
        throw new CommandFailure(
            Exit.USAGE,
            "label: %s (expected: LABEL=VALUE with one of %s)"
                .formatted(
                    pair,
                    String.join(", ", Arrays.stream(Label.values()).map(Label::label).toList())));
      }
      values.put(label.get(), pair.substring(equals + 1));
    }
    String named = values.getOrDefault(Label.KIND, "");
    Optional<Kind> kind =
        Arrays.stream(Kind.values()).filter(it -> it.label().equals(named)).findFirst();
    if (!named.isEmpty() && kind.isEmpty()) {
      throw new CommandFailure(
          Exit.USAGE,
          "kind: %s (expected: one of %s)"
              .formatted(
                  named,
                  String.join(", ", Arrays.stream(Kind.values()).map(Kind::label).toList())));
    }
    kind.ifPresent(it -> {
      values.putIfAbsent(Label.FAMILY, it.family().label());
      values.putIfAbsent(Label.SEVERITY, it.severity().label());
    });
    values.putIfAbsent(Label.TENANT, tenant);
    return new Labels(values);
  }

  /// One line a receiver.
  static List<String> lines(Routes routes, Labels labels) {
    Plan plan = routes.plan(labels);
    boolean alone =
        labels.integrity() || labels.value(Label.SEVERITY).equals(Severity.CRITICAL.label());
    List<String> lines = new ArrayList<>();
    for (Telling telling : plan.tellings()) {
      List<String> how = new ArrayList<>();
      how.add(
          alone || telling.group().isEmpty()
              ? "at once"
              : "with its group after %s, then every %s"
                  .formatted(telling.patience(), telling.interval()));
      if (telling.repeat().isPositive()) {
        how.add("again every %s until acknowledged".formatted(telling.repeat()));
      }
      if (!labels.integrity()) {
        telling.hours().mute().forEach(name -> how.add("not in " + name));
        telling.hours().active().forEach(name -> how.add("in " + name));
      }
      lines.add(telling.receiver() + ": " + String.join(", ", how));
    }
    for (Plan.Escalation escalation : plan.escalations()) {
      lines.add(
          "%s: after %s unless acknowledged".formatted(escalation.receiver(), escalation.after()));
    }
    return lines;
  }
}
