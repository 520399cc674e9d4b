package dev.sigwarden.api;

import dev.sigwarden.access.Permission;
import dev.sigwarden.alert.AllowlistAlerts;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.health.RunningDaemon;
import dev.sigwarden.store.AllowedLine;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Desk;
import dev.sigwarden.store.Filing;
import dev.sigwarden.watch.Allowlist;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Submission;
import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/// Allowlists: what was meant to be signed, handed in by whoever releases. What is answered is
/// already counted: whatever is judged after it goes by it.
@Path("/api/v1/allowlists")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "allowlists")
public final class AllowlistsResource {
  /// A name of an allowlist.
  static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}(?:/[A-Za-z0-9][A-Za-z0-9._-]{0,63})?";

  /// Lines that the audit log names.
  private static final int MAX_NAMED = 10;

  private final RunningDaemon running;
  private final Call call;
  private final Clock clock = Clock.systemUTC();

  AllowlistsResource(RunningDaemon running, Call call) {
    this.running = running;
    this.call = call;
  }

  /// An allowlist.
  ///
  /// @param name the operator's name
  /// @param file whether it has a file
  /// @param api whether it takes lines through the API
  /// @param signed whether it takes signed lines only
  /// @param lines digests and rules in force
  public record One(String name, boolean file, boolean api, boolean signed, int lines) {}

  /// A line that came through the API.
  ///
  /// @param line the line in its one form
  /// @param note what stood behind it
  /// @param state `allowed` or `revoked`
  /// @param changedAt when it was added or revoked
  /// @param changedBy by whom
  /// @param reason why
  public record Line(
      String line, String note, String state, Instant changedAt, String changedBy, String reason) {}

  /// A page of lines in their order.
  ///
  /// @param lines of this page
  /// @param next the `cursor` of the page behind; empty for the last page
  public record Page(List<Line> lines, String next) {}

  /// Lines to add or revoke.
  ///
  /// @param lines text in the form of an allowlist file, one digest or rule a line
  /// @param reason why, in 1 to 500 characters
  /// @param signature a signature over `lines`, where the list asks for one
  public record Change(
      @Nullable String lines, @Nullable String reason, @Nullable String signature) {}

  /// What a change did.
  ///
  /// @param changed lines that were added or revoked
  /// @param unchanged lines that were so already
  public record Done(int changed, int unchanged) {}

  @GET
  @Needs(Permission.READ)
  @Operation(summary = "All allowlists")
  public List<One> all() {
    Configuration configuration = running.get().configuration();
    return configuration.allowlists().names().stream()
        .flatMap(name -> configuration.allowlists().named(name).stream())
        .map(list ->
            new One(
                list.name(),
                list.file().isPresent(),
                list.terms().api(),
                list.terms().signer().isPresent(),
                list.size()))
        .toList();
  }

  @GET
  @Path("/{name: " + NAME + "}/lines")
  @Needs(Permission.READ)
  @Operation(summary = "Lines that came through the API or from a topic, revoked ones too")
  public Page lines(
      @PathParam("name") String name,
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @Nullable Integer limit) {
    Allowlist list = named(name);
    int rows = Asked.limit(limit);
    String after = cursor == null ? "" : cursor;
    if (!after.isEmpty() && !Submission.isForm(after)) {
      throw Refused.wrong("cursor", "not one of ours", "the `next` of the page before");
    }
    List<AllowedLine> found = desk().allowed(list.name(), after, rows + 1);
    List<AllowedLine> page = found.subList(0, Math.min(rows, found.size()));
    return new Page(
        page.stream()
            .map(line ->
                new Line(
                    line.line(),
                    line.note(),
                    line.allowed() ? "allowed" : "revoked",
                    line.changedAt(),
                    line.changedBy(),
                    line.reason()))
            .toList(),
        found.size() > rows ? page.getLast().line() : "");
  }

  @POST
  @Path("/{name: " + NAME + "}/lines")
  @Needs(Permission.ALLOW)
  @Operation(
      summary = "Add lines",
      description =
          "A line that an administrator revoked comes back by an administrator only: for others the"
              + " whole call is refused.")
  public Done add(@PathParam("name") String name, @Nullable Change body) {
    Change change = Asked.required("body", body);
    if (!call.caller().mayAllow(name)) {
      throw Refused.forbidden("this token may not add to allowlist " + name);
    }
    Allowlist list = open(name);
    Submission submission = submission(change);
    Deed deed = call.deed("allowlist.add", name, change.reason(), named(submission));
    list.terms()
        .signer()
        .flatMap(signer ->
            signer.refusal(
                name, bytes(change), change.signature() == null ? "" : change.signature()))
        .ifPresent(why -> {
          throw Refused.forbidden("signature: " + why);
        });
    Daemon daemon = running.get();
    if (!daemon.configuration().allowlists().hasRoomFor(name, submission)) {
      throw Refused.conflict("allowlist %s would have too many lines".formatted(name));
    }
    requireExpectable(list, submission);
    boolean again = call.caller().may(Permission.ADMINISTER);
    if (!again) {
      refuseRevoked(name, submission);
    }
    int added = desk().allow(name, submission, deed, again, announcement(list, "added", deed));
    took();
    return new Done(added, submission.lines().size() - added);
  }

  @POST
  @Path("/{name: " + NAME + "}/revocations")
  @Needs(Permission.ADMINISTER)
  @Operation(summary = "Take lines off that came through the API or from a topic")
  public Done revoke(@PathParam("name") String name, @Nullable Change body) {
    Change change = Asked.required("body", body);
    Allowlist list = named(name);
    if (!list.terms().isFed()) {
      throw Refused.conflict("allowlist %s has lines in its file only".formatted(name));
    }
    Submission submission = submission(change);
    Deed deed = call.deed("allowlist.revoke", name, change.reason(), named(submission));
    int revoked =
        desk().revoke(name, submission.lines().keySet(), deed, announcement(list, "revoked", deed));
    took();
    return new Done(revoked, submission.lines().size() - revoked);
  }

  /// Refuses lines whose entries could never be found where they are said to appear.
  private void requireExpectable(Allowlist list, Submission submission) {
    if (submission.expected().isEmpty()) {
      return;
    }
    list.unknown(submission.expected())
        .ifPresent(why -> {
          throw Refused.wrong("lines", why, "a log or family that is judged");
        });
    if (running.get().configuration().watches().using(list.name()).isEmpty()) {
      throw Refused.conflict(
          "no watch goes by allowlist %s, so no entry of its lines could be found"
              .formatted(list.name()));
    }
    if (desk().expected().count(list.name()) + submission.expected().size() > ExpectedEntry.MAX) {
      throw Refused.conflict(
          "allowlist %s would have more than %d lines with due:"
              .formatted(list.name(), ExpectedEntry.MAX));
    }
  }

  private void took() {
    running.get().submitted();
    running.get().wake();
  }

  private void refuseRevoked(String name, Submission submission) {
    desk()
        .revoked(name, submission.lines().keySet())
        .ifPresent(line -> {
          throw Refused.conflict(
              "%s was revoked (expected: an administrator adds it again)"
                  .formatted(Asked.shown(line)));
        });
  }

  private List<Filing> announcement(Allowlist list, String what, Deed deed) {
    Configuration configuration = running.get().configuration();
    return list
        .terms()
        .told()
        .map(severity ->
            new AllowlistAlerts(configuration.tenant(), clock)
                .changed(
                    list.name(),
                    severity,
                    UUID.randomUUID().toString(),
                    deed.who(),
                    deed.source(),
                    deed.reason(),
                    what + " " + deed.detail()))
        .map(finding -> new Filing(finding, configuration.routes().plan(finding.alert())))
        .stream()
        .toList();
  }

  private static Submission submission(Change change) {
    try {
      return Submission.parse(bytes(change));
    } catch (MalformedSubmissionException e) {
      throw Refused.wrong("lines: " + e.getMessage());
    }
  }

  private static byte[] bytes(Change change) {
    return Asked.required("lines", change.lines()).getBytes(StandardCharsets.UTF_8);
  }

  /// The first lines of a submission, and how many there are more.
  private static String named(Submission submission) {
    List<String> lines = List.copyOf(submission.lines().keySet());
    int shown = Math.min(MAX_NAMED, lines.size());
    return String.join(", ", lines.subList(0, shown))
        + (lines.size() > shown ? " and %d more".formatted(lines.size() - shown) : "");
  }

  private Allowlist open(String name) {
    Allowlist list = named(name);
    if (!list.terms().api()) {
      throw Refused.conflict("allowlist %s takes no lines through the API".formatted(name));
    }
    return list;
  }

  private Allowlist named(String name) {
    return running
        .get()
        .configuration()
        .allowlists()
        .named(name)
        .orElseThrow(() -> Refused.unknown("no allowlist " + name));
  }

  private Desk desk() {
    return running.get().store().desk();
  }
}
