package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.FindingId;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeCredential;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeHook;
import dev.sigwarden.practice.PracticeHook.Received;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.practice.PracticeServer;
import dev.sigwarden.practice.PracticeSigner;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A log in which the watched identity signs now and then, a webhook that takes the time of
/// arrival, and the times of what is under way between them.
final class LatencyWorld implements AutoCloseable {
  private static final String LOG = "practice";
  private static final String WATCH = "acme-release";
  private static final String TENANT = "bench";

  /// How long a start may take.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path folder;
  private final Duration poll;
  private final PracticeLog log =
      new PracticeLog(NoteSigner.generate("log.bench.sigwarden.invalid"), Clock.systemUTC());
  private final PracticeCredential identity;
  private final String secret;
  private final PracticeServer server;
  private final PracticeHook hook;
  private int databases;
  private int taken;

  /// When the checkpoint of a finding was published, by the finding's id.
  private final Map<String, Instant> published = new HashMap<>();

  private LatencyWorld(Path folder, Duration poll) throws IOException {
    this.folder = folder;
    this.poll = poll;
    SecureRandom random = new SecureRandom();
    this.identity =
        new PracticeSigner(Clock.systemUTC(), random)
            .certificate(
                PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.1"));
    byte[] key = new byte[32];
    random.nextBytes(key);
    this.secret = "whsec_" + Base64.getEncoder().encodeToString(key);
    this.server = PracticeServer.of(log);
    this.hook = PracticeHook.start(secret);
  }

  /// A world whose log has no entry yet, its files in `folder`.
  static LatencyWorld create(Path folder, Duration poll) throws IOException {
    LatencyWorld world = new LatencyWorld(folder, poll);
    world.log.publish();
    Path secret = folder.resolve("hook.secret");
    Files.writeString(secret, world.secret);
    Files.setPosixFilePermissions(
        secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    return world;
  }

  /// A configuration with a new database that follows this world's log from its head on, and others
  /// from their start.
  Configuration config(Map<String, ChildLog> others) throws CommandFailure, IOException {
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.put("tenant", TENANT);
    root.putObject("storage").put("url", "sqlite:bench-%d.db".formatted(databases++));
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    ObjectNode logs = root.putObject("logs");
    log(logs, LOG, server.url().toString(), log.verifierKey().toString(), "head");
    others.forEach((name, other) -> log(logs, name, other.url(), other.key(), "0"));
    root.putObject("watches")
        .putObject(WATCH)
        .putArray("identities")
        .addObject()
        .put("subject", "https://github.com/acme/app/.github/workflows/release.yml@refs/tags/*")
        .put("issuer", "https://token.actions.githubusercontent.com");
    root.putObject("receivers")
        .putObject("hook")
        .put("channel", "webhook")
        .put("url", hook.url().toString())
        .put("allow-insecure", true)
        .put("allow-private", true)
        .put("secret-file", "hook.secret");
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return Config.load(file);
  }

  private void log(ObjectNode logs, String name, String url, String key, String start) {
    logs.putObject(name)
        .put("protocol", "tiles")
        .put("entries", "rekor")
        .put("url", url)
        .put("key", key)
        .put("start", start)
        .put("poll", poll.toMillis() + "ms");
  }

  /// The watched identity signs, and the log publishes.
  void sign() {
    byte[] artifact = ("artifact " + log.size()).getBytes(StandardCharsets.UTF_8);
    long index = log.append(PracticeEntries.hashedRekord(identity, artifact));
    log.publish();
    String rule = Kind.UNEXPECTED_SIGNATURE.label() + "/" + WATCH;
    published.put(FindingId.finding(TENANT, rule, log.origin(), index), Instant.now());
  }

  /// Waits until every log was proven once, and entries of each that has some were judged.
  void awaitProven(Daemon daemon) throws CommandFailure, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (!daemon.logs().stream().allMatch(LatencyWorld::proven)) {
      if (Instant.now().isAfter(end)) {
        throw new CommandFailure(
            Exit.OPERATIONAL,
            "the bench's logs: " + daemon.logs().stream().map(LogStatus::error).toList());
      }
      Thread.sleep(2);
    }
  }

  private static boolean proven(LogStatus status) {
    return status.lastProven().isPresent() && (status.position() > 0 || status.head() == 0);
  }

  /// Entries judged of that log.
  long position(Daemon daemon, String name) {
    return daemon.logs().stream()
        .filter(status -> status.log().equals(name))
        .mapToLong(LogStatus::position)
        .sum();
  }

  /// Adds the times of what arrived since the last time.
  ///
  /// @param until what arrived later does not count
  void take(Latencies measured, Instant until) {
    List<Received> received = hook.received();
    for (Received alert : received.subList(taken, received.size())) {
      Instant from = published.remove(uid(alert));
      if (from != null && !alert.at().isAfter(until)) {
        measured.add(Duration.between(from, alert.at()));
      }
    }
    taken = received.size();
  }

  private static String uid(Received alert) {
    return alert.id().substring(0, alert.id().lastIndexOf('-'));
  }

  /// How many alerts are under way.
  int missing() {
    List<Received> received = hook.received();
    long arrived =
        received.subList(taken, received.size()).stream()
            .map(LatencyWorld::uid)
            .filter(published::containsKey)
            .distinct()
            .count();
    return published.size() - (int) arrived;
  }

  @Override
  public void close() {
    hook.close();
    server.close();
  }
}
