package dev.sigwarden.store;

import dev.sigwarden.sim.Postgres;
import java.time.Duration;

class PostgresDigestsTest extends DigestsContract {
  private final StorePlace.Server place = Postgres.database();

  @Override
  Store open() {
    return Opening.server(place, clock, new SharedClock(clock, Duration.ofDays(100_000)));
  }
}
