package dev.sigwarden.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.practice.BenchEntries;
import dev.sigwarden.practice.PracticeCredential.KeyKind;
import dev.sigwarden.practice.PracticeEntries;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.practice.PracticeRekorServer;
import dev.sigwarden.practice.PracticeSigner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;

/// Serves a Rekor v1 instance until standard input ends; after a line of input it grows at a steady
/// rate for a while, and says when the watched identity signed.
///
/// @param entries that it has at first
/// @param rate entries a second that it grows by
/// @param seconds for how long
record PracticeRekorRun(int entries, int rate, int seconds) {
  /// The repository that signs now and then.
  static final String WATCHED = "bench/watched";

  /// Heads a second while it grows, as public instances sign one per request.
  private static final int HEADS_A_SECOND = 10;

  /// One in so many entries is by the watched identity.
  private static final int WATCHED_ONE_IN = 50;

  int serve() throws CommandFailure {
    // It writes head and body of an answer apart: without this the body waits for the peer's
    // delayed
    // acknowledgement, some 40 ms.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    PracticeRekor rekor =
        new PracticeRekor("bench.sigwarden.invalid", new SecureRandom(), Clock.systemUTC());
    PracticeSigner signer = new PracticeSigner(Clock.systemUTC(), new SecureRandom());
    BenchEntries generated = new BenchEntries(signer);
    for (long index = 0; index < entries; index++) {
      rekor.append(generated.entry(index));
    }
    rekor.publish();
    try (PracticeRekorServer server = PracticeRekorServer.start(rekor)) {
      ObjectNode line = EventJson.JSON.createObjectNode();
      line.put("url", server.url().toString());
      line.put("key", rekor.verifierKey().toString());
      System.out.println(line);
      // Ends when whoever started this closes its end, or dies.
      while (System.in.read() >= 0) {
        grow(rekor, signer, generated);
        System.out.println("{}");
      }
      return Exit.OK;
    } catch (IOException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "serving the instance: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Exit.OPERATIONAL;
    }
  }

  private void grow(PracticeRekor rekor, PracticeSigner signer, BenchEntries generated)
      throws InterruptedException {
    long began = System.nanoTime();
    long total = (long) rate * seconds;
    long done = 0;
    while (done < total) {
      long due = Math.min(total, (long) ((System.nanoTime() - began) / 1e9 * rate));
      for (; done < due; done++) {
        if (done % WATCHED_ONE_IN == 0) {
          watched(rekor, signer, "watched " + done);
        } else {
          rekor.append(generated.entry(entries + done));
        }
      }
      rekor.publish();
      Thread.sleep(1_000 / HEADS_A_SECOND);
    }
  }

  private static void watched(PracticeRekor rekor, PracticeSigner signer, String artifact) {
    byte[] bytes = artifact.getBytes(StandardCharsets.UTF_8);
    byte[] entry =
        PracticeEntries.hashedRekord(
            signer.certificate(
                PracticeIdentity.githubWorkflow(WATCHED, "release.yml", "refs/heads/main")),
            bytes);
    ObjectNode line = EventJson.JSON.createObjectNode();
    line.put("digest", HexFormat.of().formatHex(KeyKind.P256.digest(bytes)));
    line.put("at", System.currentTimeMillis());
    rekor.append(entry);
    System.out.println(line);
  }
}
