package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.daemon.Configuration;
import dev.sigwarden.daemon.Daemon;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden demo`: the theft of a signing identity, and the alerts.
@Command(
    name = "demo",
    description = {
      "Show the main job on a practice log in this process.",
      "A team releases, a thief signs with the team's identity, and the alert arrives on the console,",
      "at a signed webhook, and as e-mail in a folder. The same code as `run`, on real trees, keys and",
      "signatures; nothing leaves this machine."
    },
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  @Option(names = "--once", description = "End after the alerts arrived; else wait for Ctrl-C.")
  private boolean once;

  @Option(
      names = "--json",
      description = "Tell the outcome as one JSON object in the last line, and end.")
  private boolean json;

  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    try (Scratch scratch = Scratch.create("demo");
        DemoWorld world = DemoWorld.create(scratch.folder())) {
      Configuration configuration = Config.load(world.config(json, 0));
      try (Daemon daemon = Daemon.open(configuration, Clock.systemUTC())) {
        daemon.start();
        DemoWorld.Outcome outcome = play(world, daemon);
        if (json) {
          System.out.println(line(outcome));
        }
        if (once) {
          say("");
          say("The practice log and its files end here; without --once they stay until Ctrl-C.");
        } else if (!json) {
          System.out.printf(
              "%nThe practice log goes on at %s; its state is in %s.%nPress Ctrl-C to end.%n",
              world.url(), scratch.folder());
          new java.util.concurrent.CountDownLatch(1).await();
        }
      }
      return Exit.OK;
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the demo's files: " + e.getMessage());
    }
  }

  private DemoWorld.Outcome play(DemoWorld world, Daemon daemon)
      throws CommandFailure, InterruptedException, IOException {
    say("1. The team acme publishes release 1.0.0. Its workflow signs it, the log records it,");
    say("   and the release's digest is on the team's allowlist.");
    world.release();
    world.awaitJudged(daemon);
    say("   Sigwarden proved and judged the entry: expected, no alert.");
    say("");
    say(
        "2. Other people sign other things: the log grows by 500 entries that concern nobody here.");
    world.othersSign();
    world.awaitJudged(daemon);
    say("   Proved and judged, none of them selected by a watch.");
    say("");
    say(
        "3. A thief has taken over the team's release workflow and signs malware with its identity.");
    say("   The signature is perfectly valid: nothing that only verifies it would object.");
    world.theft();
    say("");
    say("4. The alert:");
    say("");
    DemoWorld.Outcome outcome = world.awaitAlerts(daemon);
    say("");
    say("   Signed webhook: received and its signature verified.");
    say("   E-mail: " + (once ? "a file in the demo's mail folder." : world.mail()));
    say(
        String.format(
            Locale.ROOT,
            "   From the entry in the log to the last receiver: %d ms.",
            outcome.latencyMillis()));
    return outcome;
  }

  private void say(String line) {
    if (!json) {
      System.out.println(line);
    }
  }

  private static ObjectNode line(DemoWorld.Outcome outcome) {
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("findings", outcome.findings());
    line.put("expected", outcome.expected());
    ObjectNode delivered = line.putObject("delivered");
    outcome.delivered().forEach(delivered::put);
    line.put("webhookSignatureVerified", outcome.webhookVerified());
    line.put("entriesProven", outcome.proven());
    line.put("alertLatencyMillis", outcome.latencyMillis());
    return line;
  }
}
