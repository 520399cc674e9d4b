package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.api.Asked.Cursor;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.DeliveryRow;
import dev.sigwarden.store.Desk;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// The outbox: each telling to each receiver, and how far it got.
@Path("/api/v1/outbox")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "outbox")
public final class OutboxResource {
  private static final List<String> STATES =
      List.of("pending", "leased", "sent", "dead", "suppressed");

  private final RunningDaemon running;
  private final Call call;

  OutboxResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// A page of deliveries, newest first.
  ///
  /// @param deliveries of this page
  /// @param next the `cursor` of the page behind; empty for the last page
  public record Page(List<DeliveryRow> deliveries, String next) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Deliveries, newest first")
  public Page list(
      @QueryParam("state") @Nullable String state,
      @QueryParam("receiver") @Nullable String receiver,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @Nullable Integer limit) {
    Cursor after = Asked.cursor(cursor);
    int rows = Asked.limit(limit);
    List<DeliveryRow> found =
        desk()
            .deliveries(
                Asked.label("state", state, STATES).toUpperCase(Locale.ROOT),
                Asked.name("receiver", receiver),
                after.at(),
                after.id(),
                rows + 1);
    List<DeliveryRow> page = found.subList(0, Math.min(rows, found.size()));
    String next =
        found.size() > rows
            ? new Cursor(page.getLast().createdAt(), page.getLast().id()).text()
            : "";
    return new Page(page, next);
  }

  @POST
  @Path("/{id: [0-9a-f]{64}}/retry")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Try a delivery at once that was given up, or waits for its next attempt")
  public Response retry(@PathParam("id") String id, @Nullable Why body) {
    Why why = Asked.required("body", body);
    if (!desk().retry(id, call.deed("outbox.retry", id, why.reason(), ""))) {
      throw Refused.unknown("no delivery %s that waits or was given up".formatted(id));
    }
    running.get().wake();
    return Response.noContent().build();
  }

  private Desk desk() {
    return running.get().store().desk();
  }
}
