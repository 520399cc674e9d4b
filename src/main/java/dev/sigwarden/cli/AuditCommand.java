package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `sigwarden audit`: who changed what.
@Command(
    name = "audit",
    description = "List who changed what, when, why and from where; newest first.",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {
  @Mixin private Reached reached = new Reached();

  @Option(
      names = "--subject",
      paramLabel = "NAME",
      description = "Only of this finding, allowlist, token.")
  private String subject = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, up to 500 (default: ${DEFAULT-VALUE}).")
  private String limit = "";

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure {
    Map<String, String> query = Map.of("subject", subject, "limit", limit);
    for (JsonNode entry : reached.client().get("/api/v1/audit", query).path("entries")) {
      System.out.println(json ? entry : line(entry));
    }
    return Exit.OK;
  }

  private static String line(JsonNode entry) {
    JsonNode deed = entry.path("deed");
    return Sanitizer.clean(
        "%d  %s  %s (%s) from %s  %s %s: %s  [%s]"
            .formatted(
                entry.path("id").asLong(),
                entry.path("at").asText(),
                deed.path("who").asText(),
                deed.path("role").asText(),
                deed.path("source").asText(),
                deed.path("action").asText(),
                deed.path("subject").asText(),
                deed.path("reason").asText(),
                deed.path("detail").asText()),
        2_000);
  }
}
