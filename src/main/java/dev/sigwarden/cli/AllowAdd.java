package dev.sigwarden.cli;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.AllowedCertificate;
import dev.sigwarden.watch.AllowlistEdit;
import dev.sigwarden.watch.MalformedKeyException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden allow add`: puts certificates on an allowlist.
@Command(
    name = "add",
    description = {
      "Add certificates to an allowlist file, which is made if there is none. A line that is there",
      "already is not added again. A daemon takes the changed file within seconds."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit codes: 0 added, or there already, 2 a file is not what it should be, 4 it cannot be read",
      "or the list not written."
    })
final class AllowAdd implements Callable<Integer> {
  /// Bytes of a file with a certificate, chain or request: 2,000 names stay far below.
  private static final int MAX_BYTES = 1 << 20;

  @Parameters(paramLabel = "LIST", description = "The allowlist file.")
  private Path list = Path.of("");

  @ArgGroup(multiplicity = "1..*", exclusive = true)
  private List<Source> sources = new ArrayList<>();

  @Option(
      names = "--comment",
      paramLabel = "TEXT",
      description = "Why, for people (default: whom it is about).")
  private String comment = "";

  /// One thing to allow.
  static final class Source {
    @Option(
        names = "--certificate",
        paramLabel = "FILE",
        required = true,
        description =
            "This certificate, PEM or DER, and its precertificate, by the hash of what is signed.")
    private Path certificate = NONE;

    @Option(
        names = "--csr",
        paramLabel = "FILE",
        required = true,
        description =
            "Every certificate with the key of this request, for its names and no others: to be"
                + " added before the certificate is asked for.")
    private Path csr = NONE;

    @Option(
        names = "--key-of",
        paramLabel = "FILE",
        required = true,
        description =
            "Every certificate with the key of this certificate, for its names and no others.")
    private Path keyOf = NONE;

    @Option(
        names = "--ca",
        paramLabel = "FILE",
        required = true,
        description =
            "Every certificate that this authority issues, by its certificate or public key.")
    private Path authority = NONE;

    private static final Path NONE = Path.of("");

    private Path file() {
      return List.of(certificate, csr, keyOf, authority).stream()
          .filter(file -> !file.equals(NONE))
          .findFirst()
          .orElse(NONE);
    }

    private AllowedCertificate read() throws CommandFailure {
      try {
        byte[] bytes = BoundedFile.read(file(), MAX_BYTES, "a certificate, request or key");
        if (!certificate.equals(NONE)) {
          return AllowedCertificate.certificate(bytes);
        }
        if (!csr.equals(NONE)) {
          return AllowedCertificate.request(bytes);
        }
        return keyOf.equals(NONE)
            ? AllowedCertificate.authority(bytes)
            : AllowedCertificate.keyOf(bytes);
      } catch (MalformedKeyException e) {
        throw new CommandFailure(
            Exit.USAGE,
            "%s: %s; nothing was added"
                .formatted(file(), Sanitizer.clean(String.valueOf(e.getMessage()))));
      }
    }
  }

  @Override
  public Integer call() throws CommandFailure {
    // All are read before one is written.
    List<AllowedCertificate> allowed = new ArrayList<>();
    for (Source source : sources) {
      allowed.add(source.read());
    }
    for (AllowedCertificate one : allowed) {
      add(one);
    }
    return Exit.OK;
  }

  private void add(AllowedCertificate one) throws CommandFailure {
    String why = Sanitizer.clean(comment.isEmpty() ? one.about() : comment);
    try {
      switch (AllowlistEdit.add(list, one, why)) {
        case AllowlistEdit.Outcome.Added _ ->
            System.out.println("added " + shown(one) + (why.isEmpty() ? "" : "  # " + why));
        case AllowlistEdit.Outcome.Known _ -> System.out.println("there already: " + shown(one));
        case AllowlistEdit.Outcome.Refused(String reason) ->
            throw new CommandFailure(
                Exit.USAGE, "%s is no allowlist: %s; nothing was added".formatted(list, reason));
      }
    } catch (IOException e) {
      throw new CommandFailure(
          Exit.OPERATIONAL,
          "%s cannot be written: %s"
              .formatted(list, Sanitizer.clean(String.valueOf(e.getMessage()))));
    }
  }

  private static String shown(AllowedCertificate one) {
    return Sanitizer.clean(one.line(), 200);
  }
}
