package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.HeldSilence;
import dev.sigwarden.store.Store;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Silences: what nobody wants to be told for a while, by labels that no log can write.
@Path("/api/v1/silences")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "silences")
public final class SilencesResource {
  /// A silence's id.
  static final String ID = "sws_[a-z2-7]{32}";

  private final RunningDaemon running;
  private final Call call;
  private final Clock clock = Clock.systemUTC();

  SilencesResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// A silence.
  ///
  /// @param id its id
  /// @param matchers `label OP "value"`, all of which hold
  /// @param startsAt from when
  /// @param endsAt until when
  /// @param author who wants it
  /// @param comment why
  /// @param forced whether it holds back a log's misbehaviour as well
  /// @param held how many tellings it kept back so far, decimal
  /// @param endedBy who ended it before its time; empty if nobody did
  public record One(
      String id,
      List<String> matchers,
      Instant startsAt,
      Instant endsAt,
      String author,
      String comment,
      boolean forced,
      String held,
      String endedBy) {}

  /// A silence to make; its author is the caller.
  ///
  /// @param matchers `label OP "value"` with = != =~ !~, at least one
  /// @param startsAt from when; absent for now
  /// @param endsAt until when, at most 30 days later
  /// @param force whether it may hold back a log's misbehaviour
  /// @param reason why, in 1 to 500 characters
  public record Wanted(
      @Nullable List<String> matchers,
      @Nullable String startsAt,
      @Nullable String endsAt,
      @Nullable Boolean force,
      @Nullable String reason) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Silences, the one that ends last first")
  public List<One> list(
      @QueryParam("over") @DefaultValue("false") boolean over,
      @QueryParam("limit") @Nullable Integer limit) {
    return store().silences().list(over, Asked.limit(limit)).stream()
        .map(SilencesResource::one)
        .toList();
  }

  @POST
  @Needs(Permission.RESPOND)
  @Operation(summary = "Make a silence")
  public One make(@Nullable Wanted body) {
    Wanted wanted = Asked.required("body", body);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<String> matchers = Asked.required("matchers", wanted.matchers());
    Instant end =
        Asked.optionalTime("endsAt", wanted.endsAt())
            .orElseThrow(() -> Refused.wrong("endsAt", "missing", "a time"));
    Deed deed =
        call.deed(
            "silence.create",
            "",
            wanted.reason(),
            "%s until %s".formatted(String.join(", ", matchers), end));
    Silence silence;
    try {
      silence =
          new Silence(
              matchers.stream().map(Matcher::parse).toList(),
              Asked.time("startsAt", wanted.startsAt(), now),
              end,
              deed.who(),
              deed.reason(),
              Boolean.TRUE.equals(wanted.force()));
    } catch (IllegalArgumentException e) {
      throw Refused.wrong(String.valueOf(e.getMessage()));
    }
    silence
        .futility(now)
        .ifPresent(why -> {
          throw Refused.wrong(why);
        });
    return store()
        .desk()
        .silence(silence, deed)
        .map(SilencesResource::one)
        .orElseThrow(() -> Refused.conflict("there are too many silences already"));
  }

  @POST
  @Path("/{id: " + ID + "}/end")
  @Needs(Permission.RESPOND)
  @Operation(summary = "End a silence now; what it held back is told")
  public One end(@PathParam("id") String id, @Nullable Why body) {
    Why why = Asked.required("body", body);
    HeldSilence ended =
        store()
            .desk()
            .endSilence(id, call.deed("silence.end", id, why.reason(), ""))
            .orElseThrow(() -> Refused.unknown("no silence %s in force".formatted(id)));
    running.get().wake();
    return one(ended);
  }

  private static One one(HeldSilence held) {
    Silence silence = held.silence();
    return new One(
        held.id(),
        silence.matchers().stream().map(Matcher::toString).toList(),
        silence.startsAt(),
        silence.endsAt(),
        silence.author(),
        silence.comment(),
        silence.forced(),
        Long.toString(held.held()),
        held.endedBy());
  }

  private Store store() {
    return running.get().store();
  }
}
