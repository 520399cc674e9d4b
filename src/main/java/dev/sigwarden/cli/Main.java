package dev.sigwarden.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program: picks a command. Only `run` starts Quarkus.
@QuarkusMain
@Command(
    name = "sigwarden",
    description = "Watches transparency logs for signatures that nobody expected.",
    versionProvider = Version.Provider.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      Demo.class,
      Run.class,
      Check.class,
      Scan.class,
      Explain.class,
      Import.class,
      Allow.class,
      Findings.class,
      SilenceCommand.class,
      OutboxCommand.class,
      DrillCommand.class,
      AuditCommand.class,
      CoverageCommand.class,
      TokenCommand.class,
      Verify.class,
      TemplateCommand.class,
      Bench.class,
      StoreCommand.class,
      PracticeCommand.class,
      Rehearsal.class,
      Version.class
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  all is well",
      "  1  findings (scan), problems (check), refused (verify)",
      "  2  wrong usage or configuration",
      "  3  a log misbehaved: it does not prove what it serves",
      "  4  operational trouble: unreachable, no such file, disk full",
      "  5  neither proven nor disproven (statements and ledgers)"
    })
public final class Main implements Runnable {
  /// Columns of a help text: its lines are written for that many.
  private static final int HELP_WIDTH = 100;

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli before anything runs
  private CommandSpec spec;

  /// Until Quarkus sets a level, which only `run` starts, everything down to DEBUG would be put in
  /// words and kept for a log that never opens: each byte of each answer, by the HTTP client. Held
  /// here, since a logger that nobody holds forgets its level.
  private static final Logger ROOT = Logger.getLogger("");

  /// Runs the command given and ends the process with its exit code.
  public static void main(String... args) {
    ROOT.setLevel(Level.INFO);
    System.exit(run(args));
  }

  /// Runs the command given.
  ///
  /// @return the exit code
  static int run(String... args) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpWidth(HELP_WIDTH)
        .setExecutionExceptionHandler(new Failures())
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given; see --help");
  }
}
