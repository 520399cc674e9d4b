package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sigwarden.access.LocalToken;
import dev.sigwarden.access.ServedCertificate;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// The packaged program with a log and a webhook around it, and its API asked over HTTP.
final class Serving implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path folder;
  private final SimulatedLog log = new SimulatedLog(Clock.systemUTC());
  private final WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, Clock.systemUTC());
  private final ConfigFile config;
  private final List<Program> programs = new ArrayList<>();

  /// What the API answered.
  ///
  /// @param status the status
  /// @param body the body
  /// @param headers the headers
  record Answer(int status, String body, java.net.http.HttpHeaders headers) {
    JsonNode json() {
      try {
        return JSON.readTree(body);
      } catch (JsonProcessingException e) {
        throw new AssertionError("no JSON: " + body, e);
      }
    }
  }

  Serving(Path folder) {
    this.folder = folder;
    config = new ConfigFile(folder, log.url().toString(), log.vkey(), hook.url().toString());
    config.allowlist("{file: allow.txt, api: true, announce: low}");
  }

  ConfigFile config() {
    return config;
  }

  SimulatedLog log() {
    return log;
  }

  WebhookReceiver hook() {
    return hook;
  }

  /// Appends an entry and publishes.
  void append(byte[] entry) {
    log.log().append(entry);
    log.log().publish();
  }

  /// Starts the program and waits until it says where it is reached.
  Program start() {
    config.save();
    return startAsWritten();
  }

  /// The same through another program: `env`.
  Program startBy(List<String> by) {
    config.save();
    return startAsWritten(by);
  }

  /// Starts the program with what stands in the configuration file.
  Program startAsWritten() {
    return startAsWritten(List.of());
  }

  private Program startAsWritten(List<String> by) {
    Program program = Program.startBy(folder, by, "run", "--config", config.path().toString());
    programs.add(program);
    until(
        "the daemon's word on where it is",
        program,
        () -> reach() != null && get("/q/health/live", "").status() == 200);
    return program;
  }

  /// Kills what runs and starts again.
  Program restart() throws IOException {
    programs.removeLast().close();
    Files.deleteIfExists(folder.resolve("state/sigwarden.local"));
    return start();
  }

  private LocalToken.@Nullable Reach reach() {
    try {
      return LocalToken.read(folder.resolve("state")).orElse(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The token of who runs the program.
  String local() {
    return known().token();
  }

  private LocalToken.Reach known() {
    LocalToken.Reach reach = reach();
    assertThat(reach).isNotNull();
    return reach;
  }

  /// Waits until this holds, while the program runs.
  void until(String what, Program program, Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          assertThat(program.isAlive()).as("%s%n%s", program.out(), program.err()).isTrue();
          return holds.call();
        });
  }

  Answer get(String path, String token) throws IOException {
    return call("GET", path, token, "");
  }

  Answer post(String path, String token, String body) throws IOException {
    return call("POST", path, token, body);
  }

  /// Calls the API.
  ///
  /// @param token empty for none
  /// @param headers names and values
  Answer call(String method, String path, String token, String body, String... headers)
      throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(known().url() + path));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    } else {
      request.header("Content-Type", "application/json");
    }
    request.method(
        method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    HttpClient.Builder builder = HttpClient.newBuilder();
    known().certificate().map(ServedCertificate::client).ifPresent(builder::sslContext);
    try (HttpClient client = builder.build()) {
      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      return new Answer(answer.statusCode(), answer.body(), answer.headers());
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while asking", e);
    }
  }

  /// A new token of that role.
  String token(String name, String role, String... lists) throws IOException {
    String named =
        lists.length == 0 ? "" : ",\"allowlists\":[\"" + String.join("\",\"", lists) + "\"]";
    Answer made =
        post(
            "/api/v1/tokens",
            local(),
            "{\"name\":\"%s\",\"role\":\"%s\",\"reason\":\"test\"%s}".formatted(name, role, named));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.json().path("token").asText();
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
    hook.close();
    log.close();
  }
}
