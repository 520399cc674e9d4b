package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden findings`: what a daemon found.
@Command(
    name = "findings",
    description = "List findings of a running daemon, newest first.",
    mixinStandardHelpOptions = true,
    subcommands = {
      Findings.Show.class,
      FindingActs.Acknowledge.class,
      FindingActs.Close.class,
      FindingActs.Reopen.class,
      FindingActs.Comment.class
    })
final class Findings implements Callable<Integer> {
  /// Rows of one page.
  private static final int PAGE = 500;

  @Mixin private Rows rows = new Rows();

  @Option(names = "--state", paramLabel = "STATE", description = "open, acknowledged or closed.")
  private String state = "";

  @Option(names = "--family", paramLabel = "FAMILY", description = "integrity, identity, …")
  private String family = "";

  @Option(names = "--kind", paramLabel = "KIND", description = "unexpected-signature, …")
  private String kind = "";

  @Option(names = "--severity", paramLabel = "SEVERITY", description = "critical, high, …")
  private String severity = "";

  @Option(names = "--watch", paramLabel = "NAME", description = "Of this watch.")
  private String watch = "";

  @Option(names = "--log", paramLabel = "NAME", description = "Of this log.")
  private String log = "";

  @Option(names = "--from", paramLabel = "TIME", description = "First seen then or later.")
  private String from = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  public Integer call() throws CommandFailure {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("state", state);
    query.put("family", family);
    query.put("kind", kind);
    query.put("severity", severity);
    query.put("watch", watch);
    query.put("log", log);
    query.put("from", from);
    int left = limit;
    String cursor = "";
    do {
      query.put("cursor", cursor);
      query.put("limit", Integer.toString(Math.clamp(left, 1, PAGE)));
      JsonNode page = rows.print("/api/v1/findings", query, "findings", Findings::line);
      left -= page.path("findings").size();
      cursor = page.path("next").asText("");
    } while (!cursor.isEmpty() && left > 0);
    return Exit.OK;
  }

  private static String line(JsonNode finding) {
    JsonNode alert = finding.path("alert");
    return "%s  %-12s  %-8s  %s  %s  %s"
        .formatted(
            finding.path("uid").asText(),
            finding.path("state").asText(),
            alert.path("severity").asText(),
            alert.path("firstSeen").asText(),
            alert.path("kind").asText(),
            (alert.path("watch").asText() + " " + alert.path("log").asText()).strip());
  }

  /// `sigwarden findings show`: one finding whole.
  @Command(
      name = "show",
      description = "Print one finding as JSON, and fetch what proves it.",
      mixinStandardHelpOptions = true)
  static final class Show implements Callable<Integer> {
    @Mixin private Reached reached = new Reached();

    @Parameters(paramLabel = "ID", description = "The finding's id: swf_…")
    private String uid = "";

    @Option(
        names = "--evidence",
        paramLabel = "FILE",
        description = "Write what proves it offline into this ZIP file, which must not exist.")
    private @Nullable Path evidence;

    @Override
    public Integer call() throws CommandFailure {
      ApiClient client = reached.client();
      String path = "/api/v1/findings/" + ApiClient.encoded(uid);
      System.out.println(client.get(path, Map.of()).toPrettyString());
      if (evidence != null) {
        byte[] bytes = client.bytes(path + "/evidence", Map.of());
        try {
          Files.write(evidence, bytes, StandardOpenOption.CREATE_NEW);
        } catch (IOException e) {
          throw new CommandFailure(Exit.OPERATIONAL, "%s cannot be written".formatted(evidence));
        }
      }
      return Exit.OK;
    }
  }
}
