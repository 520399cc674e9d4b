package dev.sigwarden.tail;

import dev.sigwarden.ledger.ChunkName;
import dev.sigwarden.ledger.ChunkReader;
import dev.sigwarden.ledger.LedgerTransaction;
import dev.sigwarden.ledger.MalformedLedgerException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The transactions of files that were replayed, to be compared with another file's. Used by one
/// thread.
final class EarlierTransactions implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final LedgerMirror mirror;
  private final List<ChunkName> files;
  private int next;
  private @Nullable InputStream in;
  private @Nullable ChunkReader reader;
  private Optional<LedgerTransaction> at = Optional.empty();

  /// @param files those that were replayed, in order
  /// @param from the first place that is compared
  EarlierTransactions(LedgerMirror mirror, List<ChunkName> files, long from) {
    this.mirror = mirror;
    this.files = files.stream().filter(it -> it.to().orElse(0) >= from).toList();
  }

  /// What is different about a transaction that was replayed before.
  Optional<String> differs(LedgerTransaction transaction)
      throws IOException, MalformedLedgerException {
    long place = transaction.id().seqno();
    while (at.isEmpty() || at.get().id().seqno() < place) {
      if (!advance()) {
        return Optional.empty();
      }
    }
    return at.get().id().seqno() == place && !at.get().leaf().equals(transaction.leaf())
        ? Optional.of(
            "transaction %s is another one than in the file before".formatted(transaction.id()))
        : Optional.empty();
  }

  private boolean advance() throws IOException, MalformedLedgerException {
    ChunkReader open = reader;
    if (open != null) {
      at = open.next();
      if (at.isPresent()) {
        return true;
      }
    }
    close();
    if (next == files.size()) {
      return false;
    }
    ChunkName file = files.get(next++);
    InputStream opened = new BufferedInputStream(Files.newInputStream(mirror.path(file)), BUFFER);
    in = opened;
    reader = new ChunkReader(opened, Files.size(mirror.path(file)), Set.of());
    return true;
  }

  @Override
  public void close() throws IOException {
    InputStream open = in;
    if (open != null) {
      open.close();
    }
    in = null;
    reader = null;
  }
}
