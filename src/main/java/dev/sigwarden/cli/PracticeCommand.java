package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.BenchCtLog;
import dev.sigwarden.practice.BenchEntries;
import dev.sigwarden.practice.BenchTileLog;
import dev.sigwarden.practice.PlainServer;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.practice.PracticeSigner;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `sigwarden practice`: a generated tile log on loopback HTTP, for `bench` and for trying things
/// out.
@Command(
    name = "practice",
    description = {
      "Serve a generated tile log on loopback HTTP until standard input ends.",
      "Prints one JSON line with its url and key."
    },
    mixinStandardHelpOptions = true)
final class PracticeCommand implements Callable<Integer> {
  private static final int MAX_ENTRIES = 5_000_000;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "1000",
      description = "How many entries it has (default: ${DEFAULT-VALUE}).")
  private int entries;

  @Option(names = "--rekor", description = "Serve an instance of Rekor v1 instead of a tile log.")
  private boolean rekor;

  @Option(
      names = "--ct",
      description = "Serve a Certificate Transparency log, through both protocols.")
  private boolean ct;

  @Option(
      names = "--generated",
      description = "Make each entry of a tile log when it is asked for, instead of keeping it.")
  private boolean generated;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "300",
      description =
          "Entries/s that the instance grows by after a line of input (default: ${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "0",
      description = "For how long it then grows (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Override
  public Integer call() throws CommandFailure {
    if (entries < 0 || entries > MAX_ENTRIES) {
      throw new CommandFailure(
          Exit.USAGE, "--entries %d (expected: [0, %d])".formatted(entries, MAX_ENTRIES));
    }
    if (rekor) {
      return new PracticeRekorRun(entries, rate, seconds).serve();
    }
    return ct ? serveCt() : serveTiles();
  }

  private int serveTiles() throws CommandFailure {
    NoteSigner signer = NoteSigner.generate("bench.sigwarden.invalid");
    BenchEntries made = new BenchEntries(new PracticeSigner(Clock.systemUTC(), new SecureRandom()));
    if (generated) {
      return serve(
          new BenchTileLog(signer, made, entries)::resource, signer.verifierKey().toString());
    }
    PracticeLog log = new PracticeLog(signer, Clock.systemUTC());
    for (long index = 0; index < entries; index++) {
      log.append(made.entry(index));
    }
    log.publish();
    return serve(log::resource, log.verifierKey().toString());
  }

  private int serveCt() throws CommandFailure {
    BenchCtLog log = new BenchCtLog(BenchCt.ORIGIN, entries, Clock.systemUTC());
    return serve(log.api()::answer, log.publicKey());
  }

  private static int serve(Function<String, Optional<byte[]>> log, String key)
      throws CommandFailure {
    try (PlainServer server = PlainServer.of(log)) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("url", server.url().toString());
      line.put("key", key);
      System.out.println(line);
      // Ends when whoever started this closes its end, or dies.
      while (System.in.read() >= 0) {
        Thread.onSpinWait();
      }
      return Exit.OK;
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "serving the log: " + e.getMessage());
    }
  }
}
