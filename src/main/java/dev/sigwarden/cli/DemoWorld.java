package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.BenchEntries;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeHook;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.practice.PracticeServer;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Everything around Sigwarden in the demo: a log with other people's entries, a team that
/// releases, a thief with the team's identity, a webhook endpoint and a mail folder.
final class DemoWorld implements AutoCloseable {
  /// What came of the demo.
  ///
  /// @param findings findings written down
  /// @param expected watched signatures that were expected
  /// @param delivered alerts handed over, by receiver
  /// @param webhookVerified whether every webhook request carried a valid signature
  /// @param proven entries proven and judged
  /// @param latencyMillis from the thief's entry in the log to the last receiver
  record Outcome(
      long findings,
      long expected,
      Map<String, Long> delivered,
      boolean webhookVerified,
      long proven,
      long latencyMillis) {}

  private static final String WATCH = "acme-release";
  private static final List<String> RECEIVERS = List.of("console", "hook", "mail");
  private static final int OTHERS = 500;
  private static final byte[] RELEASE = "acme app 1.0.0".getBytes(StandardCharsets.UTF_8);

  /// How long anything here may take before the demo says that it failed.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path folder;
  private final SecureRandom random = new SecureRandom();
  private final PracticeSigner authority = new PracticeSigner(Clock.systemUTC(), random);
  private final PracticeLog log =
      new PracticeLog(NoteSigner.generate("log.demo.sigwarden.invalid"), Clock.systemUTC());
  private final String secret;
  private final PracticeServer server;
  private final PracticeHook hook;
  private Instant stolen = Instant.EPOCH;

  private DemoWorld(Path folder) throws IOException {
    this.folder = folder;
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.secret = "whsec_" + Base64.getEncoder().encodeToString(key);
    this.server = PracticeServer.of(log);
    this.hook = PracticeHook.start(secret);
  }

  /// A world with an empty log, its files in `folder`.
  static DemoWorld create(Path folder) throws IOException {
    DemoWorld world = new DemoWorld(folder);
    world.log.publish();
    Files.createDirectories(world.mailFolder());
    Files.writeString(world.folder.resolve("hook.secret"), world.secret);
    Files.setPosixFilePermissions(
        world.folder.resolve("hook.secret"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Files.writeString(
        world.folder.resolve("acme-releases.txt"),
        "# what acme has released\nsha256:%s app 1.0.0\n"
            .formatted(HexFormat.of().formatHex(KeyKind.P256.digest(RELEASE))));
    return world;
  }

  /// Where the log is served.
  URI url() {
    return server.url();
  }

  /// Writes a configuration as a team would have it.
  ///
  /// @param quiet whether the console receiver keeps off standard output
  /// @param port where health and metrics are served, 0 for a free one
  Path config(boolean quiet, int port) throws IOException {
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "demo@sigwarden.invalid");
    root.put("instance", "demo");
    root.putObject("storage").put("url", "sqlite:sigwarden.db");
    root.putObject("http").put("port", port);
    root.putObject("logs")
        .putObject("practice")
        .put("protocol", "tiles")
        .put("url", server.url().toString())
        .put("key", log.verifierKey().toString())
        .put("entries", "rekor")
        .put("start", "0")
        .put("poll", "200ms");
    ObjectNode watch = root.putObject("watches").putObject(WATCH);
    watch.put("severity", "critical");
    watch.put("owner", "release-team@acme.example");
    watch.put("runbook", "https://wiki.acme.example/key-compromise");
    watch
        .putArray("identities")
        .addObject()
        .put("subject", "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/*")
        .put("issuer", "https://token.actions.githubusercontent.com");
    watch.putObject("expect").putArray("allowlists").add("acme-releases");
    root.putObject("allowlists").putObject("acme-releases").put("file", "acme-releases.txt");
    ObjectNode receivers = root.putObject("receivers");
    receivers
        .putObject("console")
        .put("channel", "console")
        .put("stream", quiet ? "stderr" : "stdout");
    receivers
        .putObject("hook")
        .put("channel", "webhook")
        .put("url", hook.url().toString())
        .put("allow-insecure", true)
        .put("allow-private", true)
        .put("secret-file", "hook.secret");
    ObjectNode mail = receivers.putObject("mail");
    mail.put("channel", "email").put("from", "sigwarden@acme.example").put("pickup", "mail");
    mail.putArray("to").add("oncall@acme.example");
    Path file = folder.resolve("sigwarden.yaml");
    // JSON is YAML.
    Files.writeString(
        file, EventJson.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root));
    return file;
  }

