package dev.sigwarden.log.ct;

import com.google.auto.service.AutoService;
import dev.sigwarden.log.LogProtocol;
import dev.sigwarden.log.LogSource;
import dev.sigwarden.log.tiles.TileLocation;
import dev.sigwarden.settings.Section;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A Certificate Transparency log of c2sp.org/static-ct-api: tiles, on a server or in a folder.
@AutoService(LogProtocol.class)
public final class StaticCtProtocol implements LogProtocol {
  /// The protocol's name.
  static final String NAME = "static-ct";

  /// Found by `ServiceLoader`.
  public StaticCtProtocol() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String entryFormat() {
    return "ct";
  }

  @Override
  public LogSource configure(Section log) {
    TileLocation location =
        TileLocation.read(
            log,
            "url",
            "the log's monitoring prefix: an http, https or file URL, or a local directory");
    Optional<URI> heads =
        log.optionalText(
                "sth-url",
                "where the log answers `ct/v1/get-sth`, if it has no checkpoint beside its tiles")
            .flatMap(text -> CtKeys.prefix(log, "sth-url", text));
    List<CtLog.Address> addresses = new ArrayList<>();
    addresses.add(new CtLog.Address.Tiles(location, heads));
    for (URI mirror : CtKeys.mirrors(log)) {
      addresses.add(new CtLog.Address.Tiles(new TileLocation.Server(mirror), heads));
    }
    return new CtLog(
        CtKeys.key(log, origin(location)), CtKeys.mmd(log), Optional.empty(), addresses);
  }

  /// A folder says nothing of the origin, so its section has to; its name stands for it until then.
  private static String origin(TileLocation location) {
    return switch (location) {
      case TileLocation.Server(URI base) -> CtKeys.origin(base);
      case TileLocation.Folder(var base) -> String.valueOf(base.getFileName()).replace(' ', '-');
    };
  }
}
