package dev.sigwarden.ledger;

import dev.sigwarden.merkle.Hash;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A local copy of a ledger's files.
///
/// Files may overlap, as a service's do after it began anew. What two finished ones have in common
/// has to be the same in both, byte for byte. A file that is still being written counts only if
/// none goes further: what it ends with may have been taken back.
public final class LedgerFolder {
  /// Files of one ledger.
  private static final int MAX_FILES = 1_000_000;

  private static final int BUFFER = 1 << 16;

  private final Path folder;

  /// The files that were replayed, in order.
  private final List<ChunkName> replayed = new ArrayList<>();

  /// The files in that folder.
  public LedgerFolder(Path folder) {
    this.folder = folder;
  }

  /// How a replay ended.
  public sealed interface Outcome {
    /// Every transaction of every file was taken.
    ///
    /// @param files how many were read
    record Whole(int files) implements Outcome {}

    /// Something is not as an honest ledger has it.
    ///
    /// @param file where
    /// @param why what was found and expected
    record Broken(String file, String why) implements Outcome {}
  }

  /// Replays the files in order.
  public Outcome replay(LedgerReplay replay) throws IOException {
    replayed.clear();
    List<ChunkName> names = names();
    for (int i = 0; i < names.size(); i++) {
      ChunkName name = names.get(i);
      boolean last = i + 1 == names.size();
      if (name.to().isEmpty() && (!last || name.from() <= replay.transactions())) {
        continue;
      }
      Optional<String> broken = replay(name, replay);
      if (broken.isPresent()) {
        return new Outcome.Broken(name.text(), broken.get());
      }
    }
    return replayed.isEmpty()
        ? new Outcome.Broken(folder.toString(), "no file of a ledger that begins at 1")
        : new Outcome.Whole(replayed.size());
  }

  private List<ChunkName> names() throws IOException {
    List<ChunkName> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .limit(MAX_FILES)
          .map(file -> ChunkName.parse(file.getFileName().toString()))
          .flatMap(Optional::stream)
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  private Optional<String> replay(ChunkName name, LedgerReplay replay) throws IOException {
    if (name.from() > replay.transactions() + 1) {
      return Optional.of(
          "begins at %d (expected: %d)".formatted(name.from(), replay.transactions() + 1));
    }
    long place = name.from();
    boolean further = place > replay.transactions();
    try (Chunk chunk = new Chunk(name);
        Known known = new Known(name.from())) {
      if (chunk.reader.unfinished() && name.to().isPresent()) {
        return Optional.of("is called committed and was not finished");
      }
      for (Optional<LedgerTransaction> next = chunk.reader.next();
          next.isPresent();
          next = chunk.reader.next(), place++) {
        Optional<String> broken;
        if (place <= replay.transactions()) {
          broken = known.difference(next.get(), place);
        } else {
          broken = replay.take(next.get());
          further = true;
        }
        if (broken.isPresent()) {
          return broken;
        }
      }
    } catch (MalformedLedgerException e) {
      return Optional.of(e.getMessage());
    }
    if (name.to().isPresent() && name.to().getAsLong() != place - 1) {
      return Optional.of("ends at %d (expected: %d)".formatted(place - 1, name.to().getAsLong()));
    }
    if (further) {
      replayed.add(name);
    }
    return Optional.empty();
  }

  /// One file that is open.
  private final class Chunk implements AutoCloseable {
    private final InputStream in;
    private final ChunkReader reader;

    Chunk(ChunkName name) throws IOException, MalformedLedgerException {
      Path file = folder.resolve(name.text());
      in = new BufferedInputStream(Files.newInputStream(file), BUFFER);
      try {
        reader = new ChunkReader(in, Files.size(file), LedgerReplay.TABLES);
      } catch (IOException | MalformedLedgerException e) {
        in.close();
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  /// The transactions that were replayed, read once more from some place on.
  private final class Known implements AutoCloseable {
    private final List<ChunkName> ahead;
    private Optional<Chunk> open = Optional.empty();
    private Optional<ChunkName> from = Optional.empty();

    Known(long place) {
      ahead =
          new ArrayList<>(
              replayed.stream()
                  .filter(name -> name.to().isEmpty() || name.to().getAsLong() >= place)
                  .toList());
    }

    /// Why this is not the transaction that was replayed at that place; empty if it is.
    Optional<String> difference(LedgerTransaction other, long place)
        throws IOException, MalformedLedgerException {
      LedgerTransaction known = next();
      while (known.id().seqno() < place) {
        known = next();
      }
      Hash leaf = known.leaf();
      return leaf.equals(other.leaf())
          ? Optional.empty()
          : Optional.of(
              "transaction %s is not the one that %s has at place %d"
                  .formatted(other.id(), from.map(ChunkName::text).orElse(""), place));
    }

    private LedgerTransaction next() throws IOException, MalformedLedgerException {
      while (true) {
        if (open.isPresent()) {
          Optional<LedgerTransaction> next = open.get().reader.next();
          if (next.isPresent()) {
            return next.get();
          }
          close();
        }
        if (ahead.isEmpty()) {
          throw new MalformedLedgerException("a file that was replayed is another one now");
        }
        from = Optional.of(ahead.removeFirst());
        open = Optional.of(new Chunk(from.get()));
      }
    }

    @Override
    public void close() throws IOException {
      if (open.isPresent()) {
        open.get().close();
        open = Optional.empty();
      }
    }
  }
}
