package dev.sigwarden.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.access.Permission;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.AllowedLine;
import dev.sigwarden.store.AuditEntry;
import dev.sigwarden.store.Replicas;
import dev.sigwarden.store.Sighting;
import dev.sigwarden.tail.LogStatus;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.Submission;
import dev.sigwarden.watch.Watch;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// How everything stands: logs, watches, conditions, artifacts, and who changed what.
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "state")
public final class StateResource {
  /// Entries and lines told of one artifact.
  private static final int MAX_SEEN = 500;

  private final RunningDaemon running;
  private final Call call;

  StateResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// Who calls.
  ///
  /// @param name as the audit log calls it
  /// @param role what it is
  /// @param allowlists what a caller with the role `release` may add to
  public record Self(String name, String role, List<String> allowlists) {}

  /// How a log stands; sizes are decimal text.
  ///
  /// @param log the operator's name
  /// @param origin the first line of its checkpoints
  /// @param position entries judged
  /// @param head entries in its newest proven head
  /// @param branches histories that contradict the proven one
  /// @param lastProven when a head was last proven; absent before the first
  /// @param failingSince since when it was not reached; absent if it was
  /// @param error what the last turn met; empty if it went well
  /// @param backlogSeconds how old the oldest head with entries not judged is
  public record LogState(
      String log,
      String origin,
      String position,
      String head,
      int branches,
      Optional<Instant> lastProven,
      Optional<Instant> failingSince,
      String error,
      long backlogSeconds) {}

  /// How the process asked and those that share its database stand.
  ///
  /// @param instance this daemon's name in what it sends
  /// @param revision of the configuration that this process goes by
  /// @param replicas all processes known, this one among them; none if it shares its database with
  ///   no other
  public record State(String instance, String revision, List<ReplicaState> replicas) {}

  /// One of the processes that share the database.
  ///
  /// @param replica tells it from every other
  /// @param version of the program
  /// @param state `live`, `left` in order, or `lost`
  /// @param tasks how many logs, receivers and reviews it has
  /// @param revision of the configuration that it goes by; empty if not known
  /// @param read the revision of the newest configuration that it has read
  /// @param started when it came
  /// @param seen when it was heard of last
  public record ReplicaState(
      String replica,
      String version,
      String state,
      int tasks,
      String revision,
      String read,
      Instant started,
      Instant seen) {
    private static ReplicaState of(Replicas.Replica one) {
      return new ReplicaState(
          one.id(),
          one.version(),
          one.state().name().toLowerCase(Locale.ROOT),
          one.held(),
          one.configUsed(),
          one.configRead(),
          one.started(),
          one.seen());
    }
  }

  /// A watch, and what became of the entries that it selected.
  ///
  /// @param watch the operator's name
  /// @param severity how grave its findings are
  /// @param owner who is responsible; empty if not said
  /// @param runbook where the runbook is; empty if not said
  /// @param verdicts how many entries it expects, did not expect, and waits for
  /// @param warnings what is allowed and probably not meant
  public record WatchState(
      String watch,
      String severity,
      String owner,
      String runbook,
      Map<String, Long> verdicts,
      List<String> warnings) {}

  /// What is known of an artifact.
  ///
  /// @param digest its algorithm, a colon, and hex
  /// @param seen entries that a watch selected and that name it
  /// @param allowed what allowlists have of it through the API
  /// @param files allowlists whose files or submitted lines have it now
  public record Artifact(
      String digest, List<Sighting> seen, List<AllowedLine> allowed, List<String> files) {}

  /// A page of the audit log, newest first.
  ///
  /// @param entries of this page
  /// @param next the `below` of the page behind; 0 for the last page
  public record AuditPage(List<AuditEntry> entries, long next) {}

  @GET
  @Path("/whoami")
  @Needs(Permission.CALL)
  @Operation(summary = "Who the token stands for")
  public Self whoami() {
    return new Self(
        call.caller().name(),
        call.caller().role().label(),
        call.caller().allowlists().stream().sorted().toList());
  }

