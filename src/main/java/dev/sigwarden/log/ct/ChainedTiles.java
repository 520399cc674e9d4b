package dev.sigwarden.log.ct;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Beside;
import dev.sigwarden.log.Chain;
import dev.sigwarden.log.Chains;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.log.tiles.BundleForm;
import dev.sigwarden.log.tiles.EntryBundle;
import dev.sigwarden.log.tiles.Fetches;
import dev.sigwarden.log.tiles.TilePath;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.merkle.Hash;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Data tiles, with the chains of their entries: each certificate above an entry is a resource of
/// its own, named by its SHA-256. c2sp.org/static-ct-api#issuers. Thread-safe.
///
/// Issuers are few and come again and again, so they are remembered by what they hash to: one that
/// was had is the right one for good.
final class ChainedTiles implements BundleForm {
  /// The longest issuer, in bytes: usual ones have 1 to 2 KiB.
  static final int MAX_ISSUER_BYTES = 32 * 1024;

  /// The longest tile that is read again for a chain, in bytes, inflated: usual ones have 1 MiB.
  private static final int MAX_TILE_BYTES = 4 << 20;

  /// A tile is held this often while it is read: as received, and inflated.
  private static final int COPIES = 2;

  /// What remembered issuers take at most, in bytes: some hundreds of them.
  private static final int MAX_REMEMBERED_BYTES = 1 << 20;

  /// How long the issuers of one entry are asked for in all: the entry's finding waits for them.
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final MemoryBudget memory;
  private final Cache<Hash, byte[]> issuers =
      Caffeine.newBuilder()
          .maximumWeight(MAX_REMEMBERED_BYTES)
          .<Hash, byte[]>weigher((_, der) -> der.length)
          .executor(Runnable::run)
          .build();

  ChainedTiles(MemoryBudget memory) {
    this.memory = memory;
  }

  @Override
  public int level() {
    return DataTile.FORM.level();
  }

  @Override
  public int maxBytes(int count) {
    return DataTile.FORM.maxBytes(count);
  }

  @Override
  public EntryBundle parse(String resource, TilePath path, byte[] bytes, int maxBytes)
      throws BadAnswerException {
    return DataTile.FORM.parse(resource, path, bytes, maxBytes);
  }

  @Override
  public Optional<Chains> chains(TileSource source) {
    return Optional.of((index, leaf, head, read) ->
        chain(
            source,
            TilePath.ofLeaf(level(), index, head.size()),
            index,
            leaf,
            read.flatMap(leaves -> leaves.beside(index))));
  }

  /// The chain of the leaf at `index`, which is in the tile of `path`.
  ///
  /// @param beside what the tile had beside the leaf, if that is at hand
  private Chain chain(
      TileSource source, TilePath path, long index, Hash leaf, Optional<Beside> beside)
      throws LogUnavailableException, BadAnswerException {
    ChainBuilder chain = new ChainBuilder();
    List<Hash> fingerprints =
        beside.isPresent()
            ? DataTile.readBeside(source.address(path.toString()), beside.get(), chain)
            : fingerprints(source, path, index, leaf, chain);
    // Not by the clock, which may be set back meanwhile.
    long began = System.nanoTime();
    int number = 1;
    for (Hash fingerprint : fingerprints) {
      if (number > ChainBuilder.MAX_CERTIFICATES || Thread.currentThread().isInterrupted()) {
        break;
      }
      Duration left = LONGEST.minusNanos(System.nanoTime() - began);
      if (left.isNegative()) {
        chain.without("the log took too long over the certificates before issuer " + number);
        break;
      }
      issuer(source, fingerprint, "issuer " + number, left, chain);
      number++;
    }
    return chain.build();
  }

  private List<Hash> fingerprints(
      TileSource source, TilePath path, long index, Hash leaf, ChainBuilder chain)
      throws LogUnavailableException, BadAnswerException {
    try (MemoryBudget.Charge charge = memory.charge()) {
      // Whoever asks holds leaves, so it does not wait for room.
      if (!charge.tryHold((long) COPIES * MAX_TILE_BYTES)) {
        throw new LogUnavailableException("no memory to read the chain into");
      }
      TilePath found = path;
      Optional<byte[]> tile = source.read(path.toString(), MAX_TILE_BYTES);
      if (tile.isEmpty() && path.isPartial()) {
        found = path.full();
        tile = source.read(found.toString(), MAX_TILE_BYTES);
      }
      return DataTile.readLeaf(
          source.address(found.toString()),
          found,
          tile.orElseThrow(
              () -> new LogUnavailableException(source.address(path.toString()) + ": not found")),
          MAX_TILE_BYTES,
          index,
          leaf,
          chain);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogUnavailableException("interrupted", e);
    }
  }

  private void issuer(
      TileSource source, Hash fingerprint, String what, Duration left, ChainBuilder chain) {
    byte[] known = issuers.getIfPresent(fingerprint);
    if (known != null) {
      chain.add(what, known);
      return;
    }
    String path = "issuer/" + fingerprint.toHex();
    String resource = what + ", " + source.address(path);
    try {
      Optional<byte[]> der = Fetches.within(left, () -> source.read(path, MAX_ISSUER_BYTES));
      if (der.isEmpty()) {
        chain.without(resource + ": not found");
      } else if (!Hash.ofData(der.get()).equals(fingerprint)) {
        chain.without(resource + ": other bytes (expected: of that SHA-256)");
      } else {
        issuers.put(fingerprint, der.get());
        chain.add(what, der.get());
      }
    } catch (LogUnavailableException | BadAnswerException e) {
      chain.without(resource + ": " + e.getMessage());
    }
  }
}
