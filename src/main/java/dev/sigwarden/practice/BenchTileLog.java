package dev.sigwarden.practice;

import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.NoteSigner;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;

/// A tile log of generated entries of which only the hashes are kept: each bundle is made again
/// when it is asked for, so that millions of entries fit a small heap. It does not grow.
/// Thread-safe.
public final class BenchTileLog {
  private final BenchEntries entries;
  private final HashTiles tiles = new HashTiles();
  private final long size;
  private final byte[] checkpoint;

  /// A log of the first `size` entries; hashing them takes some microseconds each.
  public BenchTileLog(NoteSigner signer, BenchEntries entries, long size) {
    this.entries = entries;
    this.size = size;
    for (long index = 0; index < size; index++) {
      tiles.appendLeaf(entries.entry(index));
    }
    this.checkpoint =
        signer.sign(
            new Checkpoint(
                    signer.verifierKey().name(), Proofs.range(size, tiles::node).head(), List.of())
                .toText());
  }

  /// What is served under `path`, as of `PracticeLog.resource`.
  public Optional<byte[]> resource(String path) {
    if (path.equals(PracticeLog.CHECKPOINT)) {
      return Optional.of(checkpoint);
    }
    return TileResource.parse(path)
        .filter(resource -> resource.level() != TileResource.DATA)
        .filter(this::served)
        .map(this::bytes);
  }

  private boolean served(TileResource resource) {
    // Divided, not multiplied: an index of 18 digits times 256 is no long.
    long available = resource.available(size);
    long full = available / TileResource.FULL_WIDTH;
    return resource.index() < full
        || (resource.index() == full && resource.width() <= available % TileResource.FULL_WIDTH);
  }

  private byte[] bytes(TileResource resource) {
    if (resource.level() != TileResource.ENTRIES) {
      return tiles.tile(resource.level(), resource.index(), resource.width());
    }
    ByteArrayOutputStream bundle = new ByteArrayOutputStream(1 << 20);
    for (int i = 0; i < resource.width(); i++) {
      byte[] entry = entries.entry(resource.index() * TileResource.FULL_WIDTH + i);
      bundle.write(entry.length >>> 8);
      bundle.write(entry.length);
      bundle.writeBytes(entry);
    }
    return bundle.toByteArray();
  }
}
