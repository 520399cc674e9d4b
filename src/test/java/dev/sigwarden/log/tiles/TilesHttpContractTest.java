package dev.sigwarden.log.tiles;

import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogProtocolContract;
import dev.sigwarden.log.TileServer;
import java.io.IOException;
import java.nio.file.Path;

class TilesHttpContractTest extends LogProtocolContract {
  @Override
  protected String name() {
    return "tiles";
  }

  @Override
  protected Served serve(int size, Path folder) throws IOException {
    return new TileServer(new GeneratedLog(size), "/some/log/");
  }
}
