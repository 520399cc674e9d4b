package dev.sigwarden.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `sigwarden allow`: lines of allowlists.
@Command(
    name = "allow",
    description = "Say what was meant to be signed or issued.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AllowAdd.class, AllowLines.All.class, AllowLines.Revoke.class})
final class Allow implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "what to do is missing (expected: add, list or revoke; see allow add --help)");
  }
}
