package dev.sigwarden.daemon;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.access.AccessSettings;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.feed.FeedSettings;
import dev.sigwarden.feed.TopicSettings;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.notify.Receiver;
import dev.sigwarden.notify.Receivers;
import dev.sigwarden.settings.Section;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.FamilySettings;
import dev.sigwarden.tail.LedgerSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.watch.Allowlists;
import dev.sigwarden.watch.Watch;
import dev.sigwarden.watch.Watches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;

/// The whole configuration: a file and the teams' files beside it, read strictly.
///
/// @param file where it was read from
/// @param revision what tells it from another that has other values: 64 hex digits; the same for
///   replicas that differ only in what is a process's own (`OWN`)
/// @param instance this daemon's name in what it sends
/// @param tenant whose findings these are: part of every finding's id
/// @param requests how logs are asked, with the contact that is sent to their operators
/// @param storage where state is kept, and for how long
/// @param http where health, metrics and the API are served
/// @param access who may call the API
/// @param probes where whether all is well, and metrics, are served beyond this machine, if
///   anywhere
/// @param templates a folder of templates that replace built-in ones
/// @param trusts what logs' certificates are checked against, by the operator's name
/// @param logs single logs, by the operator's name
/// @param ledgers single ledgers, by the operator's name
/// @param families families of logs, by the operator's name
/// @param watches compiled together with their allowlists
/// @param allowlists the allowlists, to be refreshed
/// @param feeding what is written to topics and read from them
/// @param receivers by the operator's name
/// @param routes who is told of what
/// @param routine what is told by the clock
public record Configuration(
    Path file,
    String revision,
    String instance,
    String tenant,
    HttpPolicy requests,
    Storage storage,
    HttpSettings http,
    AccessSettings access,
    Optional<Probes> probes,
    Optional<Path> templates,
    Map<String, TrustSettings> trusts,
    Map<String, LogSettings> logs,
    Map<String, LedgerSettings> ledgers,
    Map<String, FamilySettings> families,
    Watches watches,
    Allowlists allowlists,
    FeedingSettings feeding,
    Map<String, Receiver> receivers,
    Routes routes,
    Routine routine) {

  private static final String STORAGE = "where state is kept";

  /// Where commands look for the file unless told otherwise.
  public static final String DEFAULT_FILE = "config/sigwarden.yaml";

  /// The main file of a folder.
  private static final String MAIN_FILE = "sigwarden.yaml";

  /// Keys that are a process's own: replicas with one revision may differ in them.
  private static final String[] OWN = {"instance", "http", "probes", "storage"};

  /// The main file of a folder, or the file itself.
  static Path main(Path place) {
    return Files.isDirectory(place) ? place.resolve(MAIN_FILE) : place;
  }

  /// What the files look like from outside: another text once one of them changed.
  static String fingerprint(Path file) {
    return SettingsFile.fingerprint(file, Teams.FOLDER);
  }

  /// The whole path of the file for commands that have to be told it.
  Optional<Path> elsewhere() {
    return file.equals(Path.of(DEFAULT_FILE))
        ? Optional.empty()
        : Optional.of(file.toAbsolutePath().normalize());
  }

  /// Reads a file, or the one called `sigwarden.yaml` in a folder.
  ///
  /// @param env the environment, for `${NAME}` secrets
  public static Loaded<Configuration> load(Path place, Map<String, String> env) {
    Path file = main(place);
    return SettingsFile.load(file, root -> read(file, root), env);
  }

  /// What commands need that only look: nothing of receivers, whose secrets who looks may not have.
  ///
  /// @param requests how logs are asked
  /// @param trusts what logs' certificates are checked against, by the operator's name
  /// @param blocks logs and families by the operator's name
  /// @param watches compiled together with their allowlists
  public record Looking(
      HttpPolicy requests,
      Map<String, TrustSettings> trusts,
      Map<String, BlockSettings> blocks,
      Watches watches) {}

  /// What commands need that write into the database while no daemon runs.
  ///
  /// @param storage where state is kept
  /// @param allowlists the names of all allowlists
  public record Reaching(Storage storage, Set<String> allowlists) {}

  /// Reads of a file what commands need that write into the database while no daemon runs.
  ///
  /// @param env the environment, for `${NAME}` secrets
  public static Loaded<Reaching> loadForReaching(Path place, Map<String, String> env) {
    Path file = main(place);
    return SettingsFile.load(
        file,
        root -> {
          root.skipOthers();
          Storage storage = storage(root).from(file);
          Allowlists.Setting anywhere =
              AllowlistSettings.of(
                  TrustSettings.read(root, storage.folder()),
                  Optional.empty(),
                  TopicSettings::isGiven);
          Set<String> allowlists = new TreeSet<>(Allowlists.read(root, anywhere).names());
          allowlists.addAll(Teams.readAllowlistNames(root, anywhere));
          return new Reaching(storage, allowlists);
        },
        env);
  }

  /// Reads of a file in which folder a daemon that runs with it leaves word of itself.
  public static Loaded<Path> loadFolder(Path place) {
    Path file = main(place);
    return SettingsFile.load(
        file,
        root -> {
          root.skipOthers();
          return folder(file, root);
        },
        Map.of());
  }

  /// Reads of a file what commands need that only look.
  public static Loaded<Looking> loadForLooking(Path place) {
    Path file = main(place);
    return SettingsFile.load(
        file,
        root -> {
          root.skip(
              "instance",
              "tenant",
              "http",
              "api",
              "probes",
              "templates",
              "feed",
              "receivers",
              "time-intervals",
              "inhibit",
              "route",
              "heartbeat",
              "reports",
              "drills");
          Map<String, TrustSettings> trusts = TrustSettings.read(root, folder(file, root));
          Map<String, BlockSettings> blocks = readBlocks(root, trusts);
          return new Looking(requests(root), trusts, blocks, readWatches(root, trusts, blocks));
        },
        Map.of());
  }

  private static Path folder(Path file, Section root) {
    Path folder =
        root.section("storage", STORAGE, Storage::readFolder).orElse(Storage.DEFAULT.folder());
    return Storage.from(file, folder);
  }

  private static Storage storage(Section root) {
    return root.section("storage", STORAGE, Storage::read).orElse(Storage.DEFAULT);
  }

  private static Watches readWatches(
      Section root, Map<String, TrustSettings> trusts, Map<String, BlockSettings> blocks) {
    Allowlists.Setting setting =
        AllowlistSettings.of(
            trusts, Optional.of(AllowlistSettings.judged(blocks)), TopicSettings::isGiven);
    Allowlists allowlists = Allowlists.read(root, setting);
    return readWatches(root, allowlists, Teams.readForLooking(root, allowlists, setting));
  }

  /// The watches of the main file, which may name its own allowlists, and those of the teams.
  private static Watches readWatches(Section root, Allowlists allowlists, Teams teams) {
    List<Watch> watches = new ArrayList<>(Watch.readAll(root, allowlists).values());
    watches.addAll(teams.watches());
    Watches all = Watches.of(watches, allowlists.and(teams.allowlists()));
    all.judgesInTheirOwnCause()
        .forEach(found -> root.problem("allowlists", found, "a key that no watch watches"));
    return all;
  }

  /// The JSON Schema of the file.
  public static ObjectNode schema() {
    return SettingsFile.schema("Sigwarden configuration", root -> read(Path.of(MAIN_FILE), root));
  }

  /// The JSON Schema of a team's file.
  public static ObjectNode teamSchema() {
    return SettingsFile.schema("Sigwarden configuration of a team", Teams::readForSchema);
  }

  private static Configuration read(Path file, Section root) {
    HttpPolicy requests = requests(root);
    String instance = root.text("instance", "sigwarden", "this daemon's name in what it sends");
    String tenant = root.text("tenant", "default", "whose findings these are: part of their ids");
    Storage storage = storage(root).from(file);
    HttpSettings http =
        root.section("http", "health, metrics and the API", HttpSettings::read)
            .orElse(HttpSettings.DEFAULT);
    Optional<Probes> probes =
        root.section(
            "probes",
            "whether all is well, without the reasons, and metrics, for a cluster's node agent and"
                + " Prometheus, at the paths of `http`; asks nobody for a password; nowhere if not"
                + " given",
            Probes::read);
    Optional<Path> templates =
        root.optionalPath("templates", "a folder of templates that replace built-in ones");
    Map<String, TrustSettings> trusts = TrustSettings.read(root, storage.folder());
    Map<String, BlockSettings> blocks = readBlocks(root, trusts);
    Map<String, TopicSettings> topics = new LinkedHashMap<>();
    Allowlists.Setting setting =
        AllowlistSettings.of(
            trusts,
            Optional.of(AllowlistSettings.judged(blocks)),
            list -> FeedingSettings.readTopic(list, topics));
    Allowlists own = Allowlists.read(root, setting);
    Map<String, Receiver> ownReceivers = Receivers.read(root);
    Routes ownRoutes = Routes.read(root, ownReceivers.keySet(), tenant);
    Teams teams = Teams.read(root, new Teams.Main(own, setting, ownReceivers.keySet(), ownRoutes));
    Watches watches = readWatches(root, own, teams);
    Routine routine =
        Routine.read(root, ownReceivers, watches.all().stream().map(Watch::name).toList());
    Allowlists allowlists = watches.allowlists();
    Map<String, Receiver> receivers = new LinkedHashMap<>(ownReceivers);
    receivers.putAll(teams.receivers());
    AccessSettings access =
        root.section(
                "api",
                "who may call the API",
                section -> AccessSettings.read(section, allowlists.names()))
            .orElse(AccessSettings.DEFAULT);
    FeedingSettings feeding = new FeedingSettings(FeedSettings.read(root), topics);
    return new Configuration(
        file,
        root.revision(OWN),
        instance,
        tenant,
        requests,
        storage,
        http,
        access,
        probes,
        templates,
        trusts,
        only(LogSettings.class, blocks),
        only(LedgerSettings.class, blocks),
        only(FamilySettings.class, blocks),
        watches,
        allowlists,
        feeding,
        receivers,
        ownRoutes.with(teams.routes()),
        routine);
  }

  private static <T extends BlockSettings> Map<String, T> only(
      Class<T> kind, Map<String, BlockSettings> blocks) {
    Map<String, T> found = new LinkedHashMap<>();
    blocks.forEach((name, block) -> {
      if (kind.isInstance(block)) {
        found.put(name, kind.cast(block));
      }
    });
    return found;
  }

  /// Reads the `logs` of a configuration.
  ///
  /// @param trusts all trusted roots by name
  public static Map<String, BlockSettings> readBlocks(
      Section root, Map<String, TrustSettings> trusts) {
    Decoders decoders = Decoders.found();
    List<LogProtocol> protocols = protocols();
    return root.sections(
        "logs",
        "the logs to follow, by a name of your own",
        log -> BlockSettings.read(log, protocols, decoders, trusts));
  }

  private static HttpPolicy requests(Section root) {
    String contact =
        root.text(
            "contact", "an e-mail address or URL, sent to log operators in the User-Agent header");
    HttpPolicy standard = HttpPolicy.standard("");
    HttpPolicy policy =
        root.section(
                "requests",
                "how hard one host may be asked",
                section ->
                    new HttpPolicy(
                        "",
                        (int)
                            section.number(
                                "at-once",
                                standard.perHostConcurrency(),
                                1,
                                256,
                                "requests under way at one host"),
                        section.number(
                            "per-second",
                            (long) standard.perHostRequestsPerSecond(),
                            1,
                            100_000,
                            "requests begun at one host each second"),
                        standard.connectTimeout(),
                        section.duration(
                            "deadline",
                            standard.deadline(),
                            Duration.ofMillis(100),
                            Duration.ofHours(1),
                            "the longest one answer may take in all")))
            .orElse(standard);
    try {
      return new HttpPolicy(
          contact,
          policy.perHostConcurrency(),
          policy.perHostRequestsPerSecond(),
          policy.connectTimeout(),
          policy.deadline());
    } catch (IllegalArgumentException _) {
      // The reader has bounded all else.
      root.problem("contact", contact, HttpPolicy.CONTACT);
      return standard;
    }
  }

  /// How many logs, ledgers and families are followed.
  public int followed() {
    return logs.size() + ledgers.size() + families.size();
  }

  /// How often the log of that name is asked: a single one, or a member of a family; empty if it is
  /// not followed.
  public Optional<Duration> poll(String log) {
    BlockSettings single = logs.containsKey(log) ? logs.get(log) : ledgers.get(log);
    int separator = log.indexOf(BlockSettings.SEPARATOR);
    FamilySettings family = separator < 0 ? null : families.get(log.substring(0, separator));
    return Optional.ofNullable(single == null ? family : single)
        .map(block -> block.timing().poll());
  }

  /// Every log protocol that this program holds.
  private static List<LogProtocol> protocols() {
    return ServiceLoader.load(LogProtocol.class, LogProtocol.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(java.util.Comparator.comparing(LogProtocol::name))
        .toList();
  }
}
