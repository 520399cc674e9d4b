package dev.sigwarden.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// A command that does nothing itself: its own commands do. Called without one it says which there
/// are.
abstract class Group implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to do is missing (expected: %s)"
            .formatted(String.join(", ", spec.subcommands().keySet())));
  }
}
