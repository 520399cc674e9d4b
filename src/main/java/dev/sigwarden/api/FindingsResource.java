package dev.sigwarden.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.access.Permission;
import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Act.Action;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.api.Asked.Cursor;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.FindingQuery;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.Tracked;
import dev.sigwarden.watch.Severity;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Findings: what was told, where each is in its life, and what proves it.
@Path("/api/v1/findings")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "findings")
public final class FindingsResource {
  /// A finding's id.
  static final String UID = "swf_[a-z2-7]{32}";

  private final RunningDaemon running;
  private final Call call;
  private final Clock clock = Clock.systemUTC();

  FindingsResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// A finding.
  ///
  /// @param uid its id
  /// @param state `open`, `acknowledged`, `closed`
  /// @param verdict how it was closed: `benign`, `confirmed`, `test`; empty unless it is
  /// @param changedAt when a person moved it last, or else when it was opened
  /// @param branch which view of the log it was seen in: 0 is the proven history
  /// @param index the entry's index, decimal; empty if no single entry is concerned
  /// @param alert its first telling, as webhooks carry it
  public record One(
      String uid,
      String state,
      String verdict,
      Instant changedAt,
      int branch,
      String index,
      JsonNode alert) {}

  /// What somebody did with a finding.
  ///
  /// @param at when
  /// @param who who
  /// @param action `acknowledged`, `closed`, `reopened`, `commented`
  /// @param verdict how it was closed; empty for any other action
  /// @param note why, or the comment
  public record Step(Instant at, String who, String action, String verdict, String note) {}

  /// A finding and what was done with it.
  ///
  /// @param finding how it stands
  /// @param history what was done, in order
  public record Whole(One finding, List<Step> history) {}

  /// What to do with a finding.
  ///
  /// @param reason why, or the comment; in 1 to 500 characters
  /// @param verdict how it is closed: `benign`, `confirmed`, `test`; only for closing
  public record Change(@Nullable String reason, @Nullable String verdict) {}

  /// A page of findings, newest first.
  ///
  /// @param findings of this page
  /// @param next the `cursor` of the page behind; empty for the last page
  public record Page(List<One> findings, String next) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Findings, newest first")
  public Page list(
      @QueryParam("state") @Nullable String state,
      @QueryParam("family") @Nullable String family,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("severity") @Nullable String severity,
      @QueryParam("watch") @Nullable String watch,
      @QueryParam("log") @Nullable String log,
      @QueryParam("from") @Nullable String from,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @Nullable Integer limit) {
    FindingQuery query =
        new FindingQuery(
            Asked.one("state", state, FindingState.values(), FindingState::label),
            Asked.one("family", family, Family.values(), Family::label),
            Asked.one("kind", kind, Kind.values(), Kind::label),
            Asked.one("severity", severity, Severity.values(), Severity::label),
            Asked.optionalName("watch", watch),
            Asked.optionalName("log", log),
            Asked.optionalTime("from", from));
    Cursor after = Asked.cursor(cursor);
    Optional<FindingQuery.Place> place =
        after.equals(Cursor.START)
            ? Optional.empty()
            : Optional.of(new FindingQuery.Place(after.at(), after.id()));
    int rows = Asked.limit(limit);
    List<Tracked> found = store().lifecycle().list(query, place, rows + 1);
    List<Tracked> page = found.subList(0, Math.min(rows, found.size()));
    String next = "";
    if (found.size() > rows) {
      Tracked last = page.getLast();
      next = new Cursor(last.alert().firstSeen(), last.alert().uid()).text();
    }
    return new Page(page.stream().map(FindingsResource::one).toList(), next);
  }

