package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.practice.PracticeHook;
import dev.sigwarden.tail.LogStatus;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden bench rekor`: the whole daemon on a Rekor v1 instance, which is asked ten entries at
/// a time.
@Command(
    name = "rekor",
    description = {
      "Measure how fast a Rekor v1 API is followed.",
      "Serve a Rekor v1 instance over loopback HTTP from another process and run the whole daemon on",
      "it: first a backlog, beside what the server answers to somebody who only asks; then growth at",
      "a steady rate, with the time from an entry to its alert."
    },
    mixinStandardHelpOptions = true)
final class BenchRekor implements Callable<Integer> {
  /// Requests under way at a time, as the daemon has them.
  private static final int AT_ONCE = 8;

  private static final long ANSWER_SECONDS = 60;
  private static final int MAX_ANSWER_BYTES = 4 << 20;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "20000",
      description = "Entries in the backlog (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "300",
      description = "Entries/s that it grows by afterwards (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "For how long it grows (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--poll",
      paramLabel = "DURATION",
      defaultValue = "1s",
      description = "How often the instance is asked for its head (default: ${DEFAULT-VALUE}).")
  private String poll = "1s";

  @Option(names = "--json", description = "The figures as a JSON object in the last line.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    if (entries < 1 || rate < 1 || seconds < 1) {
      throw new CommandFailure(Exit.USAGE, "--entries, --rate and --seconds (expected: >= 1)");
    }
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    String secret = "whsec_" + Base64.getEncoder().encodeToString(key);
    try (Scratch scratch = Scratch.create("bench");
        PracticeHook hook = PracticeHook.start(secret);
        ChildLog log =
            ChildLog.start(entries, "--rekor", "--rate=" + rate, "--seconds=" + seconds)) {
      Configuration configuration = Config.load(write(scratch.folder(), log, hook, secret));
      double sustained = requestsPerSecond(configuration, log);
      try (Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
        double backlog = backlog(daemon);
        report(sustained, backlog, latencies(log, hook));
      }
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's files: " + e.getMessage());
    }
    return Exit.OK;
  }

  /// Seconds that the backlog takes.
  private double backlog(Daemon daemon) throws CommandFailure, InterruptedException {
    long start = System.nanoTime();
    daemon.start();
    while (daemon.logs().stream().mapToLong(LogStatus::position).sum() < entries) {
      for (LogStatus log : daemon.logs()) {
        if (!log.error().isEmpty()) {
          throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + log.error());
        }
      }
      Thread.sleep(5);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /// Requests for ten entries each that the server answers in a second to somebody who only asks.
  private double requestsPerSecond(Configuration configuration, ChildLog log)
      throws CommandFailure, InterruptedException {
    URI uri = URI.create(log.url() + "/api/v1/log/entries/retrieve");
    int requests = Math.max(AT_ONCE, entries / 10);
    long start = System.nanoTime();
    try (PoliteHttp http =
            new PoliteHttp(configuration.requests(), Clock.systemUTC(), new SecureRandom());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> workers = new ArrayList<>();
      for (int worker = 0; worker < AT_ONCE; worker++) {
        int first = worker;
        workers.add(
            threads.submit(() -> {
              for (int i = first; i < requests; i += AT_ONCE) {
                ask(http, uri, i % Math.max(1, entries / 10));
              }
              return first;
            }));
      }
      for (Future<?> worker : workers) {
        worker.get();
      }
    } catch (ExecutionException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the bench's log: " + e.getCause());
    }
    return requests / ((System.nanoTime() - start) / 1e9);
  }

  private static void ask(PoliteHttp http, URI uri, int ten)
      throws LogUnavailableException, BadAnswerException {
    StringBuilder query = new StringBuilder("{\"logIndexes\":[");
    for (int i = 0; i < 10; i++) {
      query.append(i == 0 ? "" : ",").append(ten * 10L + i);
    }
    byte[] body = query.append("]}").toString().getBytes(StandardCharsets.US_ASCII);
    var _ = http.post("bench", uri, "application/json", body, Limits.of(MAX_ANSWER_BYTES));
  }

  /// From each watched entry to the arrival of its alert.
  private Latencies latencies(ChildLog log, PracticeHook hook)
      throws IOException, CommandFailure, InterruptedException {
    Map<String, Long> signed = new LinkedHashMap<>();
    log.grow();
    Optional<JsonNode> line = log.next();
    while (line.isPresent() && line.get().has("digest")) {
      signed.put(line.get().path("digest").asText(), line.get().path("at").asLong());
      line = log.next();
    }
    long end = System.nanoTime() + ANSWER_SECONDS * 1_000_000_000L;
    while (hook.received().size() < signed.size()) {
      if (System.nanoTime() > end) {
        throw new CommandFailure(
            Exit.OPERATIONAL,
            "%d alerts arrived (expected: %d)".formatted(hook.received().size(), signed.size()));
      }
      Thread.sleep(10);
    }
    Latencies latencies = new Latencies();
    for (PracticeHook.Received alert : hook.received()) {
      signed.forEach((digest, at) -> {
        if (alert.body().contains(digest)) {
          latencies.add(Duration.ofMillis(alert.at().toEpochMilli() - at));
        }
      });
    }
    return latencies;
  }

  private void report(double sustained, double backlog, Latencies latencies) {
    double judged = entries / backlog;
    if (json) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("entries", entries);
      line.put("seconds", backlog);
      line.put("entriesPerSecond", Math.round(judged));
      line.put("serverRequestsPerSecond", Math.round(sustained));
      line.put("ratio", judged / (10 * sustained));
      line.put("rate", rate);
      line.put("poll", poll);
      latencies.write(line.putObject("latency"));
      System.out.println(line);
      return;
    }
    System.out.printf("%,d entries judged in %.1f s: %,.0f entries/s%n", entries, backlog, judged);
    System.out.printf(
        "asking only: %,.0f requests/s of ten entries; ratio %.2f%n",
        sustained, judged / (10 * sustained));
    System.out.printf("from entry to alert at %,d entries/s, asked every %s:%n", rate, poll);
    System.out.println("  " + latencies);
  }

  private Path write(Path folder, ChildLog log, PracticeHook hook, String secret)
      throws IOException {
    Path secretFile = Files.writeString(folder.resolve("hook.secret"), secret);
    Files.setPosixFilePermissions(secretFile, PosixFilePermissions.fromString("rw-------"));
    ObjectNode root = EventJson.JSON.createObjectNode();
    root.put("contact", "bench@sigwarden.invalid");
    root.putObject("storage").put("url", "sqlite:bench.db");
    root.putObject("requests").put("at-once", 16).put("per-second", 100_000);
    root.putObject("logs")
        .putObject("bench")
        .put("protocol", "rekor")
        .put("url", log.url())
        .put("key", log.key())
        .put("poll", poll)
        .put("start", "0");
    ObjectNode watch = root.putObject("watches").putObject("watched");
    watch.put("severity", "high");
    watch
        .putArray("identities")
        .addObject()
        .put("subject", "https://github.com/" + PracticeRekorRun.WATCHED + "/*")
        .put("issuer", "https://token.actions.githubusercontent.com");
    root.putObject("receivers")
        .putObject("hook")
        .put("channel", "webhook")
        .put("url", hook.url().toString())
        .put("allow-insecure", true)
        .put("allow-private", true)
        .put("secret-file", "hook.secret");
    root.putObject("route").putArray("receivers").add("hook");
    Path file = folder.resolve("bench.yaml");
    Files.writeString(file, EventJson.JSON.writeValueAsString(root));
    return file;
  }
}
