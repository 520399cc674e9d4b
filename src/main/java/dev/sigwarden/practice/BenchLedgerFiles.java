package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import dev.sigwarden.practice.PracticeTransaction.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A ledger's files of any size, made for benchmarks: a practice ledger that goes on with
/// statements as Microsoft's issuers sign them (PS384, three certificates, 4 KB). Few were signed,
/// and they come again and again: only their transactions differ. A root is signed for each
/// hundred, by the node and by the service. Keeps one file at most in memory.
public final class BenchLedgerFiles {
  /// The size of a file in bytes, as CCF has it unless told otherwise.
  private static final int FILE_BYTES = 5_000_000;

  private static final int STATEMENTS = 64;
  private static final int ENTRIES_PER_ROOT = 100;

  private final Clock clock;
  private final SecureRandom random;
  private final PracticeLedger start;
  private final Path folder;
  private final PracticeFrontier tree = new PracticeFrontier();
  private final List<PracticeTransaction> waiting = new ArrayList<>();
  private long next = 1;
  private long waitingBytes;
  private long writtenBytes;
  private int files;

  private BenchLedgerFiles(Path folder, Clock clock, SecureRandom random) {
    this.folder = folder;
    this.clock = clock;
    this.random = random;
    this.start = new PracticeLedger("bench.sigwarden.invalid", clock, random);
    start.seal();
  }

  /// What was written.
  ///
  /// @param bytes of all files
  /// @param files how many
  /// @param transactions in them
  /// @param entries statements among them
  /// @param serviceKey the service's key as PEM
  public record Written(
      long bytes, int files, long transactions, long entries, String serviceKey) {}

  /// Writes files of `size` bytes, and up to a file more, into a folder.
  public static Written write(Path folder, long size, Clock clock, SecureRandom random)
      throws IOException {
    return new BenchLedgerFiles(folder, clock, random).write(size);
  }

  private Written write(long size) throws IOException {
    for (Map.Entry<String, byte[]> file : start.files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
      writtenBytes += file.getValue().length;
      files++;
    }
    for (; next <= start.size(); next++) {
      tree.append(start.at(next).orElseThrow().leaf());
    }
    PracticeIssuer issuer = PracticeIssuer.of("Bench", Algorithm.PS384, clock, random);
    List<byte[]> statements = new ArrayList<>();
    for (int number = 0; number < STATEMENTS; number++) {
      statements.add(issuer.envelope("feed-" + number, number, new byte[] {(byte) number}));
    }
    long entries = 0;
    while (writtenBytes < size) {
      add(draft().statement(statements.get((int) (entries % STATEMENTS))));
      if (++entries % ENTRIES_PER_ROOT == 0) {
        root();
      }
    }
    return new Written(writtenBytes, files, next - 1, entries, start.service().keyPem());
  }

  private Draft draft() {
    return new Draft(new PracticeTxId(start.view(), next));
  }

  private void add(Draft draft) {
    PracticeTransaction transaction = draft.build(random);
    tree.append(transaction.leaf());
    waiting.add(transaction);
    waitingBytes += transaction.bytes().length;
    next++;
  }

  /// Signs a root, and ends the file if it is long enough.
  private void root() throws IOException {
    boolean ends = waitingBytes >= FILE_BYTES;
    PracticeTxId id = new PracticeTxId(start.view(), next);
    Hash root = tree.root();
    Draft draft = draft().flags(ends ? PracticeTransaction.ENDS_FILE : 0);
    LedgerGovernance.root(
        draft,
        start.service(),
        id,
        root,
        new PracticeRoot(start.host(), start.service(), id, root, clock.instant()));
    add(draft);
    if (ends) {
      byte[] file = PracticeLedgerFiles.file(waiting, true);
      long from = waiting.getFirst().id().seqno();
      Files.write(folder.resolve("ledger_%d-%d.committed".formatted(from, next - 1)), file);
      writtenBytes += file.length;
      files++;
      waiting.clear();
      waitingBytes = 0;
    }
  }
}
