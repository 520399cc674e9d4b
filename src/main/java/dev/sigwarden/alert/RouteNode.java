package dev.sigwarden.alert;

import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// One node of the routing tree: which alerts it takes, whom it tells and how, and the nodes below
/// that are asked first. What a node does not say it has from the one above.
///
/// @param matchers all of which must hold
/// @param continues whether the next sibling is asked too if this one matched
/// @param style whom it tells and how
/// @param routes the nodes below
record RouteNode(List<Matcher> matchers, boolean continues, Style style, List<RouteNode> routes) {
  /// How deep a tree may be: a person has to follow it.
  private static final int DEEPEST = 10;

  private static final String NO_GROUPS = "...";
  private static final String MATCHERS =
      "conditions such as severity=\"critical\" or kind=~\"log-.*\", all of which must hold";
  private static final String SEARCH = "asked in order, the first that matches decides";
  private static final Duration LONGEST = Duration.ofDays(30);

  /// How alerts of a route are told.
  ///
  /// @param receivers names, one at least
  /// @param groupBy labels whose values tell groups apart; empty for no groups
  /// @param patience how long the first of a group waits
  /// @param interval between two tellings of a group
  /// @param repeat between reminders; zero for none
  /// @param perHour told one by one in an hour; 0 for all
  /// @param hours when
  /// @param escalations who else, if nobody takes it
  record Style(
      List<String> receivers,
      List<Label> groupBy,
      Duration patience,
      Duration interval,
      Duration repeat,
      int perHour,
      Telling.Hours hours,
      List<Plan.Escalation> escalations) {
    /// Alerts an hour of one log, kind and watch told one by one: more than any release day makes,
    /// few enough for a machine to receive; people have understood long before.
    static final int PER_HOUR = 1_000;

    static final Duration WAIT = Duration.ofSeconds(30);

    /// Tells each of these everything.
    static Style plain(Collection<String> receivers) {
      return new Style(
          List.copyOf(receivers),
          List.of(),
          WAIT,
          Telling.INTERVAL,
          Duration.ZERO,
          PER_HOUR,
          Telling.Hours.ALWAYS,
          List.of());
    }

    Style {
      receivers = List.copyOf(receivers);
      groupBy = List.copyOf(groupBy);
      escalations = List.copyOf(escalations);
    }
  }

  /// What a reader needs of the rest of the configuration.
  ///
  /// @param receivers names of all receivers
  /// @param intervals names of all time intervals
  record Known(Set<String> receivers, Set<String> intervals) {}

  RouteNode {
    matchers = List.copyOf(matchers);
    routes = List.copyOf(routes);
  }

  /// Reads the root, which takes every alert, and the nodes below it.
  static RouteNode root(Section section, Known known) {
    Style style = style(section, known, Style.plain(List.of()));
    return new RouteNode(List.of(), false, style, below(section, known, style, 1));
  }

  private static List<RouteNode> below(Section section, Known known, Style above, int depth) {
    if (depth == DEEPEST) {
      return List.of();
    }
    return section.list("routes", SEARCH, one -> node(one, known, above, depth + 1));
  }

  private static RouteNode node(Section section, Known known, Style above, int depth) {
    List<Matcher> matchers =
        matchers(section, "matchers", section.optionalTexts("matchers", MATCHERS));
    boolean continues =
        section.flag("continue", false, "ask the routes after this one too if it matches");
    Style style = style(section, known, above);
    return new RouteNode(matchers, continues, style, below(section, known, style, depth));
  }

  /// The matchers of a key, those that are wrong noted and left out.
  static List<Matcher> matchers(Section section, String key, List<String> texts) {
    List<Matcher> matchers = new ArrayList<>();
    for (String text : texts) {
      try {
        matchers.add(Matcher.parse(text));
      } catch (IllegalArgumentException e) {
        section.problem(key, String.valueOf(e.getMessage()), MATCHERS);
      }
    }
    return matchers;
  }