  @GET
  @Path("/state")
  @Needs(Permission.READ)
  @Operation(summary = "The configuration in force, and the processes that share the work")
  public State state() {
    Daemon daemon = running.get();
    return new State(
        daemon.configuration().instance(),
        daemon.configuration().revision(),
        daemon.replicas().stream().map(ReplicaState::of).toList());
  }

  @GET
  @Path("/logs")
  @Needs(Permission.READ)
  @Operation(summary = "Every log that the process asked follows, its position and freshness")
  public List<LogState> logs() {
    Daemon daemon = running.get();
    Map<String, String> origins = daemon.origins();
    return daemon.logs().stream()
        .map(log -> state(log, origins.getOrDefault(log.log(), "")))
        .toList();
  }

  private static LogState state(LogStatus log, String origin) {
    return new LogState(
        log.log(),
        Sanitizer.clean(origin),
        Long.toString(log.position()),
        Long.toString(log.head()),
        log.branches(),
        log.lastProven(),
        log.failingSince(),
        Sanitizer.clean(log.error()),
        log.backlogAge().toSeconds());
  }

  @GET
  @Path("/watches")
  @Needs(Permission.READ)
  @Operation(summary = "Every watch, and how many entries it selected with which verdict")
  public List<WatchState> watches() {
    Daemon daemon = running.get();
    return daemon.configuration().watches().all().stream()
        .map(watch -> state(watch, daemon.store().verdicts(watch.name())))
        .toList();
  }

  private static WatchState state(Watch watch, Map<String, Long> verdicts) {
    return new WatchState(
        watch.name(),
        watch.severity().label(),
        watch.owner(),
        watch.runbook(),
        verdicts,
        watch.warnings());
  }

  @GET
  @Path("/conditions")
  @Needs(Permission.READ)
  @Operation(summary = "Conditions that hold now")
  public List<JsonNode> conditions() {
    return running.get().conditions().stream().<JsonNode>map(AlertJson::toTree).toList();
  }

  @GET
  @Path("/artifacts/{digest: [0-9A-Za-z]+:[0-9A-Fa-f]+}")
  @Needs(Permission.READ)
  @Operation(summary = "Where an artifact was seen, and which allowlists have it")
  public Artifact artifact(@PathParam("digest") String text) {
    String line = text.toLowerCase(Locale.ROOT);
    if (!Submission.isForm(line)) {
      throw Refused.wrong("digest", Asked.shown(text), "sha256:, sha384: or sha512: and hex");
    }
    Daemon daemon = running.get();
    Stream<String> lists =
        digest(line).stream()
            .flatMap(digest ->
                daemon.configuration().allowlists().names().stream()
                    .filter(name -> daemon.configuration().allowlists().contains(name, digest)));
    return new Artifact(
        line,
        daemon.store().desk().sightings(line, MAX_SEEN),
        daemon.store().desk().allowedAnywhere(line, MAX_SEEN),
        lists.toList());
  }

  private static Optional<Digest> digest(String line) {
    for (Digest.Algorithm algorithm : Digest.Algorithm.values()) {
      if (line.startsWith(algorithm.label() + ":")) {
        byte[] value = HexFormat.of().parseHex(line.substring(algorithm.label().length() + 1));
        return Optional.of(Digest.of(algorithm, value));
      }
    }
    return Optional.empty();
  }

  @GET
  @Path("/audit")
  @Needs(Permission.READ)
  @Operation(summary = "Who changed what, when, why and from where; newest first")
  public AuditPage audit(
      @QueryParam("subject") @Nullable String subject,
      @QueryParam("below") @Nullable Long below,
      @QueryParam("limit") @Nullable Integer limit) {
    int rows = Asked.limit(limit);
    List<AuditEntry> found =
        running
            .get()
            .store()
            .desk()
            .audit(
                Asked.name("subject", subject), below == null ? Long.MAX_VALUE : below, rows + 1);
    List<AuditEntry> page = found.subList(0, Math.min(rows, found.size()));
    return new AuditPage(page, found.size() > rows ? page.getLast().id() : 0);
  }
}
