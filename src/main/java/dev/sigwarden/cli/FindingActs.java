package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.text.Sanitizer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What people do with findings: `sigwarden findings ack`, `close`, `reopen`, `comment`.
final class FindingActs {
  private FindingActs() {}

  /// What all of them take.
  abstract static class Doing implements Callable<Integer> {
    @Mixin private Reached reached = new Reached();

    @Parameters(
        paramLabel = "ID",
        description = "The finding's id, or that of a digest for all that it told of: swf_…")
    private String uid = "";

    @Option(
        names = {"--reason", "--comment"},
        paramLabel = "TEXT",
        required = true,
        description = "Why, or the comment.")
    private String reason = "";

    Integer act(String action, String verdict) throws CommandFailure {
      ObjectNode body = ApiClient.JSON.createObjectNode().put("reason", reason);
      if (!verdict.isEmpty()) {
        body.put("verdict", verdict);
      }
      JsonNode finding =
          reached
              .client()
              .post("/api/v1/findings/%s/%s".formatted(ApiClient.encoded(uid), action), body);
      System.out.println(
          Sanitizer.clean(finding.path("uid").asText() + "  " + finding.path("state").asText()));
      return Exit.OK;
    }
  }

  /// Takes a finding.
  @Command(
      name = "ack",
      aliases = "acknowledge",
      description = "Take an open finding: reminders and escalations end.",
      mixinStandardHelpOptions = true)
  static final class Acknowledge extends Doing {
    @Override
    public Integer call() throws CommandFailure {
      return act("acknowledge", "");
    }
  }

  /// Judges a finding.
  @Command(
      name = "close",
      description = "Judge a finding, open or acknowledged.",
      mixinStandardHelpOptions = true)
  static final class Close extends Doing {
    @Option(
        names = "--verdict",
        paramLabel = "VERDICT",
        required = true,
        description = "benign, confirmed or test.")
    private String verdict = "";

    @Override
    public Integer call() throws CommandFailure {
      return act("close", verdict);
    }
  }

  /// Opens a finding again.
  @Command(
      name = "reopen",
      description = "Open a finding again that was acknowledged or closed.",
      mixinStandardHelpOptions = true)
  static final class Reopen extends Doing {
    @Override
    public Integer call() throws CommandFailure {
      return act("reopen", "");
    }
  }

  /// Says something about a finding.
  @Command(
      name = "comment",
      description = "Say something about a finding; nobody is told.",
      mixinStandardHelpOptions = true)
  static final class Comment extends Doing {
    @Override
    public Integer call() throws CommandFailure {
      return act("comment", "");
    }
  }
}
