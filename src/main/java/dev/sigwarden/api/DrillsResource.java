package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.DrillPlan;
import dev.sigwarden.daemon.Drilling;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Drills;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Drills: a marked signature through the whole path, from a practice log to the receivers.
@Path("/api/v1/drills")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "drills")
public final class DrillsResource {
  /// A drill's id.
  static final String ID = "swd_[a-z2-7]{16}";

  /// Receivers that one call may name: as many as anybody has.
  private static final int MAX_RECEIVERS = 200;

  private final RunningDaemon running;
  private final Call call;

  DrillsResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// A drill.
  ///
  /// @param id its id
  /// @param name the operator's name of it in the schedule; empty if somebody asked for it
  /// @param watch the watch that is drilled; empty for none
  /// @param askedBy who asked for it
  /// @param startedAt when it began
  /// @param state running, passed, failed or interrupted
  /// @param endedAt when it ended; null while it runs
  /// @param steps what it passed through, in order; empty while it runs
  public record One(
      String id,
      String name,
      String watch,
      String askedBy,
      Instant startedAt,
      String state,
      @Nullable Instant endedAt,
      List<Step> steps) {}

  /// A step of a drill.
  ///
  /// @param step logged, head, judged, committed, routed or delivered
  /// @param receiver whose step it is; empty for those before the receivers
  /// @param millis after its entry was logged; null if it was never reached
  /// @param good whether it was reached in time
  /// @param note by what, or what was met instead
  public record Step(
      String step, String receiver, @Nullable Long millis, boolean good, String note) {}

  /// A drill to make.
  ///
  /// @param watch the watch to drill; absent for the receivers alone
  /// @param receivers who has to take it; absent for those that the watch's route leads to, and
  ///   without a watch for all
  /// @param withinSeconds how long it may take from the log to the last receiver, `[1, 600]`;
  ///   absent for 60
  /// @param reason why, in 1 to 500 characters
  public record Wanted(
      @Nullable String watch,
      @Nullable List<String> receivers,
      @Nullable Integer withinSeconds,
      @Nullable String reason) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Drills, the newest first")
  public List<One> list(@QueryParam("limit") @Nullable Integer limit) {
    return drills().list(Asked.limit(limit)).stream().map(DrillsResource::one).toList();
  }

  @GET
  @Path("/{id: " + ID + "}")
  @Needs(Permission.READ)
  @Operation(summary = "One drill")
  public One find(@PathParam("id") String id) {
    return drills()
        .find(id)
        .map(DrillsResource::one)
        .orElseThrow(() -> Refused.unknown("no drill " + id));
  }

  @POST
  @Needs(Permission.RESPOND)
  @Operation(summary = "Begin a drill; ask for it by its id until it runs no more")
  public One begin(@Nullable Wanted body) {
    Wanted asked = Asked.required("body", body);
    Configuration configuration = running.get().configuration();
    String watch = Asked.name("watch", asked.watch());
    if (!watch.isEmpty() && configuration.watches().named(watch).isEmpty()) {
      throw Refused.wrong("watch", Asked.shown(watch), "a watch of the configuration");
    }
    List<String> receivers = asked.receivers() == null ? List.of() : asked.receivers();
    if (receivers.size() > MAX_RECEIVERS) {
      throw Refused.wrong("receivers", receivers.size() + " of them", "at most " + MAX_RECEIVERS);
    }
    for (String receiver : receivers) {
      String name = Asked.name("receivers", receiver);
      if (!configuration.receivers().containsKey(name)) {
        throw Refused.wrong("receivers", Asked.shown(name), "receivers of the configuration");
      }
    }
    Duration within = within(asked.withinSeconds());
    Deed deed =
        call.deed(
            "drill.begin",
            "",
            asked.reason(),
            "watch: %s, receivers: %s"
                .formatted(
                    watch.isEmpty() ? "none" : watch,
                    receivers.isEmpty() ? "as routed" : String.join(", ", receivers)));
    return running
        .get()
        .drilling()
        .orElseThrow(() -> Refused.conflict("the daemon is only starting"))
        .ask(new Drilling.Wanted(watch, receivers.stream().distinct().toList(), within), deed)
        .map(DrillsResource::one)
        .orElseThrow(() -> Refused.conflict("another drill runs"));
  }

  private static Duration within(@Nullable Integer seconds) {
    if (seconds == null) {
      return DrillPlan.DEFAULT_WITHIN;
    }
    Duration within = Duration.ofSeconds(seconds);
    if (within.compareTo(DrillPlan.MIN_WITHIN) < 0 || within.compareTo(DrillPlan.MAX_WITHIN) > 0) {
      throw Refused.wrong(
          "withinSeconds",
          seconds.toString(),
          "%d to %d".formatted(DrillPlan.MIN_WITHIN.toSeconds(), DrillPlan.MAX_WITHIN.toSeconds()));
    }
    return within;
  }

  private static One one(Drill drill) {
    return new One(
        drill.id(),
        drill.name(),
        drill.watch(),
        drill.askedBy(),
        drill.startedAt(),
        drill.state().label(),
        drill.endedAt().orElse(null),
        drill.steps().stream()
            .map(step ->
                new Step(
                    step.step(),
                    step.receiver(),
                    step.after().map(Duration::toMillis).orElse(null),
                    step.good(),
                    step.note()))
            .toList());
  }

  private Drills drills() {
    return running.get().store().timetable().drills();
  }
}
