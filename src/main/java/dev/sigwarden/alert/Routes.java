package dev.sigwarden.alert;

import dev.sigwarden.settings.Section;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who is told of which alerts, in Alertmanager's shape: a tree of routes with matchers on labels,
/// groups, reminders, inhibition and hours. An alert goes down the tree: of the routes below a node
/// the first that matches takes it, and those after it are asked too if it says `continue: true`; a
/// node of whose routes none matches takes it itself. So nothing is ever told to nobody.
///
/// ```yaml
/// time-intervals:
///   office: {weekdays: [monday-friday], times: ["08:00-18:00"], zone: Europe/Zurich}
/// inhibit:
///   - {name: log-down, source: kind="log-unreachable", target: kind="log-backlog", equal: [log]}
/// route:
///   receiver: soc
///   routes:
///     - {matchers: ['family=~"integrity|identity"', 'severity=~"critical|high"'], receivers: [oncall, soc]}
/// ```
///
/// A team has a tree of its own besides, which is asked of the alerts of its watches and of no
/// others, whatever it says. What the main tree decides stands: a team adds receivers and takes
/// none away.
public final class Routes {
  /// Between a team and the rest of the name of what is its own.
  private static final char TEAM = '/';

  private final RouteNode root;
  private final Map<String, RouteNode> teams;
  private final Hush hush;

  private Routes(RouteNode root, Map<String, RouteNode> teams, Hush hush) {
    this.root = root;
    this.teams = Map.copyOf(teams);
    this.hush = hush;
  }

  /// Routes that tell everything to each of these receivers.
  public static Routes all(Collection<String> receivers) {
    return new Routes(everyone(receivers), Map.of(), Hush.NONE);
  }

  private static RouteNode everyone(Collection<String> receivers) {
    return new RouteNode(List.of(), false, RouteNode.Style.plain(receivers), List.of());
  }

  /// Reads the keys `route`, `inhibit` and `time-intervals` of a configuration; without a route
  /// every receiver is told everything.
  ///
  /// @param receivers the names of all receivers
  /// @param tenant whose alerts they are
  public static Routes read(Section root, Set<String> receivers, String tenant) {
    Map<String, TimeInterval> intervals =
        root.sections(
            "time-intervals", "hours of the week, by a name of your own", TimeInterval::read);
    List<Inhibition> inhibitions =
        root.list(
            "inhibit", "what need not be told while something else holds", Routes::inhibition);
    RouteNode.Known known = new RouteNode.Known(receivers, intervals.keySet());
    RouteNode tree =
        root.section(
                "route", "who is told of which alerts", section -> RouteNode.root(section, known))
            .orElseGet(() -> everyone(receivers));
    return new Routes(tree, Map.of(), new Hush(tenant, inhibitions, intervals));
  }

  /// A team's tree, as its file has it in the section `route`.
  public static final class OfTeam {
    private final RouteNode tree;

    private OfTeam(RouteNode tree) {
      this.tree = tree;
    }
  }

  /// Reads the key `route` of a team's file; empty if it has none.
  ///
  /// @param receivers the names of all receivers that the team may name
  /// @param intervals the names of the time intervals of the main file
  public static Optional<OfTeam> readTeam(
      Section file, Set<String> receivers, Set<String> intervals) {
    RouteNode.Known known = new RouteNode.Known(receivers, intervals);
    return file.section(
        "route",
        "who else is told of alerts of this team's watches",
        section -> new OfTeam(RouteNode.root(section, known)));
  }

  /// These routes with trees of teams, by the team's name.
  public Routes with(Map<String, OfTeam> trees) {
    Map<String, RouteNode> nodes = new LinkedHashMap<>();
    trees.forEach((team, tree) -> nodes.put(team, tree.tree));
    return new Routes(root, nodes, hush);
  }

  /// The names of all time intervals.
  public Set<String> intervals() {
    return hush.intervals().keySet();
  }

  private static Inhibition inhibition(Section section) {
    String name = section.text("name", "a name of your own");
    String matchers = "conditions on labels, all of which must hold";
    List<Matcher> source =
        RouteNode.matchers(
            section, "source", section.texts("source", "the condition that inhibits: " + matchers));
    List<Matcher> target =
        RouteNode.matchers(
            section, "target", section.texts("target", "what is inhibited: " + matchers));
    List<Label> equal =
        RouteNode.labels(
            section,
            "equal",
            section.optionalTexts("equal", "labels whose values both must share"));
    return new Inhibition(name, source, target, equal);
  }

  /// Who is told of an alert, and how; each receiver once, in the order of the routes.
  public Plan plan(Alert alert) {
    return plan(hush.labels(alert));
  }

  /// Who is told of an alert with these labels.
  public Plan plan(Labels labels) {
    Map<String, Telling> tellings = new LinkedHashMap<>();
    Map<String, Plan.Escalation> escalations = new LinkedHashMap<>();
    List<RouteNode> taking = root.taking(labels);
    for (int place = 0; place < taking.size(); place++) {
      add(taking.get(place), labels, place, tellings, escalations);
    }
    List<RouteNode> teams = teamsTaking(labels);
    for (int place = 0; place < teams.size(); place++) {
      // Below zero, so that no group of a team's route is one of the main tree's.
      add(teams.get(place), labels, -1 - place, tellings, escalations);
    }
    return new Plan(
        new ArrayList<>(tellings.values()), new ArrayList<>(escalations.values()), hush);
  }

  private static void add(
      RouteNode node,
      Labels labels,
      int place,
      Map<String, Telling> tellings,
      Map<String, Plan.Escalation> escalations) {
    node.tellings(labels, place)
        .forEach(telling -> tellings.putIfAbsent(telling.receiver(), telling));
    node.escalations(labels, place)
        .forEach(escalation -> escalations.putIfAbsent(escalation.receiver(), escalation));
  }

  private List<RouteNode> teamsTaking(Labels labels) {
    String watch = labels.value(Label.WATCH);
    int end = watch.indexOf(TEAM);
    RouteNode tree = end < 0 ? null : teams.get(watch.substring(0, end));
    return tree == null ? List.of() : tree.taking(labels);
  }

  /// What of the configuration holds tellings back.
  public Hush hush() {
    return hush;
  }
}