  /// The team publishes its release, which is on the allowlist: signed and logged.
  void release() {
    log.append(PracticeEntries.hashedRekord(identity("refs/tags/v1.0.0"), RELEASE));
    log.publish();
  }

  /// Other people's signatures.
  void othersSign() {
    BenchEntries others = new BenchEntries(authority);
    for (long i = 0; i < OTHERS; i++) {
      log.append(others.entry(i));
    }
    log.publish();
  }

  /// The thief signs with the team's identity.
  void theft() {
    byte[] malware = "acme app 1.0.1, with a back door".getBytes(StandardCharsets.UTF_8);
    log.append(PracticeEntries.hashedRekord(identity("refs/tags/v1.0.1"), malware));
    log.publish();
    stolen = Instant.now();
  }

  private PracticeCredential identity(String ref) {
    return authority.certificate(PracticeIdentity.githubWorkflow("acme/app", "release.yml", ref));
  }

  /// Waits until every entry of the log was judged.
  void awaitJudged(Daemon daemon) throws CommandFailure, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (judged(daemon) < log.size()) {
      patience(end, "the log's entries were not judged", daemon);
    }
  }

  private static long judged(Daemon daemon) {
    return daemon.logs().stream().mapToLong(LogStatus::position).sum();
  }

  /// Waits until every receiver has the alert.
  Outcome awaitAlerts(Daemon daemon) throws CommandFailure, InterruptedException, IOException {
    Instant end = Instant.now().plus(PATIENCE);
    Map<String, Long> delivered = delivered(daemon);
    while (!RECEIVERS.stream().allMatch(name -> delivered(daemon).getOrDefault(name, 0L) > 0)) {
      patience(end, "the alert did not reach every receiver: " + delivered, daemon);
      delivered = delivered(daemon);
    }
    Instant arrived = Instant.now();
    awaitJudged(daemon);
    delivered = delivered(daemon);
    return new Outcome(
        daemon.store().findingCounts().values().stream().mapToLong(Long::longValue).sum(),
        daemon.store().verdicts(WATCH).getOrDefault("expected", 0L),
        delivered,
        hook.rejected() == 0 && hook.received().size() == delivered.getOrDefault("hook", 0L),
        judged(daemon),
        Duration.between(stolen, arrived).toMillis());
  }

  /// Waits until the webhook has an alert.
  void awaitHook() throws CommandFailure, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (hook.received().isEmpty()) {
      if (Instant.now().isAfter(end)) {
        throw new CommandFailure(Exit.OPERATIONAL, "the alert did not reach the webhook");
      }
      Thread.sleep(2);
    }
  }

  private static Map<String, Long> delivered(Daemon daemon) {
    return daemon.queues().stream()
        .collect(
            Collectors.toMap(
                QueueState::receiver, QueueState::sent, Long::sum, LinkedHashMap::new));
  }

  private static void patience(Instant end, String otherwise, Daemon daemon)
      throws CommandFailure, InterruptedException {
    if (Instant.now().isAfter(end)) {
      throw new CommandFailure(
          Exit.OPERATIONAL,
          "%s within %d s; the log's last turn: %s"
              .formatted(
                  otherwise,
                  PATIENCE.toSeconds(),
                  daemon.logs().stream().map(LogStatus::error).toList()));
    }
    Thread.sleep(2);
  }

  /// The newest mail's file.
  Path mail() throws IOException {
    try (Stream<Path> files = Files.list(mailFolder())) {
      return files
          .filter(file -> file.toString().endsWith(".eml"))
          .max(java.util.Comparator.comparing(Path::toString))
          .orElseThrow(() -> new IOException("no mail in " + mailFolder()));
    }
  }

  private Path mailFolder() {
    return folder.resolve("mail");
  }

  @Override
  public void close() {
    hook.close();
    server.close();
  }
}
