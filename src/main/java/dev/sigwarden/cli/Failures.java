package dev.sigwarden.cli;

import dev.sigwarden.store.StoreException;
import dev.sigwarden.text.Sanitizer;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Turns what a command throws into one line on stderr and an exit code; a bug shows its stack.
final class Failures implements IExecutionExceptionHandler {
  @Override
  public int handleExecutionException(
      Exception exception, CommandLine commandLine, ParseResult parsed) {
    return switch (exception) {
      case CommandFailure failure -> {
        System.err.println("sigwarden: " + failure.getMessage());
        yield failure.exitCode();
      }
      case StoreException store -> {
        System.err.println("sigwarden: " + Sanitizer.clean(String.valueOf(store.getMessage())));
        yield Exit.OPERATIONAL;
      }
      default -> {
        System.err.println(
            "sigwarden: an error of Sigwarden itself; please report it with these lines:");
        exception.printStackTrace(System.err);
        yield Exit.OPERATIONAL;
      }
    };
  }
}
