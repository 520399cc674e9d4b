package dev.sigwarden.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `sigwarden store`: the database as a whole.
@Command(
    name = "store",
    description = "Move the database.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "copy",
    subcommands = StoreCopyCommand.class)
final class StoreCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing (expected: copy, see store copy --help)");
  }
}
