package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.text.Sanitizer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// A scan that a daemon does: begun, watched until it ends, and told like one that the command does
/// itself.
final class RemoteScan {
  private static final String SCANS = "/api/v1/scans";

  /// Between two looks at how far it is.
  private static final Duration LOOK = Duration.ofMillis(500);

  /// Findings asked for at once.
  private static final int PAGE = 500;

  /// Looks in a row that may fail before the command gives up: the scan goes on without it.
  private static final int MOST_FAILURES = 60;

  /// The longest message on what a scan failed by, in characters.
  private static final int MAX_MESSAGE = 2_000;

  @Option(names = "--remote", description = "Let a daemon scan a log that it follows.")
  private boolean remote;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "With --remote: another daemon than the one of --config; or SIGWARDEN_URL.")
  private @Nullable String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "With --url: a file with the token to show it; or SIGWARDEN_TOKEN.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--watch",
      paramLabel = "NAME",
      description = "With --remote: judge by this watch only. May be repeated.")
  private List<String> watches = List.of();

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "asked by sigwarden scan",
      description = "With --remote: why, for the audit log (default: ${DEFAULT-VALUE}).")
  private String reason = "";

  @Option(
      names = "--detach",
      description = "With --remote: print the scan's id and do not wait for its end.")
  private boolean detach;

  @Option(
      names = "--cancel",
      paramLabel = "ID",
      description = "With --remote: cancel this scan instead.")
  private @Nullable String cancelled;

  @Option(
      names = "--resume",
      paramLabel = "ID",
      description = "With --remote: let this scan go on that failed or was cancelled.")
  private @Nullable String resumed;

  /// Whether a daemon is to scan.
  boolean isAsked() {
    return remote;
  }

  /// Begins the scan and waits for its end.
  ///
  /// @param to empty for the newest proven head's size
  /// @return the exit code
  int run(LogChoice choice, long from, Optional<Long> to, boolean json) throws CommandFailure {
    if (choice.isDescribed()) {
      throw new CommandFailure(
          Exit.USAGE,
          "--key, --origin, --entries, --contact: a daemon scans a log that it follows");
    }
    ApiClient client = Reached.of(choice.config(), url, tokenFile).client();
    if (cancelled != null) {
      JsonNode scan = client.post(path(cancelled) + "/cancel", why());
      System.out.println(scan.path("id").asText());
      return Exit.OK;
    }
    JsonNode scan =
        resumed == null
            ? client.post(SCANS, wanted(choice.named(), from, to))
            : client.post(path(resumed) + "/resume", why());
    String id = scan.path("id").asText();
    if (detach) {
      System.out.println(id);
      return Exit.OK;
    }
    System.err.println("sigwarden: scan " + Sanitizer.clean(id));
    JsonNode ended = await(client, scan);
    long findings = findings(client, id);
    summary(ended, findings, json);
    return exit(ended, findings);
  }

  private ObjectNode why() {
    return ApiClient.JSON.createObjectNode().put("reason", reason);
  }

  private ObjectNode wanted(String log, long from, Optional<Long> to) {
    ObjectNode body = why().put("log", log).put("from", Long.toString(from));
    to.ifPresent(end -> body.put("to", end.toString()));
    if (!watches.isEmpty()) {
      watches.forEach(body.putArray("watches")::add);
    }
    return body;
  }

  private static String path(String id) {
    return SCANS + "/" + ApiClient.encoded(id);
  }

  /// Waits for the end, whatever the daemon does meanwhile: a restart costs a scan nothing.
  private static JsonNode await(ApiClient client, JsonNode begun) throws CommandFailure {
    String id = begun.path("id").asText();
    long from = begun.path("from").asLong();
    Progress progress = new Progress(begun.path("log").asText(), from);
    JsonNode scan = begun;
    int failures = 0;
    String waits = "";
    while (scan.path("state").asText().equals("running")) {
      try {
        Thread.sleep(LOOK);
        scan = client.get(path(id), Map.of());
        progress.at(from + scan.path("progress").path("judged").asLong());
        failures = 0;
        String now = Sanitizer.clean(scan.path("progress").path("waitsFor").asText(""));
        if (!now.isEmpty() && !now.equals(waits)) {
          System.err.println("sigwarden: the scan waits for " + now);
        }
        waits = now;
      } catch (CommandFailure e) {
        failures++;
        if (failures > MOST_FAILURES) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(Exit.OPERATIONAL, "interrupted; the scan goes on: " + id);
      }
    }
    progress.end();
    return scan;
  }

  /// Prints each finding as one line; returns how many there are.
  private static long findings(ApiClient client, String id) throws CommandFailure {
    long found = 0;
    String after = "";
    while (true) {
      Map<String, String> query = new LinkedHashMap<>();
      query.put("after", after);
      query.put("limit", Integer.toString(PAGE));
      JsonNode page = client.get(path(id) + "/findings", query);
      for (JsonNode finding : page) {
        after = finding.path("uid").asText();
        System.out.println(client.get("/api/v1/findings/" + ApiClient.encoded(after), Map.of()));
        found++;
      }
      if (page.size() < PAGE) {
        return found;
      }
    }
  }

  private static void summary(JsonNode scan, long findings, boolean json) {
    if (json) {
      System.out.println(scan);
      return;
    }
    JsonNode progress = scan.path("progress");
    boolean done = scan.path("state").asText().equals("done");
    System.out.printf(
        "%s: entries [%s, %s) %s its signed tree of %s entries;"
            + " %s selected by watches, %d findings, %s of them new%n",
        scan.path("log").asText(),
        scan.path("from").asText(),
        scan.path("to").asText(),
        done ? "are proven to be in" : "are not all proven to be in",
        scan.path("treeSize").asText(),
        progress.path("selected").asText(),
        findings,
        progress.path("newFindings").asText());
  }

  private static int exit(JsonNode scan, long findings) throws CommandFailure {
    String state = scan.path("state").asText();
    JsonNode progress = scan.path("progress");
    if (state.equals("done")) {
      return findings == 0 && progress.path("untold").asLong() == 0 ? Exit.OK : Exit.FINDINGS;
    }
    boolean misbehaved = false;
    for (JsonNode piece : progress.path("failures")) {
      misbehaved |= piece.path("cause").asText().equals("misbehaved");
    }
    throw new CommandFailure(
        misbehaved ? Exit.MISBEHAVED : Exit.OPERATIONAL,
        "scan %s: %s".formatted(state, Sanitizer.clean(scan.path("error").asText(), MAX_MESSAGE)));
  }
}
