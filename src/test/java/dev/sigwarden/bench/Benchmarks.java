package dev.sigwarden.bench;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs the benchmarks of this package whose names match the expression given, or all of them.
/// docs/performance.md has the command.
public final class Benchmarks {
  private Benchmarks() {}

  /// Runs them.
  public static void main(String[] args) throws RunnerException {
    String wanted = args.length == 0 ? "dev.sigwarden.bench" : args[0];
    new Runner(new OptionsBuilder().include(wanted).jvmArgsAppend("-Xmx1g").build()).run();
  }
}
