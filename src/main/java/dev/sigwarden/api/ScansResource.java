package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.daemon.Scans;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Scan;
import dev.sigwarden.store.ScanBook;
import dev.sigwarden.store.ScanFinding;
import dev.sigwarden.store.ScanPiece;
import dev.sigwarden.store.ScanProgress;
import dev.sigwarden.text.Sanitizer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Scans: ranges of followed logs that are judged once, by all processes together.
@Path("/api/v1/scans")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "scans")
public final class ScansResource {
  /// A scan's id.
  static final String ID = "swn_[a-z2-7]{32}";

  /// Pieces that failed and are named with a scan.
  private static final int MAX_NAMED = 20;

  /// Watches that one scan may name.
  private static final int MAX_WATCHES = 1_000;

  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern FINDING = Pattern.compile("swf_[a-z2-7]{32}");

  private final RunningDaemon running;
  private final Call call;
  private final Clock clock = Clock.systemUTC();

  ScansResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// A scan; sizes and counts are decimal text.
  ///
  /// @param id its id
  /// @param log the operator's name of the log
  /// @param from the first index
  /// @param to the index after the last
  /// @param treeSize entries in the signed head that all of it is proven against
  /// @param rootHash that head's root, in hex
  /// @param watches names of those that judge; empty for all
  /// @param author who wanted it
  /// @param reason why
  /// @param createdAt when it was made
  /// @param state `running`, `done`, `failed` or `cancelled`
  /// @param endedAt when it ended; absent while it runs
  /// @param error what it failed by; empty if it did not
  /// @param progress how far it is; absent in lists
  public record One(
      String id,
      String log,
      String from,
      String to,
      String treeSize,
      String rootHash,
      List<String> watches,
      String author,
      String reason,
      Instant createdAt,
      String state,
      Optional<Instant> endedAt,
      String error,
      Optional<Progress> progress) {}

  /// How far a scan is.
  ///
  /// @param judged entries proven and judged
  /// @param entriesPerSecond since its first piece was taken, on average
  /// @param secondsLeft at that rate; absent when it ended or nothing is judged yet
  /// @param pieces how many it is cut into
  /// @param done pieces judged to their end
  /// @param working pieces in work now
  /// @param failed pieces given up
  /// @param selected entries that watches selected, each watch counted
  /// @param findings how many it found
  /// @param newFindings how many of them nobody had found before
  /// @param untold entries that are only counted, since too many like them were told
  /// @param shares entries judged by each process
  /// @param waitsFor what the scan needs that the configuration does not have, so that nothing of
  ///   it is judged; absent if it has all
  /// @param failures the first pieces given up
  public record Progress(
      String judged,
      double entriesPerSecond,
      Optional<Long> secondsLeft,
      long pieces,
      long done,
      long working,
      long failed,
      String selected,
      String findings,
      String newFindings,
      String untold,
      Map<String, Long> shares,
      Optional<String> waitsFor,
      List<Piece> failures) {}

  /// A piece of a scan.
  ///
  /// @param from its first index
  /// @param to the index after its last
  /// @param judged the index after the last that is proven and judged
  /// @param state `open`, `done` or `failed`
  /// @param process who has it, or had it last; empty if nobody did yet
  /// @param cause `misbehaved`, `unreachable`, `malformed`, `error`, or empty
  /// @param error the trouble in words
  /// @param watchRevision of the watches that judged it
  public record Piece(
      String from,
      String to,
      String judged,
      String state,
      String process,
      String cause,
      String error,
      String watchRevision) {}

