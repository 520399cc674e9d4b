package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.sim.Postgres;
import dev.sigwarden.store.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database that is put back as it was some time ago.
class RestoreIT {
  @TempDir private Path folder;

  @Test
  void backup_that_is_older_than_what_was_told_is_read_on_and_tells_the_same_again()
      throws IOException {
    try (WholeProgram program = new WholeProgram(folder)) {
      program.start();
      program.others(99).log().append(Entries.watched("before the backup"));
      program.awaitPosition(100);
      program.awaitDelivered();
      program.stop();
      Path backup = Files.createDirectory(folder.resolve("backup"));
      copy(folder.resolve("state"), backup);

      program.start();
      for (long size : List.of(300L, 700L)) {
        program.others(size - 1).log().append(Entries.watched("after the backup " + size));
        program.awaitPosition(size);
      }
      program.until("findings", () -> program.findings().size() == 3);
      program.awaitDelivered();
      Set<String> ids = ids(program);
      program.stop();

      empty(folder.resolve("state"));
      copy(backup, folder.resolve("state"));
      program.start();
      program.awaitPosition(700);
      program.until("findings", () -> program.findings().size() == 3);
      program.awaitDelivered();

      assertThat(ids(program)).isEqualTo(ids);
      assertThat(program.findings())
          .extracting(Finding::index)
          .containsExactlyInAnyOrder(99L, 299L, 699L);
      assertThat(program.views().getFirst().position().head())
          .isEqualTo(program.log().log().headAt(700));
      assertThat(program.daemon().conditions()).isEmpty();
      // Told again under the ids of before: receivers drop the repeat.
      assertThat(program.hook().acceptedIds()).hasSize(3);
      assertThat(program.hook().messages()).hasSize(5);
    }
  }

  @Test
  void backup_of_a_server_that_is_older_than_what_was_told_is_read_on_and_tells_the_same_again() {
    StorePlace.Server place = Postgres.database();
    StorePlace.Server other = Postgres.at(Postgres.port(), "postgres");
    String backup = place.database() + "_backup";
    String copy = "CREATE DATABASE %s TEMPLATE %s";
    try (Cluster cluster = new Cluster(folder, 2, 1, place)) {
      runUntilAllIsTold(cluster);
      Postgres.execute(other, copy.formatted(backup, place.database()));
      runUntilAllIsTold(cluster);
      Set<String> uids = uids(cluster);

      Postgres.execute(other, "DROP DATABASE " + place.database());
      Postgres.execute(other, copy.formatted(place.database(), backup));
      assertThat(uids(cluster)).isNotEmpty().isSubsetOf(uids).isNotEqualTo(uids);
      runUntilAllIsTold(cluster);

      assertThat(uids(cluster)).containsAll(uids);
      cluster.assertNothingLostNorInvented();
    }
  }

  private static void runUntilAllIsTold(Cluster cluster) {
    try (Daemon _ = cluster.startHere(0, Clock.systemUTC())) {
      cluster.grow(50);
      cluster.awaitAllTold();
    }
  }

  private static Set<String> uids(Cluster cluster) {
    return cluster.findings().stream()
        .map(it -> it.alert().uid())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> ids(WholeProgram program) {
    return program.findings().stream()
        .map(it -> it.alert().uid())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static void empty(Path state) throws IOException {
    try (Stream<Path> files = Files.list(state)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }
}
