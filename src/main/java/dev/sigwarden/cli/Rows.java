package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.text.Sanitizer;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What a command has that lists rows of a daemon: which daemon, and whether each row is printed as
/// the JSON that it is or in words.
final class Rows {
  /// Characters of a row in words.
  private static final int MAX_ROW = 2_000;

  @Mixin private Reached reached = new Reached();

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  /// One answer, with the rows of it printed that are called `name`.
  ///
  /// @param query names and values; an empty value is not asked for
  /// @param words a row in words, which are sanitised here
  JsonNode print(
      String path, Map<String, String> query, String name, Function<JsonNode, String> words)
      throws CommandFailure {
    JsonNode answer = reached.client().get(path, query);
    for (JsonNode row : answer.path(name)) {
      System.out.println(json ? row : Sanitizer.clean(words.apply(row), MAX_ROW));
    }
    return answer;
  }
}
