package dev.sigwarden.ledger;

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
public final class LedgerFolder {
  /// Files of one ledger.
  private static final int MAX_FILES = 1_000_000;

  private static final int BUFFER = 1 << 16;

  private final Path folder;

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
    int files = 0;
    for (ChunkName name : names()) {
      // Another file of the same start is a part of the longer one, which came first.
      if (name.from() <= replay.transactions()) {
        continue;
      }
      Optional<String> broken = replay(name, replay);
      if (broken.isPresent()) {
        return new Outcome.Broken(name.text(), broken.get());
      }
      files++;
    }
    return files == 0
        ? new Outcome.Broken(folder.toString(), "no file of a ledger that begins at 1")
        : new Outcome.Whole(files);
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
    Path file = folder.resolve(name.text());
    if (name.from() != replay.transactions() + 1) {
      return Optional.of(
          "begins at %d (expected: %d)".formatted(name.from(), replay.transactions() + 1));
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      ChunkReader reader = new ChunkReader(in, Files.size(file), LedgerReplay.TABLES);
      if (reader.unfinished() && name.to().isPresent()) {
        return Optional.of("is called committed and was not finished");
      }
      for (Optional<LedgerTransaction> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        Optional<String> broken = replay.take(next.get());
        if (broken.isPresent()) {
          return broken;
        }
      }
    } catch (MalformedLedgerException e) {
      return Optional.of(e.getMessage());
    }
    if (name.to().isPresent() && name.to().getAsLong() != replay.transactions()) {
      return Optional.of(
          "ends at %d (expected: %d)".formatted(replay.transactions(), name.to().getAsLong()));
    }
    return Optional.empty();
  }
}
