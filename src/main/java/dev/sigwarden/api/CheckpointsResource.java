package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.health.RunningDaemon;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/// The newest checkpoint of each log that was proven here, for other monitors to compare with
/// theirs: the note as the log signed it, cosignatures included (C2SP tlog-checkpoint).
@Path("/checkpoints")
@Tag(name = "checkpoints")
public final class CheckpointsResource {
  private static final int MAX_ORIGIN = 500;

  private final RunningDaemon running;

  CheckpointsResource(RunningDaemon running) {
    this.running = running;
  }

  @GET
  @Path("/{origin: .+}")
  @Produces("text/plain; charset=utf-8")
  @Needs(Permission.READ)
  @Operation(summary = "The newest proven checkpoint of the log with this origin")
  public String newest(@PathParam("origin") String origin) {
    if (origin.length() > MAX_ORIGIN) {
      throw Refused.wrong("origin", origin.length() + " characters", "at most " + MAX_ORIGIN);
    }
    return running
        .get()
        .checkpoint(origin)
        .filter(note -> note.startsWith(origin + "\n"))
        .orElseThrow(() -> Refused.unknown("no checkpoint of " + Asked.shown(origin)));
  }
}
