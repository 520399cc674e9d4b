package dev.sigwarden.alert;

import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.watch.Severity;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which receivers are told of an alert. Routes are asked in the file's order: the first that
/// matches decides, and the ones after it are asked too if it says `continue: true`. If no route
/// ends the search the default receivers are told as well, so nothing is ever told to nobody.
///
/// ```yaml
/// route:
///   receiver: soc
///   routes:
///     - {match: {family: [integrity, identity], severity: [critical, high]}, receivers: [oncall, soc]}
/// ```
public final class Routes {
  private final List<Route> routes;
  private final List<String> defaults;

  /// One route: what it matches and whom it names. An empty list matches everything; the lists are
  /// joined by "and", the values in one by "or".
  private record Route(
      List<Family> families,
      List<Severity> severities,
      List<Kind> kinds,
      List<String> watches,
      List<String> logs,
      List<String> receivers,
      boolean continues) {
    boolean matches(Alert alert) {
      return holds(families, alert.kind().family())
          && holds(severities, alert.severity())
          && holds(kinds, alert.kind())
          && holds(watches, alert.watch())
          && holds(logs, alert.log());
    }

    private static <T> boolean holds(List<T> wanted, T value) {
      return wanted.isEmpty() || wanted.contains(value);
    }
  }

  private Routes(List<Route> routes, List<String> defaults) {
    this.routes = List.copyOf(routes);
    this.defaults = List.copyOf(defaults);
  }

  /// Routes that tell everything to each of these receivers.
  public static Routes all(Collection<String> receivers) {
    return new Routes(List.of(), List.copyOf(receivers));
  }

  /// Reads the key `route` of a configuration; without it every receiver is told everything.
  ///
  /// @param known the names of all receivers
  public static Routes read(Section root, Set<String> known) {
    return root.section("route", "who is told of which alerts", section -> readTree(section, known))
        .orElseGet(() -> all(known));
  }

  private static Routes readTree(Section section, Set<String> known) {
    List<String> defaults = receivers(section, known);
    List<Route> routes =
        section.list(
            "routes",
            "asked in order, the first that matches decides",
            one -> readRoute(one, known));
    return new Routes(routes, defaults);
  }

  private static Route readRoute(Section section, Set<String> known) {
    List<String> receivers = receivers(section, known);
    boolean continues =
        section.flag("continue", false, "ask the routes after this one too if it matches");
    return section
        .section("match", "all of these must hold", match -> match(match, receivers, continues))
        .orElseGet(() ->
            new Route(List.of(), List.of(), List.of(), List.of(), List.of(), receivers, continues));
  }

  private static Route match(Section match, List<String> receivers, boolean continues) {
    return new Route(
        match.choices("family", Family.class, "one of these families"),
        match.choices("severity", Severity.class, "one of these severities"),
        match.choices("kind", Kind.class, "one of these kinds"),
        match.optionalTexts("watch", "one of these watches"),
        match.optionalTexts("log", "one of these logs"),
        receivers,
        continues);
  }

  private static List<String> receivers(Section section, Set<String> known) {
    List<String> names = new ArrayList<>(section.optionalTexts("receiver", "who is told"));
    names.addAll(section.optionalTexts("receivers", "who is told"));
    if (names.isEmpty()) {
      section.problem("receiver", "nothing", "the name of a receiver");
    }
    for (String name : names) {
      if (!known.contains(name)) {
        section.problem(
            "receiver",
            "unknown receiver " + name + Nearest.hint(name, known),
            "one of " + String.join(", ", known));
      }
    }
    return names;
  }

  /// The names of the receivers to tell, each once, in the order of the routes.
  public List<String> receivers(Alert alert) {
    Set<String> told = new LinkedHashSet<>();
    for (Route route : routes) {
      if (route.matches(alert)) {
        told.addAll(route.receivers());
        if (!route.continues()) {
          return List.copyOf(told);
        }
      }
    }
    told.addAll(defaults);
    return List.copyOf(told);
  }
}
