package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden outbox`: what was told to whom, and what was not.
@Command(
    name = "outbox",
    description = "List deliveries of a running daemon, newest first.",
    mixinStandardHelpOptions = true,
    subcommands = OutboxCommand.Retry.class)
final class OutboxCommand implements Callable<Integer> {
  @Mixin private Rows rows = new Rows();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "pending, leased, sent, dead or suppressed.")
  private String state = "";

  @Option(names = "--receiver", paramLabel = "NAME", description = "To this receiver.")
  private String receiver = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, up to 500 (default: ${DEFAULT-VALUE}).")
  private String limit = "";

  @Override
  public Integer call() throws CommandFailure {
    Map<String, String> query = Map.of("state", state, "receiver", receiver, "limit", limit);
    var _ = rows.print("/api/v1/outbox", query, "deliveries", OutboxCommand::line);
    return Exit.OK;
  }

  private static String line(JsonNode delivery) {
    return "%s  %-8s  %s  %s  attempts %d  %s"
        .formatted(
            delivery.path("id").asText(),
            delivery.path("state").asText(),
            delivery.path("receiver").asText(),
            delivery.path("uid").asText(),
            delivery.path("attempts").asInt(),
            delivery.path("lastError").asText());
  }

  /// `sigwarden outbox retry`: once more.
  @Command(
      name = "retry",
      description = "Try a delivery at once that was given up or waits.",
      mixinStandardHelpOptions = true)
  static final class Retry implements Callable<Integer> {
    @Mixin private Change change = new Change();

    @Parameters(paramLabel = "ID", description = "The delivery's id.")
    private String id = "";

    @Override
    public Integer call() throws CommandFailure {
      change.post("/api/v1/outbox/%s/retry", id);
      System.out.println("due now: " + Sanitizer.clean(id, 100));
      return Exit.OK;
    }
  }
}
