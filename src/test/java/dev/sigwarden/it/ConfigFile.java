package dev.sigwarden.it;

import dev.sigwarden.store.StorePlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A configuration as an operator writes it: one log, one watched identity with an allowlist, one
/// watched text, a webhook and mail. A test changes what it is about and writes the file again.
final class ConfigFile {
  /// The watch of an identity with an allowlist.
  static final String RELEASES = "acme-release";

  /// The watch of a text in entries, every use of which is reported.
  static final String WORDS = "stolen-words";

  /// The log's name.
  static final String LOG = "simulated";

  /// The name of a second log.
  static final String SECOND = "second";

  /// The secret of the webhook.
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAAAAAAAAA=";

  private final Path folder;
  private final Map<String, String> log = new LinkedHashMap<>();
  private final Map<String, String> watches = new LinkedHashMap<>();
  private final Map<String, String> receivers = new LinkedHashMap<>();
  private String grace = "0s";
  private String requests = "{at-once: 8, per-second: 10000, deadline: 5s}";
  private String route = "{receivers: [hook, mail]}";
  private String second = "";
  private String moreWatches = "";
  private String trust = "{}";
  private String more = "";
  private int http;
  private String allowlist = "{file: allow.txt}";
  private String api = "{}";
  private String tls = "";
  private String storage = "{url: \"sqlite:state/sigwarden.db\"}";

  ConfigFile(Path folder, String url, String vkey, String hook) {
    this.folder = folder;
    log.put("protocol", "tiles");
    log.put("url", quoted(url));
    log.put("key", quoted(vkey));
    log.put("entries", "rekor");
    log.put("start", "\"0\"");
    log.put("poll", "100ms");
    receiver("hook", hook);
    receivers.put(
        "mail",
        "{channel: email, from: sigwarden@acme.example, to: [oncall@acme.example], pickup: mail}");
    write("hook.secret", SECRET);
    allow("");
  }

  /// Sets an option of the log to YAML text.
  ConfigFile log(String option, String yaml) {
    log.put(option, yaml);
    return this;
  }

  /// Takes options of the log away.
  ConfigFile without(String... options) {
    log.keySet().removeAll(List.of(options));
    return this;
  }

  /// Adds a second log, read from its start.
  ConfigFile secondLog(String url, String vkey) {
    second =
        "  %s: {protocol: tiles, url: %s, key: %s, entries: %s, start: \"0\", poll: 100ms}\n"
            .formatted(SECOND, quoted(url), quoted(vkey), log.get("entries"));
    return this;
  }

  /// Adds or replaces a watch.
  ConfigFile watch(String name, String yaml) {
    watches.put(name, yaml);
    return this;
  }

  /// Sets how long an artifact may be missing from the allowlist.
  ConfigFile grace(String duration) {
    grace = duration;
    return this;
  }

  /// Sets the trusted roots.
  ConfigFile trust(String yaml) {
    trust = yaml;
    return this;
  }

  /// Sets how the log is asked.
  ConfigFile requests(String yaml) {
    requests = yaml;
    return this;
  }

  /// Adds watches, as lines of YAML under `watches`.
  ConfigFile watches(String yaml) {
    moreWatches = yaml.indent(2);
    return this;
  }

  /// Sets who is told of what.
  ConfigFile route(String yaml) {
    route = yaml;
    return this;
  }

  /// Adds or replaces a webhook.
  ConfigFile receiver(String name, String url) {
    receivers.put(
        name,
        "{channel: webhook, url: %s, allow-insecure: true, allow-private: true, secret-file: hook.secret, timeout: 2s}"
            .formatted(quoted(url)));
    return this;
  }

  /// Adds or replaces a receiver of any channel.
  ConfigFile receives(String name, String yaml) {
    receivers.put(name, yaml);
    return this;
  }

  /// Sets what the allowlist of releases is.
  ConfigFile allowlist(String yaml) {
    allowlist = yaml;
    return this;
  }

  /// Keeps state in that PostgreSQL database in place of the file.
  ConfigFile storage(StorePlace.Server place) {
    storage =
        "{url: \"%s\", user: %s, tls: \"off\", folder: state}".formatted(place.url(), place.user());
    return this;
  }

  /// Sets who may call the API.
  ConfigFile api(String yaml) {
    api = yaml;
    return this;
  }

  /// Adds lines of YAML at the end.
  ConfigFile more(String yaml) {
    more = yaml;
    return this;
  }

  /// Serves over TLS.
  ConfigFile tls(String certificatePem, String keyPem) {
    write("cert.pem", certificatePem);
    write("key.pem", keyPem);
    tls = ", tls: {certificate: cert.pem, key: key.pem}";
    return this;
  }

  /// Sets where people reach the API.
  ConfigFile publicUrl(String url) {
    tls += ", public-url: " + quoted(url);
    return this;
  }

  /// Sets where health and metrics are served.
  ConfigFile http(int port) {
    http = port;
    return this;
  }

  /// The file.
  Path path() {
    return folder.resolve("sigwarden.yaml");
  }

  /// The database.
  Path database() {
    return folder.resolve("state/sigwarden.db");
  }

  /// Writes the file, whole at once.
  Path save() {
    return write("sigwarden.yaml", text());
  }

  /// Writes the allowlist, whole at once: a comment and these lines.
  Path allow(String lines) {
    return write("allow.txt", "# what acme has released\n" + lines);
  }

  /// Writes a file beside the configuration, whole at once.
  Path write(String name, String content) {
    try {
      Path unfinished = Files.writeString(folder.resolve("." + name), content);
      if (name.endsWith(".secret")) {
        unfinished.toFile().setReadable(false, false);
        unfinished.toFile().setReadable(true, true);
      }
      return Files.move(
          unfinished,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String text() {
    return """
    contact: it@sigwarden.invalid
    instance: %s
    http: {port: %d%s}
    api: %s
    storage: %s
    requests: %s
    trust: %s
    logs:
      simulated:
    %s%swatches:
      acme-release:
        severity: critical
        owner: release-team@acme.example
        runbook: https://wiki.acme.example/key-compromise
        identities:
          - {subject: "%s", issuer: "%s"}
        expect: {allowlists: [acme-releases], grace: %s}
      stolen-words:
        severity: high
        identities:
          - {text: "*stolen words*"}
    %sallowlists:
      acme-releases: %s
      other: {api: true}
    receivers:
    %sroute: %s
    %s\
    """
        .formatted(
            folder.getFileName(),
            http,
            tls,
            api,
            storage,
            requests,
            trust,
            lines("    ", log),
            second,
            Entries.SUBJECT,
            Entries.ISSUER,
            grace,
            lines("  ", watches) + moreWatches,
            allowlist,
            lines("  ", receivers),
            route,
            more);
  }

  private static String lines(String indent, Map<String, String> options) {
    StringBuilder lines = new StringBuilder();
    options.forEach((key, value) -> lines.append(indent + key + ": " + value + "\n"));
    return lines.toString();
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
