package dev.sigwarden.log.rekortiles;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.log.tiles.TilesClient;
import dev.sigwarden.log.tiles.TilesProtocol;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.settings.Section;
import java.util.List;
import java.util.Optional;

/// A shard of Sigstore's Rekor v2.
@AutoService(LogProtocol.class)
public final class RekorTilesProtocol implements LogProtocol {
  /// The protocol's name.
  public static final String NAME = "rekor-tiles";

  /// How the extension line of a shard's last checkpoint begins; the date of freezing follows.
  private static final String FROZEN = "Log frozen \u2014 ";

  /// The read prefix of the public instances, whose load balancers strip it; a server by itself has
  /// its resources at the root.
  private static final String PUBLIC_PREFIX = "api/v2/";

  /// Found by `ServiceLoader`.
  public RekorTilesProtocol() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String entryFormat() {
    return "rekor";
  }

  @Override
  public LogSource configure(Section log) {
    TileLocation base =
        TileLocation.read(log, "url", "the shard's URL, as in Sigstore's trusted root");
    Optional<TileLocation> readUrl =
        TileLocation.readOptional(
            log, "read-url", "where checkpoint and tiles are read, if neither url nor url/api/v2");
    return shard(base, readUrl, TilesProtocol.readMinimumIndex(log));
  }

  /// The shard whose base URL is `base`.
  ///
  /// @param readUrl where checkpoint and tiles are, if neither there nor below `api/v2`
  /// @param minimumIndex entries below this index are pruned
  public static LogSource shard(
      TileLocation base, Optional<TileLocation> readUrl, long minimumIndex) {
    return tools ->
        new TilesClient(
            readUrl
                .map(location -> location.open(tools.http()))
                .orElseGet(() -> eitherPrefix(base, tools.http())),
            minimumIndex,
            RekorTilesProtocol::frozen,
            tools.memory());
  }

  private static TileSource eitherPrefix(TileLocation base, PoliteHttp http) {
    return new EitherPrefix(List.of(base.below(PUBLIC_PREFIX).open(http), base.open(http)));
  }

  private static boolean frozen(Checkpoint checkpoint) {
    return checkpoint.extensions().stream().anyMatch(line -> line.startsWith(FROZEN));
  }
}
