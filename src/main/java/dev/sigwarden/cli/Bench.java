package dev.sigwarden.cli;

import picocli.CommandLine.Command;

/// `sigwarden bench`: how fast this machine judges and tells.
@Command(
    name = "bench",
    description = "Measure how fast this machine judges and tells.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "tiles|ct|rekor|ledger|latency|scans",
    subcommands = {
      BenchTiles.class,
      BenchCt.class,
      BenchRekor.class,
      BenchLedger.class,
      BenchLatency.class,
      BenchScans.class
    })
final class Bench implements Runnable {
  @picocli.CommandLine.Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private picocli.CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new picocli.CommandLine.ParameterException(
        spec.commandLine(),
        "what to measure is missing (expected: tiles, ct, rekor, ledger, latency or scans)");
  }
}
