package dev.sigwarden.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteScanBookTest extends ScanBookContract {
  @TempDir Path folder;

  @Override
  Store open() {
    return Store.open("sqlite:" + folder.resolve("sigwarden.db"), clock);
  }
}
