package dev.sigwarden.log.tiles;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.settings.Section;

/// Any log of C2SP tlog-tiles, on a server or in a folder.
@AutoService(LogProtocol.class)
public final class TilesProtocol implements LogProtocol {
  /// Found by `ServiceLoader`.
  public TilesProtocol() {}

  @Override
  public String name() {
    return "tiles";
  }

  @Override
  public String entryFormat() {
    return "raw";
  }

  @Override
  public LogSource configure(Section log) {
    TileLocation location =
        TileLocation.read(
            log, "url", "the log's prefix: an http, https or file URL, or a local directory");
    long minimumIndex = readMinimumIndex(log);
    return tools ->
        new TilesClient(location.open(tools.http()), minimumIndex, _ -> false, tools.memory());
  }

  /// Reads the key `minimum-index`, which every protocol on tiles has.
  public static long readMinimumIndex(Section log) {
    return log.number(
        "minimum-index",
        0,
        0,
        Long.MAX_VALUE,
        "entries below this index are pruned from the log, as its policy says");
  }
}
