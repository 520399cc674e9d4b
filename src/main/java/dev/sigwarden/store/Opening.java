package dev.sigwarden.store;

import java.nio.file.Path;
import java.time.Clock;

/// How a store is opened: checked, migrated, and ready to be used.
final class Opening {
  private Opening() {}

  static Store open(StorePlace place, Clock clock) {
    return switch (place) {
      case StorePlace.SqlitePath(Path path) -> file(path, clock);
      case StorePlace.Server server -> server(server, clock, new SharedClock(clock));
    };
  }

  private static Store file(Path path, Clock clock) {
    SqliteFile file = SqliteFile.open(path, clock);
    Database database = new FileDatabase(file);
    Store store = new Store(database, file::close, clock, null);
    boolean good = false;
    try {
      // The file is ours alone, so whoever leased has ended.
      database.update(
          "release of old leases",
          c -> {
            Deliveries.releaseAll(c, clock.instant());
            return true;
          });
      good = true;
      return store;
    } finally {
      if (!good) {
        store.close();
      }
    }
  }

  /// @param shared the time that is written
  static Store server(StorePlace.Server server, Clock clock, SharedClock shared) {
    PostgresServer postgres = new PostgresServer(server);
    ServerDatabase database = postgres.open();
    Replicas replicas = new Replicas(database, postgres, shared, clock);
    Store store = new Store(database, () -> {}, shared, replicas);
    boolean good = false;
    try {
      replicas.hearTime();
      good = true;
      return store;
    } finally {
      if (!good) {
        store.close();
      }
    }
  }
}
