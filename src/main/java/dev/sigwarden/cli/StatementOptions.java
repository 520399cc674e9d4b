package dev.sigwarden.cli;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.tuf.RefusedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a signed statement is checked by. Nothing of it comes from the statement or its receipts.
final class StatementOptions {
  /// The longest receipt file in bytes.
  private static final int MAX_RECEIPT = 64 * 1024;

  /// Files of one option.
  private static final int MAX_FILES = 16;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description =
          "Keys of transparency services that receipts are believed by: PEM, JSON Web Keys,"
              + " COSE_KeySet or trust list. May be repeated.")
  private List<Path> keys = List.of();

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "A receipt that is not in the statement. May be repeated.")
  private List<Path> receipts = List.of();

  @Option(
      names = "--signer-key",
      paramLabel = "FILE",
      description =
          "The issuer's key as PEM, for a statement whose own certificates do not say whose it is."
              + " May be repeated.")
  private List<Path> signerKeys = List.of();

  @Option(
      names = "--feed",
      paramLabel = "PATTERN",
      description = "What the statement has to be about: its subject.")
  @Nullable String feed;

  @Option(
      names = "--min-svn",
      paramLabel = "N",
      description = "The lowest security version that will do.")
  @Nullable Long minSvn;

  @Option(
      names = "--leaf",
      paramLabel = "FORM",
      description =
          "What a service with a tree of RFC 9162 hashes into its leaves: ${COMPLETION-CANDIDATES}"
              + " of the statement (default: DIGEST).")
  private @Nullable LeafForm leaf;

  /// Whether any of them was given.
  boolean given() {
    return !keys.isEmpty()
        || !receipts.isEmpty()
        || !signerKeys.isEmpty()
        || feed != null
        || minSvn != null
        || leaf != null;
  }

  LeafForm leaf() {
    return leaf == null ? LeafForm.DIGEST : leaf;
  }

  ReceiptKeys keys() throws CommandFailure {
    return keys(keys);
  }

  /// The keys in these files of `--keys`.
  static ReceiptKeys keys(List<Path> files) throws CommandFailure {
    List<ReceiptKeys.Entry> entries = new ArrayList<>();
    for (Path file : bounded(files, "--keys")) {
      byte[] bytes = BoundedFile.read(file, ServiceKeys.MAX_BYTES, ServiceKeys.EXPECTED);
      try {
        entries.addAll(ServiceKeys.read(bytes));
      } catch (RefusedException e) {
        throw new CommandFailure(Exit.USAGE, "--keys %s: %s".formatted(file, e.getMessage()));
      }
    }
    try {
      return ReceiptKeys.of(entries);
    } catch (MalformedCoseException e) {
      throw new CommandFailure(Exit.USAGE, "--keys: " + e.getMessage());
    }
  }

  List<CoseKey> signerKeys() throws CommandFailure {
    List<CoseKey> found = new ArrayList<>();
    for (Path file : bounded(signerKeys, "--signer-key")) {
      byte[] bytes = BoundedFile.read(file, ServiceKeys.MAX_BYTES, "a key as PEM");
      try {
        found.add(ServiceKeys.pem(bytes));
      } catch (RefusedException e) {
        throw new CommandFailure(Exit.USAGE, "--signer-key %s: %s".formatted(file, e.getMessage()));
      }
    }
    return found;
  }

  List<byte[]> receipts() throws CommandFailure {
    List<byte[]> found = new ArrayList<>();
    for (Path file : bounded(receipts, "--receipt")) {
      found.add(BoundedFile.read(file, MAX_RECEIPT, "a receipt"));
    }
    return found;
  }

  private static List<Path> bounded(List<Path> files, String option) throws CommandFailure {
    if (files.size() > MAX_FILES) {
      throw new CommandFailure(
          Exit.USAGE,
          "%s: %d files (expected: at most %d)".formatted(option, files.size(), MAX_FILES));
    }
    return files;
  }
}
