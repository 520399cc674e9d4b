package dev.sigwarden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// One tab of a Chromium without a window, driven by its DevTools protocol.
public final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /// What a page did while it was shown.
  ///
  /// @param requests the addresses that it asked for, its own first
  /// @param scripts those that it ran, and dialogs that it opened
  public record Shown(List<String> requests, List<String> scripts) {}

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();

  /// The program on the `PATH`; empty if there is none.
  public static Optional<Path> program() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A browser that has started.
  ///
  /// @param folder empty, for what it keeps
  public Chromium(Path program, Path folder) throws IOException, InterruptedException {
    ProcessBuilder started =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                // Containers have no room for the sandbox; the pages are our own.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--user-data-dir=" + folder,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile());
    started.environment().put("TMPDIR", folder.toString());
    process = started.start();
    Path active = folder.resolve("DevToolsActivePort");
    Awaitility.await("Chromium")
        .atMost(PATIENCE)
        .until(() -> Files.exists(active) && Files.readAllLines(active).size() > 1);
    String address = "http://127.0.0.1:" + Files.readAllLines(active).getFirst();
    HttpRequest tab =
        HttpRequest.newBuilder(URI.create(address + "/json/new"))
            .PUT(HttpRequest.BodyPublishers.noBody())
            .build();
    JsonNode opened = MAPPER.readTree(http.send(tab, HttpResponse.BodyHandlers.ofString()).body());
    socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(opened.path("webSocketDebuggerUrl").textValue()), new Incoming())
            .join();
    for (String domain : List.of("Page", "Network", "Debugger")) {
      ask(domain + ".enable", Map.of());
    }
  }

  /// Gives the tab a phone's screen of that many pixels, whatever it shows.
  public void resize(int width) {
    ask(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 800, "deviceScaleFactor", 1, "mobile", true));
  }

  /// Shows a page, and waits until all of it is there.
  public Shown show(URI page) {
    events.clear();
    ask("Page.navigate", Map.of("url", page.toString()));
    Awaitility.await("page")
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          dismissDialogs();
          return has("Page.loadEventFired") && has("Page.frameStoppedLoading");
        });
    List<String> requests = new ArrayList<>();
    List<String> scripts = new ArrayList<>();
    for (JsonNode event : events) {
      JsonNode params = event.path("params");
      switch (event.path("method").asText("")) {
        case "Network.requestWillBeSent" ->
            requests.add(params.path("request").path("url").asText(""));
        case "Debugger.scriptParsed" -> scripts.add(params.path("url").asText(""));
        case "Page.javascriptDialogOpening" -> scripts.add("a dialog");
        default -> {}
      }
    }
    return new Shown(requests, scripts);
  }

  private boolean has(String method) {
    return events.stream().anyMatch(event -> event.path("method").asText("").equals(method));
  }

  /// A page waits for its dialog to be answered.
  private void dismissDialogs() {
    long open =
        events.stream()
            .map(event -> event.path("method").asText(""))
            .mapToInt(method ->
                switch (method) {
                  case "Page.javascriptDialogOpening" -> 1;
                  case "Page.javascriptDialogClosed" -> -1;
                  default -> 0;
                })
            .sum();
    if (open > 0) {
      ask("Page.handleJavaScriptDialog", Map.of("accept", false));
    }
  }

  /// The value of an expression in the page.
  public JsonNode value(String expression) {
    return ask("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true))
        .path("result")
        .path("value");
  }

  private JsonNode ask(String method, Map<String, Object> params) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    asked.put(id, answer);
    ObjectNode question = MAPPER.createObjectNode().put("id", id).put("method", method);
    question.set("params", MAPPER.valueToTree(params));
    socket.sendText(question.toString(), true).join();
    try {
      return answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(method, e);
    }
  }

  private void take(String message) {
    try {
      JsonNode said = MAPPER.readTree(message);
      CompletableFuture<JsonNode> waiting = asked.remove(said.path("id").asInt(0));
      if (waiting == null) {
        events.add(said);
      } else if (said.has("error")) {
        waiting.completeExceptionally(new IllegalStateException(said.toString()));
      } else {
        waiting.complete(said.path("result"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Puts messages together.
  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
      text.append(part);
      if (last) {
        take(text.toString());
        text.setLength(0);
      }
      return WebSocket.Listener.super.onText(from, part, last);
    }
  }

  @Override
  public void close() throws InterruptedException {
    ask("Browser.close", Map.of());
    if (!process.waitFor(PATIENCE)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    socket.abort();
    http.shutdownNow();
  }
}
