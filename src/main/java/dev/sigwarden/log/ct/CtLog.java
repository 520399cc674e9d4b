package dev.sigwarden.log.ct;

import dev.sigwarden.log.FamilySource;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.log.tiles.TilesClient;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.VerifierKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How to open one log, by its key and its addresses.
///
/// @param key of type 0x05, named after the log's origin
/// @param mmd its maximum merge delay
/// @param last the log's last head, as a list says; empty if it is not known to end
/// @param addresses where the log is read, at least one: they are compared with each other
record CtLog(VerifierKey key, Duration mmd, Optional<TreeHead> last, List<Address> addresses)
    implements LogSource {
  /// One place where a log is read.
  sealed interface Address {
    /// The API of RFC 6962.
    ///
    /// @param base ends in a slash
    record Api(URI base) implements Address {}

    /// Tiles of static-ct-api.
    ///
    /// @param heads where the tree head is asked of the API of RFC 6962, ending in a slash; empty
    ///   if the tiles have a checkpoint beside them
    record Tiles(TileLocation location, Optional<URI> heads) implements Address {}
  }

  CtLog {
    addresses = List.copyOf(addresses);
  }

  @Override
  public Optional<FamilySource.Trust> trust() {
    return Optional.of(new FamilySource.Trust(key.name(), List.of(key), ""));
  }

  @Override
  public Optional<Duration> mergeDelay() {
    return Optional.of(mmd);
  }

  @Override
  public Optional<TreeHead> finalHead() {
    return last;
  }

  @Override
  public boolean sameAs(LogSource other) {
    return equals(other);
  }

  private boolean frozen(Checkpoint checkpoint) {
    return last.filter(checkpoint.head()::equals).isPresent();
  }

  @Override
  public LogClient open(LogTools tools) {
    return FrontEnds.of(addresses.stream().map(address -> open(address, tools)).toList());
  }

  private LogClient open(Address address, LogTools tools) {
    return switch (address) {
      case Address.Api(URI base) ->
          new CtClient(new CtApi(tools.http(), base), key, this::frozen, tools.memory());
      case Address.Tiles(TileLocation location, Optional<URI> heads) ->
          new TilesClient(
              source(location.open(tools.http()), heads, tools.http()),
              new ChainedTiles(tools.memory()),
              0,
              this::frozen,
              tools.memory());
    };
  }

  private TileSource source(TileSource tiles, Optional<URI> heads, PoliteHttp http) {
    return heads
        .<TileSource>map(base -> new TreeHeadSource(tiles, new CtApi(http, base), key))
        .orElse(tiles);
  }
}