  private static Style style(Section section, Known known, Style above) {
    List<String> receivers = receivers(section, known, above.receivers());
    List<Label> groupBy = groupBy(section, above.groupBy());
    Duration wait =
        section.duration(
            "group-wait",
            above.patience(),
            Duration.ZERO,
            LONGEST,
            "how long the first of a group waits; what is critical never does");
    Duration interval =
        section.duration(
            "group-interval",
            above.interval(),
            Duration.ofSeconds(1),
            LONGEST,
            "between two tellings of a group, and between digests of what is beyond per-hour");
    Duration repeat =
        section.duration(
            "repeat-interval",
            above.repeat(),
            Duration.ZERO,
            LONGEST,
            "between reminders until somebody acknowledges; 0s for none");
    int perHour =
        (int)
            section.number(
                "per-hour",
                above.perHour(),
                Telling.ALL,
                1_000_000,
                "signatures of one watch told one by one in an hour, the others in digests; 0 for"
                    + " all");
    Telling.Hours hours =
        new Telling.Hours(
            intervals(section, "mute-time-intervals", "when not", known, above.hours().mute()),
            intervals(
                section, "active-time-intervals", "only when", known, above.hours().active()));
    List<List<Plan.Escalation>> escalations =
        section.list(
            "escalate",
            "who else is told while nobody acknowledges",
            one -> escalation(one, known, repeat, hours));
    return new Style(
        receivers,
        groupBy,
        wait,
        interval,
        repeat,
        perHour,
        hours,
        escalations.isEmpty()
            ? above.escalations()
            : escalations.stream().flatMap(List::stream).toList());
  }

  private static List<Plan.Escalation> escalation(
      Section section, Known known, Duration repeat, Telling.Hours hours) {
    Duration after =
        section.duration(
            "after",
            Duration.ofMinutes(30),
            Duration.ofSeconds(1),
            LONGEST,
            "how long nobody may have acknowledged");
    return receivers(section, known, List.of()).stream()
        .map(receiver -> new Plan.Escalation(receiver, "", after, repeat, hours))
        .toList();
  }

  private static List<String> receivers(Section section, Known known, List<String> above) {
    List<String> names = new ArrayList<>(section.optionalTexts("receiver", "who is told"));
    names.addAll(section.optionalTexts("receivers", "who is told"));
    if (names.isEmpty() && above.isEmpty()) {
      section.problem("receiver", "nothing", "the name of a receiver");
    }
    names.forEach(
        name -> Nearest.require(section, "receiver", "receiver", name, known.receivers()));
    return names.isEmpty() ? above : names.stream().distinct().toList();
  }

  private static List<String> intervals(
      Section section, String key, String meaning, Known known, List<String> above) {
    List<String> names = section.optionalTexts(key, meaning + " its receivers are told");
    names.forEach(name -> Nearest.require(section, key, "time interval", name, known.intervals()));
    return names.isEmpty() ? above : names;
  }

  private static List<Label> groupBy(Section section, List<Label> above) {
    List<String> names =
        section.optionalTexts("group-by", "labels by which alerts are told together; ... for none");
    if (names.equals(List.of(NO_GROUPS))) {
      return List.of();
    }
    List<Label> labels = labels(section, "group-by", names);
    return names.isEmpty() ? above : labels;
  }

  /// The labels of a key, those that are wrong noted and left out.
  static List<Label> labels(Section section, String key, List<String> names) {
    List<Label> labels = new ArrayList<>();
    for (String name : names) {
      Label.of(name)
          .ifPresentOrElse(
              labels::add,
              () -> section.problem(key, "unknown label " + name, "labels: " + Label.NAMES));
    }
    return labels;
  }

  /// The nodes that take an alert, as Alertmanager's tree does: the deepest that match, in order;
  /// this one if none below does.
  List<RouteNode> taking(Labels labels) {
    List<RouteNode> taking = new ArrayList<>();
    for (RouteNode route : routes) {
      if (Matcher.all(route.matchers(), labels)) {
        taking.addAll(route.taking(labels));
        if (!route.continues()) {
          break;
        }
      }
    }
    return taking.isEmpty() ? List.of(this) : taking;
  }

  /// How its receivers are told of an alert.
  ///
  /// @param place where it stands among those that take the alert: groups of two routes are two
  List<Telling> tellings(Labels labels, int place) {
    String group = group(labels, place);
    return style.receivers().stream()
        .map(receiver ->
            new Telling(
                receiver,
                group,
                style.patience(),
                style.interval(),
                style.repeat(),
                style.perHour(),
                style.hours()))
        .toList();
  }

  /// Who else is told of an alert, if nobody takes it.
  ///
  /// @param place as above
  List<Plan.Escalation> escalations(Labels labels, int place) {
    String group = group(labels, place);
    return style.escalations().stream().map(one -> one.with(group)).toList();
  }

  private String group(Labels labels, int place) {
    StringBuilder group = new StringBuilder();
    if (!style.groupBy().isEmpty()) {
      group.append("route ").append(place).append(' ').append(matchers).append('\n');
      group.append(Label.FAMILY.label()).append('=').append(labels.value(Label.FAMILY));
      style
          .groupBy()
          .forEach(label ->
              group.append('\n').append(label.label()).append('=').append(labels.value(label)));
    }
    return group.toString();
  }
}
