package dev.sigwarden.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import dev.sigwarden.settings.SettingsFile.Loaded;
import dev.sigwarden.tail.BlockSettings;
import dev.sigwarden.tail.LogSettings;
import dev.sigwarden.trust.TrustSettings;
import dev.sigwarden.watch.Watches;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The log that a command is about: one of the configuration by name, or any by address and key.
final class LogChoice {
  /// The name of the one section that the options are read as.
  private static final String SECTION = "log";

  /// What the folder of a ledger's copy is written behind.
  private static final String LEDGER = "ledger:";

  @Option(
      names = "--log",
      paramLabel = "NAME|URL|DIR",
      description =
          "A log of the configuration by name, the address or folder of a tile log, or ledger:DIR, a"
              + " local copy of a CCF ledger.")
  private String log = "";

  @Option(
      names = "--key",
      paramLabel = "VKEY",
      description = "The vkey that signs the log's checkpoints: name+hash+base64.")
  private @Nullable String key;

  @Option(
      names = "--origin",
      paramLabel = "TEXT",
      description = "The first line of its checkpoints (default: the key's name).")
  private @Nullable String origin;

  @Option(
      names = "--protocol",
      paramLabel = "NAME",
      description = "How to talk to it (default: ${DEFAULT-VALUE}).",
      defaultValue = "tiles")
  private String protocol = "tiles";

  @Option(
      names = "--entries",
      paramLabel = "FORMAT",
      description = "The format of its leaves: rekor, ct or raw (default: the protocol's).")
  private @Nullable String entries;

  @Option(
      names = "--contact",
      paramLabel = "TEXT",
      description = "Your e-mail address or URL, sent to the log's operator; for logs on HTTP.")
  private @Nullable String contact;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A configuration: its logs by name, and its watches.")
  private @Nullable Path config;

  /// A log with what it is judged by.
  ///
  /// @param log the log
  /// @param watches by which its entries are judged; none without a configuration
  /// @param trusts what its certificates may be checked against; none without a configuration
  /// @param requests how it may be asked
  record Chosen(
      LogSettings log, Watches watches, Collection<TrustSettings> trusts, HttpPolicy requests) {}

  /// The folder of a ledger's copy, if that is what was chosen.
  Optional<Path> ledger() throws CommandFailure {
    String named = named();
    if (!named.startsWith(LEDGER)) {
      return Optional.empty();
    }
    Path folder = Path.of(named.substring(LEDGER.length()));
    if (!Files.isDirectory(folder)) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "%s: no such folder (expected: a ledger's files)".formatted(folder));
    }
    if (key != null || origin != null || entries != null) {
      throw new CommandFailure(
          Exit.USAGE, "--key, --origin and --entries are of other logs (expected: --keys)");
    }
    return Optional.of(folder);
  }

  /// The watches of the configuration that was named, none without one.
  Watches watches() throws CommandFailure {
    return config == null ? Watches.none() : Config.look(config).watches();
  }

  Chosen choose() throws CommandFailure {
    String named = named();
    boolean plain = !named.contains("/") && !named.contains(":") && !Files.exists(Path.of(named));
    if (plain || isMember()) {
      Configuration.Looking configuration = Config.look(config());
      return new Chosen(
          FamilyMembers.log(
              configuration.blocks(),
              configuration.trusts().values(),
              configuration.requests(),
              log),
          configuration.watches(),
          configuration.trusts().values(),
          configuration.requests());
    }
    if (key == null) {
      throw new CommandFailure(
          Exit.USAGE, "--key is missing (expected: the vkey that signs the log's checkpoints)");
    }
    Watches watches = watches();
    HttpPolicy requests = HttpPolicy.standard(contact == null ? "sigwarden scan" : contact);
    return new Chosen(settings(key, requests), watches, List.of(), requests);
  }

  /// Whether the text is `family/member` of a configuration that was named, and not a path.
  private boolean isMember() throws CommandFailure {
    return config != null
        && !log.contains(":")
        && FamilyMembers.names(Config.look(config).blocks(), log);
  }

  /// The log as it was named.
  String named() throws CommandFailure {
    if (log.isEmpty()) {
      throw new CommandFailure(
          Exit.USAGE, "--log is missing (expected: a log's name, address or folder)");
    }
    return log;
  }

  /// Whether it was said how to read the log, as of one that no daemon follows.
  boolean isDescribed() {
    return key != null || origin != null || entries != null || contact != null;
  }

  /// The configuration file.
  Path config() {
    return config == null ? Path.of(Configuration.DEFAULT_FILE) : config;
  }

  /// The options as a section of a configuration, so that they are read by the same code.
  private LogSettings settings(String vkey, HttpPolicy requests) throws CommandFailure {
    Map<String, String> section = new LinkedHashMap<>();
    section.put("protocol", protocol);
    section.put("url", url());
    section.put("key", vkey);
    if (origin != null) {
      section.put("origin", origin);
    }
    if (entries != null) {
      section.put("entries", entries);
    }
    Loaded<Map<String, BlockSettings>> loaded =
        SettingsFile.read(
            bytes(Map.of("logs", Map.of(SECTION, section))),
            "--log",
            Path.of("").toAbsolutePath(),
            root -> Configuration.readBlocks(root, Map.of()),
            System.getenv());
    loaded.problems().stream().map(Problem::format).forEach(System.err::println);
    Map<String, BlockSettings> blocks =
        loaded
            .value()
            .orElseThrow(() -> new CommandFailure(Exit.USAGE, "these options name no log"));
    LogSettings found = FamilyMembers.log(blocks, List.of(), requests, SECTION);
    String member = found.trusted().name().substring(SECTION.length());
    return found.named(log + member);
  }

  private static byte[] bytes(Map<String, ?> options) {
    try {
      // JSON is YAML.
      return EventJson.JSON.writeValueAsBytes(options);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("writing a map of texts as JSON", e);
    }
  }

  private String url() {
    return List.of("http://", "https://", "file:").stream().anyMatch(log::startsWith)
        ? log
        : Path.of(log).toAbsolutePath().normalize().toUri().toString();
  }
}
