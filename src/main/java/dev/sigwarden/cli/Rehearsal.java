package dev.sigwarden.cli;

import io.quarkus.runtime.Quarkus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;

/// `sigwarden rehearse`: does once what the program does at each start, for the ahead-of-time cache
/// that the build makes: help, the daemon on a practice log with an alert to two receivers, health
/// and metrics. Fails rather than leave something out.
@Command(
    name = "rehearse",
    hidden = true,
    description = "Do once what each start does, for the build's ahead-of-time cache.")
final class Rehearsal implements Callable<Integer> {
  @Override
  public Integer call() throws CommandFailure, InterruptedException {
    PrintStream out = System.out;
    System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
    try (Scratch scratch = Scratch.create("rehearsal");
        DemoWorld world = DemoWorld.create(scratch.folder())) {
      succeed("--help");
      succeed("scan", "--help");
      succeed("run", "--help");
      int port = freePort();
      Path config = world.config(true, port);
      succeed("check", "--config", config.toString());
      FutureTask<Integer> visit = new FutureTask<>(() -> visit(world, port));
      Thread.ofVirtual().start(visit);
      succeed("run", "--config", config.toString());
      succeed(
          "bench",
          "tiles",
          "--entries",
          "40000",
          "--watches",
          "30",
          "--allowlist",
          "1000",
          "--passes",
          "1");
      return visit.get();
    } catch (IOException | ExecutionException e) {
      throw new CommandFailure(Exit.OPERATIONAL, "the rehearsal: " + e);
    } finally {
      System.setOut(out);
    }
  }

  private static void succeed(String... args) throws CommandFailure {
    int exit = Main.run(args);
    if (exit != Exit.OK) {
      throw new CommandFailure(exit, "the rehearsal of: " + String.join(" ", args));
    }
  }

  /// Plays the demo, asks for health and metrics, and ends the daemon whatever came of it.
  private static int visit(DemoWorld world, int port)
      throws CommandFailure, IOException, InterruptedException {
    try {
      world.release();
      world.othersSign();
      world.theft();
      world.awaitHook();
      get(port, "/q/health");
      get(port, "/q/metrics");
      return Exit.OK;
    } finally {
      Quarkus.asyncExit(Exit.OK);
    }
  }

  /// Free a moment ago; the daemon does not tell which one it found by itself.
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// Whatever the answer is: to be asked is the rehearsal.
  private static void get(int port, String path) throws IOException {
    URI uri = URI.create("http://127.0.0.1:" + port + path);
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    int _ = connection.getResponseCode();
    connection.disconnect();
  }
}
