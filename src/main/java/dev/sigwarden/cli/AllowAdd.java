package dev.sigwarden.cli;

import dev.sigwarden.text.Sanitizer;
import dev.sigwarden.watch.AllowedCertificate;
import dev.sigwarden.watch.AllowlistEdit;
import dev.sigwarden.watch.AllowlistSigner;
import dev.sigwarden.watch.MalformedKeyException;
import dev.sigwarden.watch.Submission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `sigwarden allow add`: puts artifacts and certificates on an allowlist, a file or one of a
/// running daemon.
@Command(
    name = "add",
    description = {
      "Add lines to an allowlist.",
      "Of a running daemon by the list's name, NAME or TEAM/NAME; or a file that exists, or whose name",
      "has a dot or begins with ./ or /: that is made if there is none. A line that is there already",
      "is not added again. A daemon counts what was handed to it at once, and takes a changed file",
      "within seconds."
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

  @Mixin private Reached reached = new Reached();

  @Parameters(paramLabel = "LIST", description = "The allowlist's name, or a file.")
  private String list = "";

  @ArgGroup(multiplicity = "1..*", exclusive = true)
  private List<Source> sources = new ArrayList<>();

  @Option(
      names = {"--reason", "--comment"},
      paramLabel = "TEXT",
      description = "Why, for people and the audit log (of a file by default: whom it is about).")
  private String comment = "";

  @Option(
      names = "--signature",
      paramLabel = "FILE",
      description =
          "A signature over the file in --lines, by minisign or ssh-keygen -Y sign, or a Sigstore"
              + " bundle, where the list asks for one.")
  private @Nullable Path signature;

  @Option(
      names = "--due",
      paramLabel = "TIME",
      description =
          "By when its entry must be in a log, or it is told as missing: 2026-11-22T10:00:00Z, or"
              + " from now on: 90m, 2h, 7d.")
  private String due = "";

  @Option(
      names = "--log",
      paramLabel = "NAME",
      description = "In which log or family it must be (default: in any that is followed).")
  private String log = "";

  /// One thing to allow.
  static final class Source {
    @Option(
        names = "--digest",
        paramLabel = "DIGEST",
        required = true,
        description = "This artifact, by sha256:, sha384: or sha512: and hex.")
    private String digest = "";

    @Option(
        names = "--lines",
        paramLabel = "FILE",
        required = true,
        description = "Every line of this file: the output of sha256sum, or another allowlist.")
    private Path lines = NONE;

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

    private List<AllowedCertificate> read() throws CommandFailure {
      if (!digest.isEmpty() || !lines.equals(NONE)) {
        List<AllowedCertificate> all = new ArrayList<>();
        AllowLines.of(text(), digest.isEmpty() ? lines.toString() : "--digest")
            .forEach((line, note) -> all.add(new AllowedCertificate(line, note)));
        return all;
      }
      return List.of(readCertificate());
    }

    /// The text of a digest or of a file with lines.
    private byte[] text() throws CommandFailure {
      return digest.isEmpty()
          ? BoundedFile.read(lines, Submission.MAX_BYTES, "lines of an allowlist")
          : digest.getBytes(StandardCharsets.UTF_8);
    }

    private AllowedCertificate readCertificate() throws CommandFailure {
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
    String words = AllowLines.dueWords(due, log, Instant.now());
    List<AllowedCertificate> allowed = new ArrayList<>();
    for (Source source : sources) {
      for (AllowedCertificate one : source.read()) {
        allowed.add(AllowLines.due(words, one));
      }
    }
    if (AllowLines.isFile(list)) {
      for (AllowedCertificate one : allowed) {
        add(Path.of(list), one);
      }
    } else {
      handIn(allowed);
    }
    return Exit.OK;
  }

  /// Signed lines go as they are; others each with whom it is about.
  private void handIn(List<AllowedCertificate> allowed) throws CommandFailure {
    if (signature == null) {
      StringBuilder text = new StringBuilder();
      for (AllowedCertificate one : allowed) {
        text.append(one.line()).append(one.about().isEmpty() ? "" : "  # " + one.about());
        text.append('\n');
      }
      AllowLines.post(reached.client(), list, "lines", text.toString(), comment, "");
      return;
    }
    if (sources.size() != 1 || sources.getFirst().lines.equals(Source.NONE) || !due.isEmpty()) {
      throw new CommandFailure(
          Exit.USAGE, "--signature is over the file in one --lines, which says itself what is due");
    }
    byte[] signed = BoundedFile.read(signature, AllowlistSigner.MAX_SIGNATURE_BYTES, "a signature");
    AllowLines.post(
        reached.client(),
        list,
        "lines",
        new String(sources.getFirst().text(), StandardCharsets.UTF_8),
        comment,
        new String(signed, StandardCharsets.UTF_8));
  }

  private void add(Path list, AllowedCertificate one) throws CommandFailure {
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
