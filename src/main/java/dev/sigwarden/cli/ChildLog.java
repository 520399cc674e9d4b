package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A practice log served by a process of its own, so that its memory and its work are not counted
/// as Sigwarden's. Ends with this process, or when closed.
final class ChildLog implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;
  private final String url;
  private final String key;

  private ChildLog(Process process, BufferedReader out, String url, String key) {
    this.process = process;
    this.out = out;
    this.url = url;
    this.key = key;
  }

  /// Starts a log of `entries` entries and waits until it is served.
  ///
  /// @param more options of the command `practice`
  static ChildLog start(int entries, String... more) throws CommandFailure {
    try {
      Process process =
          new ProcessBuilder(command(entries, more))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      BufferedReader out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      if (line == null) {
        throw new CommandFailure(Exit.OPERATIONAL, "the practice log did not start");
      }
      JsonNode answer = EventJson.JSON.readTree(line);
      return new ChildLog(process, out, answer.path("url").asText(), answer.path("key").asText());
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL, "the practice log did not start: " + e.getMessage());
    }
  }

  private static List<String> command(int entries, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("practice", "--entries", Integer.toString(entries)));
    arguments.addAll(List.of(more));
    return sigwarden(
        List.of("-Xmx4g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"),
        arguments.toArray(String[]::new));
  }

  /// What starts this program as another process.
  ///
  /// @param options of the JVM
  /// @param arguments of the program
  static List<String> sigwarden(List<String> options, String... arguments) {
    String classPath = System.getProperty("java.class.path");
    List<String> command =
        new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
    command.addAll(options);
    if (classPath.endsWith("quarkus-run.jar")) {
      command.addAll(List.of("-jar", classPath));
    } else {
      command.addAll(List.of("-cp", classPath, Main.class.getName()));
    }
    command.addAll(List.of(arguments));
    return command;
  }

  /// Tells the log to grow, if it was started so that it can.
  void grow() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
  }

  /// The next line that the log says, as JSON; empty at its end.
  Optional<JsonNode> next() throws IOException {
    String line = out.readLine();
    return line == null ? Optional.empty() : Optional.of(EventJson.JSON.readTree(line));
  }

  String url() {
    return url;
  }

  String key() {
    return key;
  }

  @Override
  public void close() {
    process.destroy();
  }
}
