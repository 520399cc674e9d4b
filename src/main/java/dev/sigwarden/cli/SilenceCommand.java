package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.text.Sanitizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden silence`: what nobody wants to be told for a while.
@Command(
    name = "silence",
    description = "List silences of a running daemon, the one that ends last first.",
    mixinStandardHelpOptions = true,
    subcommands = {SilenceCommand.Add.class, SilenceCommand.End.class})
final class SilenceCommand implements Callable<Integer> {
  @Mixin private Reached reached = new Reached();

  @Option(names = "--over", description = "Those that are over too.")
  private boolean over;

  @Override
  public Integer call() throws CommandFailure {
    reached
        .client()
        .get("/api/v1/silences", Map.of("over", Boolean.toString(over)))
        .forEach(System.out::println);
    return Exit.OK;
  }

  /// `sigwarden silence add`: makes one.
  @Command(
      name = "add",
      description =
          "Tell nobody of what has these labels, for a while. What is held back is counted.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private Change change = new Change();

    @Parameters(
        paramLabel = "MATCHER",
        arity = "1..*",
        description = "watch=acme-release, 'kind=~\"log-.*\"'; all must hold.")
    private List<String> matchers = new ArrayList<>();

    @Option(
        names = "--hours",
        paramLabel = "N",
        required = true,
        description = "For how long, up to 720.")
    private long hours;

    @Option(names = "--force", description = "Hold back even a log's misbehaviour.")
    private boolean force;

    @Override
    public Integer call() throws CommandFailure {
      ObjectNode body =
          ApiClient.JSON
              .createObjectNode()
              .put("endsAt", Instant.now().plus(hours, ChronoUnit.HOURS).toString())
              .put("force", force);
      matchers.forEach(body.putArray("matchers")::add);
      System.out.println(change.post("/api/v1/silences", body).path("id").asText());
      return Exit.OK;
    }
  }

  /// `sigwarden silence end`: ends one.
  @Command(
      name = "end",
      description = "End a silence now; what it held back is told.",
      mixinStandardHelpOptions = true)
  static final class End implements Callable<Integer> {
    @Mixin private Change change = new Change();

    @Parameters(paramLabel = "ID", description = "The silence's id: sws_…")
    private String id = "";

    @Override
    public Integer call() throws CommandFailure {
      change.post("/api/v1/silences/%s/end", id);
      System.out.println("ended: " + Sanitizer.clean(id, 100));
      return Exit.OK;
    }
  }
}
