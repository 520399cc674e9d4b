package dev.sigwarden.daemon;

import dev.sigwarden.alert.Routes;
import dev.sigwarden.notify.Receiver;
import dev.sigwarden.notify.Receivers;
import dev.sigwarden.settings.Nearest;
import dev.sigwarden.settings.Section;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Watch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// The teams' part of a configuration. The main file names each team in `teams` and what of its own
/// the team may use; the team's file `teams/NAME.yaml` has the team's watches, allowlists and
/// routes, and its receivers if it may have any. What a team's file names is called `NAME/...`
/// everywhere, so that no team can touch what is another's or the main file's.
///
/// @param watches of all teams, in the order of the main file's `teams`
/// @param allowlists of all teams
/// @param receivers of all teams, by name
/// @param routes who else is told of a team's alerts, by the team
record Teams(
    List<Watch> watches,
    List<Allowlists> allowlists,
    Map<String, Receiver> receivers,
    Map<String, Routes.OfTeam> routes) {
  /// The folder of the teams' files, beside the main file.
  static final String FOLDER = "teams";

  private static final String KEY = "teams";

  Teams {
    watches = List.copyOf(watches);
    allowlists = List.copyOf(allowlists);
    receivers = Map.copyOf(receivers);
    routes = Map.copyOf(routes);
  }

  /// What a team may use that is not its own.
  ///
  /// @param receivers of the main file, that its routes may name
  /// @param allowlists of the main file, that its watches may name
  /// @param ownReceivers whether its file may have receivers
  private record Grant(List<String> receivers, List<String> allowlists, boolean ownReceivers) {
    Grant {
      receivers = List.copyOf(receivers);
      allowlists = List.copyOf(allowlists);
    }

    static Grant read(Section section) {
      return new Grant(
          section.optionalTexts("receivers", "receivers of this file that its routes may name"),
          section.optionalTexts("allowlists", "allowlists of this file that its watches may name"),
          section.flag(
              "own-receivers",
              false,
              "whether its file may have receivers, which send to wherever it says"));
    }
  }

  /// One team's file.
  private record File(
      List<Watch> watches,
      Allowlists allowlists,
      Map<String, Receiver> receivers,
      Optional<Routes.OfTeam> routes) {}

  /// What the main file has that teams may be granted.
  ///
  /// @param allowlists its allowlists
  /// @param setting what allowlists have to know of the rest
  /// @param receivers the names of its receivers
  /// @param routes its routes, whose hours teams may name
  record Main(
      Allowlists allowlists, Allowlists.Setting setting, Set<String> receivers, Routes routes) {
    Main {
      receivers = Set.copyOf(receivers);
    }
  }

  /// Reads every team's file.
  ///
  /// @param root the main file's root
  static Teams read(Section root, Main main) {
    Map<String, Grant> grants = grants(root);
    grants.forEach((team, grant) -> {
      known(root, team, "receivers", grant.receivers(), main.receivers());
      known(root, team, "allowlists", grant.allowlists(), main.allowlists().names());
    });
    return of(root, grants, grant -> file -> read(file, grant, main));
  }

  /// Reads of every team's file what commands need that only look: watches and allowlists.
  static Teams readForLooking(Section root, Allowlists main, Allowlists.Setting setting) {
    return of(
        root,
        grants(root),
        grant ->
            file -> {
              file.skip("receivers", "route");
              Allowlists own = Allowlists.read(file, setting);
              return new File(watches(file, own, grant, main), own, Map.of(), Optional.empty());
            });
  }

  /// Reads of every team's file the names of its allowlists.
  static Set<String> readAllowlistNames(Section root, Allowlists.Setting setting) {
    Set<String> names = new TreeSet<>();
    of(
            root,
            grants(root),
            _ ->
                file -> {
                  file.skipOthers();
                  return new File(
                      List.of(), Allowlists.read(file, setting), Map.of(), Optional.empty());
                })
        .allowlists()
        .forEach(allowlists -> names.addAll(allowlists.names()));
    return names;
  }

  /// What a team's file may hold, for its schema.
  static Object readForSchema(Section file) {
    Main nothing =
        new Main(
            new Allowlists(List.of()),
            AllowlistSettings.of(Map.of(), Optional.empty(), FeedingSettings::isFromTopic),
            Set.of(),
            Routes.all(List.of()));
    return read(file, new Grant(List.of(), List.of(), true), nothing);
  }

  private static Map<String, Grant> grants(Section root) {
    return root.sections(
        KEY,
        "teams with a file of their own, teams/NAME.yaml, and what of this file each may use",
        Grant::read);
  }

  private static void known(
      Section root, String team, String key, List<String> names, Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        root.problem(
            KEY,
            "%s.%s: %s%s".formatted(team, key, name, Nearest.hint(name, known)),
            known.isEmpty() ? "nothing: this file has none" : String.join(", ", known));
      }
    }
  }

  private static Teams of(
      Section root, Map<String, Grant> grants, Function<Grant, Function<Section, File>> reader) {
    Map<String, Function<Section, File>> readers = new LinkedHashMap<>();
    grants.forEach((team, grant) -> readers.put(team, reader.apply(grant)));
    List<Watch> watches = new ArrayList<>();
    List<Allowlists> allowlists = new ArrayList<>();
    Map<String, Receiver> receivers = new LinkedHashMap<>();
    Map<String, Routes.OfTeam> routes = new LinkedHashMap<>();
    root.files(KEY, FOLDER, readers)
        .forEach((team, file) -> {
          watches.addAll(file.watches());
          allowlists.add(file.allowlists());
          receivers.putAll(file.receivers());
          file.routes().ifPresent(tree -> routes.put(team, tree));
        });
    return new Teams(watches, allowlists, receivers, routes);
  }

  private static File read(Section file, Grant grant, Main main) {
    Allowlists own = Allowlists.read(file, main.setting());
    List<Watch> watches = watches(file, own, grant, main.allowlists());
    Map<String, Receiver> receivers = Receivers.read(file);
    if (!grant.ownReceivers() && !receivers.isEmpty()) {
      file.problem(
          "receivers",
          "receivers of a team that may have none",
          "own-receivers: true for the team in the main file");
    }
    Set<String> tellable = new TreeSet<>(receivers.keySet());
    tellable.addAll(grant.receivers());
    return new File(
        watches, own, receivers, Routes.readTeam(file, tellable, main.routes().intervals()));
  }

  private static List<Watch> watches(Section file, Allowlists own, Grant grant, Allowlists main) {
    Allowlists nameable = own.and(List.of(main.only(grant.allowlists())));
    return List.copyOf(Watch.readAll(file, nameable).values());
  }
}
