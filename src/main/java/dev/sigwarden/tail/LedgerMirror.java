package dev.sigwarden.tail;

import dev.sigwarden.ledger.ChunkName;
import dev.sigwarden.ledger.ChunkReader;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.log.LogUnavailableException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// A local copy of a ledger's finished files: downloaded piece by piece, gone on with after a cut,
/// and compared with what the index and the server say later. Files that are still being written
/// are left alone. Used by one thread.
final class LedgerMirror {
  /// Bytes asked for at once.
  private static final int PIECE = 4 << 20;

  /// Bytes of a file that are compared again in one look.
  private static final int SPOT = 64 << 10;

  /// How long one look downloads, in nanoseconds: the ledger itself is to be asked meanwhile.
  private static final long LONGEST = 20_000_000_000L;

  /// Bytes that stay free where the copy is: whoever serves the files decides how long they are,
  /// and the database may lie on the same disk.
  static final long LEFT_FREE = 256L << 20;

  /// What a file is called until it is whole.
  private static final String UNFINISHED = ".part";

  private final LedgerClient client;
  private final Path folder;
  private final BooleanSupplier stopping;
  private final Room room;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private Optional<String> full = Optional.empty();

  /// How many bytes may still be written where a folder is.
  @FunctionalInterface
  interface Room {
    long bytes(Path folder) throws IOException;
  }

  LedgerMirror(LedgerClient client, Path folder, BooleanSupplier stopping) {
    this(client, folder, stopping, path -> Files.getFileStore(path).getUsableSpace());
  }

  LedgerMirror(LedgerClient client, Path folder, BooleanSupplier stopping, Room room) {
    this.client = client;
    this.folder = folder;
    this.stopping = stopping;
    this.room = room;
  }

  /// Why the last look downloaded less than there is; empty if there was room for all.
  Optional<String> full() {
    return full;
  }

  /// A file that is not what it was.
  ///
  /// @param why what is different
  record Changed(ChunkName file, String why) {}

  /// The place of a file.
  Path path(ChunkName file) {
    return folder.resolve(file.text());
  }

  /// The files that are here whole, in order.
  List<ChunkName> here() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> ChunkName.parse(file.getFileName().toString()))
          .flatMap(Optional::stream)
          .filter(name -> name.to().isPresent())
          .sorted()
          .toList();
    }
  }

  /// Gives a file up, to be downloaded again.
  void drop(ChunkName file) throws IOException {
    Files.deleteIfExists(path(file));
    Files.deleteIfExists(unfinished(file));
  }

  private Path unfinished(ChunkName file) {
    return folder.resolve(file.text() + UNFINISHED);
  }

  /// Downloads what is missing, as far as the time allows, and compares one file that is here.
  Optional<Changed> look() throws LogUnavailableException, BadAnswerException, IOException {
    List<LedgerClient.File> index = client.files().orElse(List.of());
    Files.createDirectories(folder);
    full = Optional.empty();
    long began = System.nanoTime();
    List<LedgerClient.File> known = new ArrayList<>();
    for (LedgerClient.File file : sorted(index)) {
      ChunkName name = ChunkName.parse(file.name()).orElseThrow();
      if (Files.exists(path(name))) {
        known.add(file);
        if (file.size() >= 0 && file.size() != Files.size(path(name))) {
          return Optional.of(
              new Changed(
                  name,
                  "it has %d bytes now (known: %d)"
                      .formatted(file.size(), Files.size(path(name)))));
        }
      } else if (full.isEmpty()
          && System.nanoTime() - began < LONGEST
          && !stopping.getAsBoolean()) {
        download(name, file.size());
      }
    }
    return known.isEmpty() ? Optional.empty() : spot(known);
  }

  private static List<LedgerClient.File> sorted(List<LedgerClient.File> index) {
    return index.stream()
        .filter(file -> ChunkName.parse(file.name()).filter(it -> it.to().isPresent()).isPresent())
        .filter(file -> file.size() <= ChunkReader.MAX_FILE)
        .sorted((one, other) ->
            ChunkName.parse(one.name())
                .orElseThrow()
                .compareTo(ChunkName.parse(other.name()).orElseThrow()))
        .toList();
  }

  /// Goes on with a file where the last download ended.
  ///
  /// @param size of the whole file; -1 if the index does not say, so that a short piece is the last
  private void download(ChunkName name, long size)
      throws LogUnavailableException, BadAnswerException, IOException {
    Path part = unfinished(name);
    long have = Files.exists(part) ? Files.size(part) : 0;
    if (size >= 0 && have > size) {
      Files.delete(part);
      have = 0;
    }
    boolean whole = size == have;
    while (!whole) {
      if (stopping.getAsBoolean() || have > ChunkReader.MAX_FILE) {
        return;
      }
      int length = (int) (size < 0 ? PIECE : Math.min(PIECE, size - have));
      long free = room.bytes(folder);
      if (free - length < LEFT_FREE) {
        full =
            Optional.of(
                "ledger file %s: %d bytes are free at %s (expected: %d, which are left for others)"
                    .formatted(name.text(), free, folder, LEFT_FREE + length));
        return;
      }
      byte[] bytes = client.part(name.text(), have, length);
      if (bytes.length == 0) {
        throw new LogUnavailableException(
            "ledger file %s: nothing at byte %d (expected: %d bytes)"
                .formatted(name.text(), have, length));
      }
      Files.write(part, bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      have += bytes.length;
      whole = size < 0 ? bytes.length < length : have >= size;
    }
    Files.move(part, path(name), StandardCopyOption.ATOMIC_MOVE);
  }

  /// Compares a part of one file with what the server has now.
  private Optional<Changed> spot(List<LedgerClient.File> known)
      throws LogUnavailableException, BadAnswerException, IOException {
    LedgerClient.File file = known.get(random.nextInt(known.size()));
    ChunkName name = ChunkName.parse(file.name()).orElseThrow();
    long size = Files.size(path(name));
    long from = size <= SPOT ? 0 : random.nextLong(size - SPOT);
    byte[] here = read(path(name), from, (int) Math.min(SPOT, size));
    byte[] there = client.part(file.name(), from, here.length);
    if (there.length < here.length || Arrays.equals(here, there)) {
      return Optional.empty();
    }
    return Optional.of(
        new Changed(
            name, "bytes [%d, %d) are others than before".formatted(from, from + here.length)));
  }

  private static byte[] read(Path path, long from, int length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      byte[] bytes = new byte[length];
      file.seek(from);
      file.readFully(bytes);
      return bytes;
    }
  }
}
