package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Covered;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Which entries a watch has looked at: what may be said never to have been seen.
@Path("/api/v1/coverage")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "state")
public final class CoverageResource {
  /// Ranges of one answer: a watch that was changed each day for a year, on a few logs.
  private static final int MAX_RANGES = 5_000;

  private final RunningDaemon running;

  CoverageResource(RunningDaemon running) {
    this.running = running;
  }

  /// A range of a log that a watch judged; indexes are decimal text.
  ///
  /// @param log the operator's name
  /// @param from the index of its first entry
  /// @param to the index behind its last entry
  /// @param selects whom the watch selected, as a digest
  /// @param expects what it expected of them, as a digest
  /// @param current whether it still selects whom it selected then
  /// @param first when the first of it was judged
  /// @param last when the last of it was judged
  public record Range(
      String log,
      String from,
      String to,
      String selects,
      String expects,
      boolean current,
      Instant first,
      Instant last) {
    private static Range of(Covered range) {
      return new Range(
          range.log(),
          Long.toString(range.from()),
          Long.toString(range.to()),
          range.revision().selects(),
          range.revision().expects(),
          range.current(),
          range.first(),
          range.last());
    }
  }

  /// What a watch judged.
  ///
  /// @param watch the operator's name
  /// @param ranges by log and index
  /// @param more whether there are more than are told; name a log then
  public record Coverage(String watch, List<Range> ranges, boolean more) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Which ranges of which logs a watch has judged, and as it was when")
  public Coverage coverage(
      @QueryParam("watch") @Nullable String watch, @QueryParam("log") @Nullable String log) {
    String name =
        Asked.optionalName("watch", watch)
            .orElseThrow(() -> Refused.wrong("watch", "nothing", "a name from the configuration"));
    List<Covered> found =
        running.get().store().coverage().of(name, Asked.name("log", log), MAX_RANGES + 1);
    return new Coverage(
        name, found.stream().limit(MAX_RANGES).map(Range::of).toList(), found.size() > MAX_RANGES);
  }
}