  /// A scan to make.
  ///
  /// @param log the operator's name of a log that is followed
  /// @param from the first index, decimal
  /// @param to the index after the last, decimal; absent for the newest proven head's size
  /// @param watches names of those that judge; absent for all
  /// @param reason why, in 1 to 500 characters
  public record Wanted(
      @Nullable String log,
      @Nullable String from,
      @Nullable String to,
      @Nullable List<String> watches,
      @Nullable String reason) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "Scans, the newest first")
  public List<One> list(@QueryParam("limit") @Nullable Integer limit) {
    return book().list(Asked.limit(limit)).stream()
        .map(scan -> one(scan, Optional.empty()))
        .toList();
  }

  @POST
  @Needs(Permission.RESPOND)
  @Operation(summary = "Judge a range of a followed log once")
  public One make(@Nullable Wanted body) {
    Wanted wanted = Asked.required("body", body);
    String log = Asked.name("log", Asked.required("log", wanted.log()));
    long from = index("from", Asked.required("from", wanted.from()));
    OptionalLong to =
        wanted.to() == null ? OptionalLong.empty() : OptionalLong.of(index("to", wanted.to()));
    List<String> watches = watches(wanted.watches());
    Deed deed =
        call.deed(
            "scan.create",
            "",
            wanted.reason(),
            "%s [%d, %s)%s"
                .formatted(
                    log,
                    from,
                    to.isEmpty() ? "head" : Long.toString(to.getAsLong()),
                    watches.isEmpty() ? "" : " by " + String.join(", ", watches)));
    return switch (scans().create(log, from, to, watches, deed)) {
      case Scans.Created.Running(Scan scan) -> one(scan, Optional.of(progress(scan)));
      case Scans.Created.Refused(String what, String found, String expected) ->
          throw Refused.wrong(what, Asked.shown(found), expected);
    };
  }

  private static List<String> watches(@Nullable List<String> names) {
    if (names == null) {
      return List.of();
    }
    if (names.size() > MAX_WATCHES) {
      throw Refused.wrong("watches", names.size() + " names", "at most %d".formatted(MAX_WATCHES));
    }
    return names.stream()
        .map(name -> Asked.name("watches", Asked.required("watches", name)))
        .toList();
  }

  @GET
  @Path("/{id: " + ID + "}")
  @Needs(Permission.READ)
  @Operation(summary = "A scan and how far it is")
  public One get(@PathParam("id") String id) {
    Scan scan = find(id);
    return one(scan, Optional.of(progress(scan)));
  }

  @GET
  @Path("/{id: " + ID + "}/pieces")
  @Needs(Permission.READ)
  @Operation(summary = "Pieces of a scan from an index on, in their order")
  public List<Piece> pieces(
      @PathParam("id") String id,
      @QueryParam("from") @Nullable String from,
      @QueryParam("limit") @Nullable Integer limit) {
    Scan scan = find(id);
    long first = from == null ? 0 : index("from", from);
    return book().pieces(scan.id(), first, Asked.limit(limit)).stream()
        .map(ScansResource::piece)
        .toList();
  }

  @GET
  @Path("/{id: " + ID + "}/findings")
  @Needs(Permission.READ)
  @Operation(
      summary = "What a scan found, by id; a page goes on behind the last id of the one before")
  public List<ScanFinding> findings(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @Nullable Integer limit) {
    if (after != null && !FINDING.matcher(after).matches()) {
      throw Refused.wrong("after", Asked.shown(after), "a finding's id");
    }
    return book().findings(find(id).id(), after == null ? "" : after, Asked.limit(limit));
  }

  @POST
  @Path("/{id: " + ID + "}/cancel")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Cancel a scan; what it found stays")
  public One cancel(@PathParam("id") String id, @Nullable Why body) {
    Why why = Asked.required("body", body);
    Deed deed = call.deed("scan.cancel", id, why.reason(), "");
    if (!scans().cancel(find(id).id(), deed)) {
      throw Refused.conflict("the scan does not run");
    }
    return get(id);
  }

  @POST
  @Path("/{id: " + ID + "}/resume")
  @Needs(Permission.RESPOND)
  @Operation(summary = "Let a scan go on that failed or was cancelled")
  public One resume(@PathParam("id") String id, @Nullable Why body) {
    Why why = Asked.required("body", body);
    Deed deed = call.deed("scan.resume", id, why.reason(), "");
    if (!scans().resume(find(id).id(), deed)) {
      throw Refused.conflict("the scan runs or is done, or too many run");
    }
    return get(id);
  }

  private static long index(String name, String text) {
    if (!INDEX.matcher(text).matches()) {
      throw Refused.wrong(name, Asked.shown(text), "a decimal number");
    }
    return Long.parseLong(text);
  }

  private Scan find(String id) {
    return book().find(id).orElseThrow(() -> Refused.unknown("no scan " + id));
  }

  private static One one(Scan scan, Optional<Progress> progress) {
    return new One(
        scan.id(),
        scan.log(),
        Long.toString(scan.from()),
        Long.toString(scan.to()),
        Long.toString(scan.head().head().size()),
        scan.head().head().root().toHex(),
        scan.watches(),
        scan.asker(),
        scan.reason(),
        scan.created(),
        scan.state().label(),
        scan.ended(),
        Sanitizer.clean(scan.why(), Call.MAX_DETAIL),
        progress);
  }

  private Progress progress(Scan scan) {
    ScanProgress progress = book().progress(scan.id());
    double rate = rate(scan, progress);
    long left = scan.to() - scan.from() - progress.judged();
    return new Progress(
        Long.toString(progress.judged()),
        rate,
        scan.state() == Scan.State.RUNNING && rate > 0
            ? Optional.of((long) Math.ceil(left / rate))
            : Optional.empty(),
        progress.pieces(),
        progress.done(),
        progress.working(),
        progress.failed(),
        Long.toString(progress.selected()),
        Long.toString(progress.findings()),
        Long.toString(progress.fresh()),
        Long.toString(progress.untold()),
        progress.shares(),
        running.get().scans().flatMap(scans -> scans.lacks(scan)),
        book().failed(scan.id(), MAX_NAMED).stream().map(ScansResource::piece).toList());
  }

  private double rate(Scan scan, ScanProgress progress) {
    Instant end = scan.ended().orElse(clock.instant());
    double seconds =
        progress.began().map(began -> Duration.between(began, end).toMillis() / 1e3).orElse(0.0);
    return seconds > 0 ? Math.round(progress.judged() / seconds * 10) / 10.0 : 0;
  }

  private static Piece piece(ScanPiece piece) {
    return new Piece(
        Long.toString(piece.from()),
        Long.toString(piece.to()),
        Long.toString(piece.at()),
        piece.state().label(),
        piece.owner(),
        piece.cause().label(),
        Sanitizer.clean(piece.why(), Call.MAX_DETAIL),
        piece.revision());
  }

  private ScanBook book() {
    return running.get().store().desk().scans();
  }

  private Scans scans() {
    return running
        .get()
        .scans()
        .orElseThrow(() -> Refused.conflict("Sigwarden is starting or stopping"));
  }
}
