package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.View;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A power cut that tore the write-ahead log. Every commit is synchronised with the disk before
/// anything follows from it, so that at most the last one can be torn; a disk that lies about that
/// loses more of them, and even then nothing is skipped.
class PowerCutIT {
  private static final int PAGE = 4_096;

  /// Of the file, and before each page. sqlite.org/fileformat2.html#walformat.
  private static final int WAL_HEADER = 32;

  private static final int FRAME_HEADER = 24;
  private static final int FRAME = FRAME_HEADER + PAGE;

  private static final int CUTS = 8;

  @TempDir private Path folder;

  @Test
  void torn_write_ahead_log_is_read_again_and_nothing_is_skipped_or_told_under_another_id()
      throws IOException {
    long seed = Long.getLong("sigwarden.seed", System.nanoTime());
    System.out.println("PowerCutIT seed " + seed);
    try (WholeProgram program = new WholeProgram(folder)) {
      Set<Long> positions = new TreeSet<>(Set.of(0L));
      program.start();
      for (long size : List.of(100L, 300L, 650L, 700L)) {
        program.others(size - 1).log().append(Entries.watched("unexpected " + size));
        program.awaitPosition(size);
        positions.addAll(List.of(size - 1, size));
      }
      program.until("findings", () -> program.findings().size() == 4);
      program.awaitDelivered();
      Set<String> uids = uids(program);
      byte[] database = Files.readAllBytes(program.config().database());
      byte[] wal = Files.readAllBytes(wal(program));
      program.stop();
      assertThat(wal.length).as("nothing was moved into the database").isGreaterThan(20 * FRAME);

      for (byte[] torn : torn(wal, new Random(seed))) {
        Files.write(program.config().database(), database);
        Files.write(wal(program), torn);
        assertThat(positions).contains(positionAsFound(program));

        program.start();
        program.awaitPosition(700);
        assertThat(program.views()).hasSize(1);
        assertThat(program.views().getFirst().position().head())
            .isEqualTo(program.log().log().headAt(700));
        assertThat(program.findings())
            .allSatisfy(it -> assertThat(it.alert().kind()).isEqualTo(Kind.UNEXPECTED_SIGNATURE))
            .extracting(Finding::index)
            .containsExactlyInAnyOrder(99L, 299L, 649L, 699L);
        assertThat(uids(program)).isEqualTo(uids);
        program.awaitDelivered();
        assertThat(program.daemon().conditions()).isEmpty();
        // Told again, if at all, under the ids of before: receivers drop the repeat.
        assertThat(program.hook().acceptedIds()).hasSize(4);
        program.stop();
      }
    }
  }

  private static Path wal(WholeProgram program) {
    return program.config().database().resolveSibling("sigwarden.db-wal");
  }

  private static Set<String> uids(WholeProgram program) {
    Set<String> uids = new TreeSet<>();
    program.findings().forEach(finding -> uids.add(finding.alert().uid()));
    return uids;
  }

  /// Entries judged, as the torn database has it. What is read is not moved into the database file
  /// of the program's own start: both are written anew for it.
  private static long positionAsFound(WholeProgram program) throws IOException {
    Path copy = Files.createDirectories(program.config().database().resolveSibling("copy"));
    Path database = copy.resolve("sigwarden.db");
    Files.write(database, Files.readAllBytes(program.config().database()));
    Files.write(copy.resolve("sigwarden.db-wal"), Files.readAllBytes(wal(program)));
    try (Store store = Store.open("sqlite:" + database, program.clock())) {
      List<View> views = store.views(ConfigFile.LOG);
      return views.isEmpty() ? 0 : views.getFirst().position().head().size();
    }
  }

  /// The write-ahead log with its last page cut, its last page garbled, any page garbled, cut
  /// anywhere, and without all of it.
  private static List<byte[]> torn(byte[] wal, Random random) {
    int frames = (wal.length - WAL_HEADER) / FRAME;
    List<byte[]> torn = new ArrayList<>();
    torn.add(Arrays.copyOf(wal, WAL_HEADER + frames * FRAME - PAGE / 2));
    torn.add(garbled(wal, frames - 1));
    torn.add(garbled(wal, random.nextInt(frames)));
    for (int cut = 0; cut < CUTS; cut++) {
      torn.add(Arrays.copyOf(wal, random.nextInt(wal.length)));
    }
    torn.add(new byte[0]);
    return torn;
  }

  private static byte[] garbled(byte[] wal, int frame) {
    byte[] garbled = wal.clone();
    int page = WAL_HEADER + frame * FRAME + FRAME_HEADER;
    Arrays.fill(garbled, page + PAGE / 2, page + PAGE, (byte) 0xa5);
    return garbled;
  }
}
