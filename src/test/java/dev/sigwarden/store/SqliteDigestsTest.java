package dev.sigwarden.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteDigestsTest extends DigestsContract {
  @TempDir private Path folder;

  @Override
  Store open() {
    return Store.open("sqlite:" + folder.resolve("sigwarden.db"), clock);
  }
}