  @GET
  @Path("/{uid: " + UID + "}")
  @Needs(Permission.READ)
  @Operation(summary = "One finding")
  public Whole one(@PathParam("uid") String uid) {
    Tracked finding =
        store().lifecycle().find(uid).orElseThrow(() -> Refused.unknown("no finding " + uid));
    List<Step> history =
        store().lifecycle().history(uid).stream()
            .map(act ->
                new Step(
                    act.at(), act.actor(), act.action().label(), label(act.verdict()), act.note()))
            .toList();
    return new Whole(one(finding), history);
  }

  @POST
  @Path("/{uid: " + UID + "}/acknowledge")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Take an open finding: reminders and escalations end")
  public One acknowledge(@PathParam("uid") String uid, @Nullable Change change) {
    return act(uid, Action.ACKNOWLEDGED, change);
  }

  @POST
  @Path("/{uid: " + UID + "}/close")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Judge a finding, open or acknowledged")
  public One close(@PathParam("uid") String uid, @Nullable Change change) {
    return act(uid, Action.CLOSED, change);
  }

  @POST
  @Path("/{uid: " + UID + "}/reopen")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Open a finding again that was acknowledged or closed")
  public One reopen(@PathParam("uid") String uid, @Nullable Change change) {
    return act(uid, Action.REOPENED, change);
  }

  @POST
  @Path("/{uid: " + UID + "}/comment")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Say something about a finding; nobody is told")
  public One comment(@PathParam("uid") String uid, @Nullable Change change) {
    return act(uid, Action.COMMENTED, change);
  }

  private One act(String uid, Action action, @Nullable Change body) {
    Change change = Asked.required("body", body);
    Optional<ClosingVerdict> verdict =
        Asked.one("verdict", change.verdict(), ClosingVerdict.values(), ClosingVerdict::label)
            .stream()
            .findFirst();
    if (verdict.isPresent() != (action == Action.CLOSED)) {
      throw Refused.wrong(
          "verdict", label(verdict), "benign, confirmed or test for closing, and only for it");
    }
    Deed deed = call.deed("finding." + action.label(), uid, change.reason(), label(verdict));
    Act act = new Act(clock.instant(), deed.who(), action, verdict, deed.reason());
    return switch (store().desk().act(uid, act, deed)) {
      case dev.sigwarden.store.Change.Done(Tracked now) -> {
        running.get().wake();
        yield one(now);
      }
      case dev.sigwarden.store.Change.Refused(Tracked _, String why) -> throw Refused.conflict(why);
      case dev.sigwarden.store.Change.Unknown _ -> throw Refused.unknown("no finding " + uid);
    };
  }

  @GET
  @Path("/{uid: " + UID + "}/evidence")
  @Produces("application/zip")
  @Needs(Permission.READ)
  @Operation(summary = "What proves a finding offline, and the finding, as a ZIP file")
  public Response evidence(@PathParam("uid") String uid) {
    Finding finding = finding(uid);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      byte[] alert = AlertJson.write(finding.alert()).getBytes(StandardCharsets.UTF_8);
      add(zip, "finding.json", alert, finding.alert().firstSeen());
      for (Evidence piece : finding.evidence()) {
        add(zip, piece.name(), piece.toBytes(), finding.alert().firstSeen());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return Response.ok(bytes.toByteArray())
        .header("Content-Disposition", "attachment; filename=\"%s.zip\"".formatted(uid))
        .build();
  }

  private static void add(ZipOutputStream zip, String name, byte[] content, Instant at)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(at.toEpochMilli());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private Finding finding(String uid) {
    return store().finding(uid).orElseThrow(() -> Refused.unknown("no finding " + uid));
  }

  private static One one(Tracked row) {
    return new One(
        row.alert().uid(),
        row.state().label(),
        label(row.verdict()),
        row.changedAt(),
        row.branch(),
        row.index() < 0 ? "" : Long.toString(row.index()),
        AlertJson.toTree(row.alert()));
  }

  private static String label(Optional<ClosingVerdict> verdict) {
    return verdict.map(ClosingVerdict::label).orElse("");
  }

  private Store store() {
    return running.get().store();
  }
}
