package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The packaged program as a process of its own, started as people start it: by the launcher, which
/// becomes it. Its output goes to files.
final class Program implements AutoCloseable {
  /// How long a command may take to end.
  private static final long PATIENCE_SECONDS = 90;

  /// How long a start may take on a machine that has much else to do.
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);

  /// How a command ended.
  ///
  /// @param exit the exit code
  /// @param out standard output
  /// @param err standard error
  record Outcome(int exit, String out, String err) {
    /// The last line of standard output.
    String lastLine() {
      return out.lines().reduce("", (_, line) -> line);
    }
  }

  private static final Pattern LISTENING =
      Pattern.compile("Listening on: (http://127\\.0\\.0\\.1:[0-9]+)");

  private final Process process;
  private final Path out;
  private final Path err;

  private Program(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /// Starts a command in `folder`; the test is skipped if the program was not packaged.
  static Program start(Path folder, String... args) {
    return startBy(folder, List.of(), args);
  }

  /// The same through another program that ends in running it: `setpriv`, `nice`.
  static Program startBy(Path folder, List<String> by, String... args) {
    String app = System.getProperty("sigwarden.app");
    assumeTrue(app != null, "system property sigwarden.app is not set");
    Path jar = Path.of(app).resolve("quarkus-run.jar");
    assumeTrue(Files.exists(jar), () -> "the program is not packaged: no " + jar);
    List<String> command = new ArrayList<>(by);
    command.add(Path.of(app).resolve("../../sigwarden").toAbsolutePath().normalize().toString());
    command.addAll(List.of(args));
    try {
      Path out = Files.createTempFile(folder, "stdout", ".txt");
      Path err = Files.createTempFile(folder, "stderr", ".txt");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("SIGWARDEN_BUILD", "never");
      builder.environment().remove("JAVA_OPTS");
      return new Program(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs a command to its end.
  static Outcome run(Path folder, String... args) {
    try (Program program = start(folder, args)) {
      return program.end();
    }
  }

  /// Waits for the end.
  Outcome end() {
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
          .as("the command ends:%n%s%n%s", out(), err())
          .isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a command ran", e);
    }
    return new Outcome(process.exitValue(), out(), err());
  }

  /// What health or metrics answer at that path; nothing before they answer at all.
  String get(String path) throws IOException, InterruptedException {
    Matcher listening = LISTENING.matcher(err());
    if (!listening.find()) {
      return "";
    }
    URI url = URI.create(listening.group(1) + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(url).build(), BodyHandlers.ofString()).body();
    }
  }

  /// SIGKILL: no handler runs, nothing is finished.
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while killing", e);
    }
  }

  /// SIGTERM, as a service manager sends it.
  void terminate() {
    process.destroy();
  }

  /// Waits until standard error has this text, or the process has ended.
  void awaitErr(String text) {
    await(text)
        .atMost(STARTS_WITHIN)
        .untilAsserted(() ->
            assertThat(!isAlive() || err().contains(text))
                .as("has '%s':%n%s", text, err())
                .isTrue());
  }

  /// Whether it runs.
  boolean isAlive() {
    return process.isAlive();
  }

  /// The process's id.
  long pid() {
    return process.pid();
  }

  /// What it wrote to standard output so far.
  String out() {
    return read(out);
  }

  /// What it wrote to standard error so far.
  String err() {
    return read(err);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
