package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.AllowedCertificate;
import dev.sigwarden.watch.ExpectedEntry;
import dev.sigwarden.watch.Submission;
import dev.sigwarden.watch.Submission.MalformedSubmissionException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lines of allowlists that a running daemon keeps.
final class AllowLines {
  private static final Pattern FROM_NOW = Pattern.compile("([1-9][0-9]{0,4})([mhd])");

  /// A team's list, as everybody but the team itself calls it.
  private static final Pattern OF_A_TEAM = Pattern.compile("[A-Za-z0-9_-]+/[A-Za-z0-9_-]+");

  private AllowLines() {}

  /// Whether a list is meant as a file: it is one, or is written as paths are and not as
  /// `TEAM/NAME`.
  static boolean isFile(String list) {
    return Files.isRegularFile(Path.of(list))
        || list.indexOf('.') >= 0
        || (list.indexOf('/') >= 0 && !OF_A_TEAM.matcher(list).matches());
  }

  /// The lines of a text, each with what stood behind it.
  ///
  /// @param where what the text is from, for messages
  static Map<String, String> of(byte[] text, String where) throws CommandFailure {
    try {
      return Submission.parse(text).lines();
    } catch (MalformedSubmissionException e) {
      throw new CommandFailure(
          Exit.USAGE, "%s: %s; nothing was added".formatted(where, e.getMessage()));
    }
  }

  /// The words before a line that say by when, and maybe in which log, its entry must be; empty for
  /// none.
  ///
  /// @param due a time, or how long from now on; empty for none
  static String dueWords(String due, String log, Instant now) throws CommandFailure {
    if (due.isEmpty()) {
      if (log.isEmpty()) {
        return "";
      }
      throw new CommandFailure(
          Exit.USAGE, "--log says where what is --due must be (expected: both)");
    }
    Matcher fromNow = FROM_NOW.matcher(due);
    if (!fromNow.matches()) {
      try {
        return ExpectedEntry.words(Instant.parse(due).truncatedTo(ChronoUnit.SECONDS), log);
      } catch (DateTimeParseException e) {
        throw new CommandFailure(
            Exit.USAGE,
            "--due: %s (expected: 2026-11-22T10:00:00Z, or 90m, 2h, 7d)"
                .formatted(Sanitizer.clean(due, 50)));
      }
    }
    long count = Long.parseLong(fromNow.group(1));
    Duration duration =
        switch (fromNow.group(2)) {
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofDays(count);
        };
    return ExpectedEntry.words(now.plus(duration).truncatedTo(ChronoUnit.SECONDS), log);
  }

  /// The line with the words before it.
  static AllowedCertificate due(String words, AllowedCertificate one) throws CommandFailure {
    if (words.isEmpty()) {
      return one;
    }
    String line = words + one.line();
    try {
      Submission.parse(line.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedSubmissionException e) {
      throw new CommandFailure(
          Exit.USAGE, "--due: %s; nothing was added".formatted(e.getMessage()));
    }
    return new AllowedCertificate(line, one.about());
  }

  /// Hands lines to a daemon and says what came of it.
  static void post(
      ApiClient client, String list, String what, String lines, String reason, String signature)
      throws CommandFailure {
    ObjectNode body = ApiClient.JSON.createObjectNode().put("lines", lines).put("reason", reason);
    if (!signature.isEmpty()) {
      body.put("signature", signature);
    }
    JsonNode done =
        client.post("/api/v1/allowlists/%s/%s".formatted(ApiClient.path(list), what), body);
    System.out.printf(
        "%s: %d changed, %d as they were%n",
        Sanitizer.clean(list), done.path("changed").asInt(), done.path("unchanged").asInt());
  }

  /// `sigwarden allow list`: lists, or the lines of one.
  @Command(
      name = "list",
      description = "List the allowlists of a running daemon, or the lines that one was handed.",
      mixinStandardHelpOptions = true)
  static final class All implements Callable<Integer> {
    @Mixin private Reached reached = new Reached();

    @Parameters(paramLabel = "LIST", arity = "0..1", description = "The allowlist's name.")
    private String list = "";

    @Override
    public Integer call() throws CommandFailure {
      ApiClient client = reached.client();
      if (list.isEmpty()) {
        client.get("/api/v1/allowlists", Map.of()).forEach(System.out::println);
        return Exit.OK;
      }
      Map<String, String> query = new LinkedHashMap<>();
      String path = "/api/v1/allowlists/%s/lines".formatted(ApiClient.path(list));
      String cursor = "";
      do {
        query.put("cursor", cursor);
        JsonNode page = client.get(path, query);
        page.path("lines").forEach(System.out::println);
        cursor = page.path("next").asText("");
      } while (!cursor.isEmpty());
      return Exit.OK;
    }
  }

  /// `sigwarden allow revoke`: takes lines off.
  @Command(
      name = "revoke",
      description = "Take lines off an allowlist that were handed to a running daemon.",
      mixinStandardHelpOptions = true)
  static final class Revoke implements Callable<Integer> {
    @Mixin private Reached reached = new Reached();

    @Parameters(paramLabel = "LIST", description = "The allowlist's name.")
    private String list = "";

    @ArgGroup(multiplicity = "1", exclusive = true)
    private Source source = new Source();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why.")
    private String reason = "";

    /// What to take off.
    static final class Source {
      @Option(names = "--digest", required = true, description = "This line: sha256:…, spki:…")
      private String digest = "";

      @Option(names = "--lines", required = true, description = "Every line of this file.")
      private Path lines = Path.of("");
    }

    @Override
    public Integer call() throws CommandFailure {
      byte[] text =
          source.digest.isEmpty()
              ? BoundedFile.read(source.lines, Submission.MAX_BYTES, "lines of an allowlist")
              : source.digest.getBytes(StandardCharsets.UTF_8);
      Map<String, String> lines = of(text, "--digest");
      post(
          reached.client(),
          list,
          "revocations",
          String.join("\n", lines.keySet()) + "\n",
          reason,
          "");
      return Exit.OK;
    }
  }
}
