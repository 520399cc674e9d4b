package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.text.Sanitizer;
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
      "List which ranges of which logs a watch has judged. A range that says then was judged when",
      "the watch selected others than it does now: of what it selects now nothing is known there."
    },
    mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {
  @Mixin private Reached reached = new Reached();

  @Parameters(paramLabel = "WATCH", description = "The watch.")
  private String watch = "";

  @Option(names = "--log", paramLabel = "NAME", description = "Only of this log.")
  private String log = "";

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure {
    JsonNode answer = reached.client().get("/api/v1/coverage", Map.of("watch", watch, "log", log));
    for (JsonNode range : answer.path("ranges")) {
      System.out.println(json ? range : line(range));
    }
    if (answer.path("more").asBoolean()) {
      System.err.println("there are more: name a log with --log");
    }
    return Exit.OK;
  }

  private static String line(JsonNode range) {
    return Sanitizer.clean(
        "%s  [%s, %s)  %s  %s to %s"
            .formatted(
                range.path("log").asText(),
                range.path("from").asText(),
                range.path("to").asText(),
                range.path("current").asBoolean() ? "now " : "then",
                range.path("first").asText(),
                range.path("last").asText()),
        2_000);
  }
}
