package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
  @Mixin private Rows rows = new Rows();

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

  @Override
  public Integer call() throws CommandFailure {
    Map<String, String> query = Map.of("subject", subject, "limit", limit);
    var _ = rows.print("/api/v1/audit", query, "entries", AuditCommand::line);
    return Exit.OK;
  }

  private static String line(JsonNode entry) {
    JsonNode deed = entry.path("deed");
    return "%d  %s  %s (%s) from %s  %s %s: %s  [%s]"
        .formatted(
            entry.path("id").asLong(),
            entry.path("at").asText(),
            deed.path("who").asText(),
            deed.path("role").asText(),
            deed.path("source").asText(),
            deed.path("action").asText(),
            deed.path("subject").asText(),
            deed.path("reason").asText(),
            deed.path("detail").asText());
  }
}
