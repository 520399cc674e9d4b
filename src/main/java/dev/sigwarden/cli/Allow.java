package dev.sigwarden.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `sigwarden allow`: lines of allowlists.
@Command(
    name = "allow",
    description = "Say that certificates were meant to be issued.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "add",
    subcommands = AllowAdd.class)
final class Allow implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing (expected: add, see allow add --help)");
  }
}
