package dev.sigwarden.log.ct;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.note.VerifierKey;
import java.util.Optional;

/// The tiles of a log that answers for its tree head elsewhere, through the API of RFC 6962: its
/// checkpoint is made from that.
final class TreeHeadSource implements TileSource {
  private final TileSource tiles;
  private final CtApi heads;
  private final VerifierKey key;

  TreeHeadSource(TileSource tiles, CtApi heads, VerifierKey key) {
    this.tiles = tiles;
    this.heads = heads;
    this.key = key;
  }

  @Override
  public Optional<byte[]> read(String path, int maxBytes)
      throws LogUnavailableException, BadAnswerException {
    return path.equals(CHECKPOINT)
        ? Optional.of(heads.treeHead().note(key))
        : tiles.read(path, maxBytes);
  }

  @Override
  public String address(String path) {
    return tiles.address(path);
  }

  @Override
  public String expectation() {
    return tiles.expectation();
  }

  @Override
  public void forget() {
    tiles.forget();
  }
}
