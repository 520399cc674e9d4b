package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden coverage`: which entries a watch has looked at.
@Command(
    name = "coverage",
    description = {
      "List which ranges of which logs a watch has judged.",
      "A range that says then was judged when the watch selected others than it does now: of what it",
      "selects now nothing is known there."
    },
    mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {
  @Mixin private Rows rows = new Rows();

  @Parameters(paramLabel = "WATCH", description = "The watch.")
  private String watch = "";

  @Option(names = "--log", paramLabel = "NAME", description = "Only of this log.")
  private String log = "";

  @Override
  public Integer call() throws CommandFailure {
    JsonNode answer =
        rows.print(
            "/api/v1/coverage",
            Map.of("watch", watch, "log", log),
            "ranges",
            CoverageCommand::line);
    if (answer.path("ranges").isEmpty()) {
      System.err.println(
          "nothing was judged by a watch of this name%s"
              .formatted(log.isEmpty() ? "" : " in this log"));
    }
    if (answer.path("more").asBoolean()) {
      System.err.println("there are more: name a log with --log");
    }
    return Exit.OK;
  }

  private static String line(JsonNode range) {
    return "%s  [%s, %s)  %s  %s to %s"
        .formatted(
            range.path("log").asText(),
            range.path("from").asText(),
            range.path("to").asText(),
            range.path("current").asBoolean() ? "now " : "then",
            range.path("first").asText(),
            range.path("last").asText());
  }
}
