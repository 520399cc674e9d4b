package dev.sigwarden.log.rekortiles;

import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogProtocolContract;
import dev.sigwarden.log.TileServer;
import java.io.IOException;
import java.nio.file.Path;

/// At the root; `EitherPrefixTest` has the other prefix.
class RekorTilesContractTest extends LogProtocolContract {
  @Override
  protected String name() {
    return "rekor-tiles";
  }

  @Override
  protected Served serve(int size, Path folder) throws IOException {
    return new TileServer(new GeneratedLog(size), "/");
  }
}
