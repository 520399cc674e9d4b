package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.daemon.Daemon;
import dev.sigwarden.store.Covered;
import dev.sigwarden.watch.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A configuration that is changed under three replicas, one file after the other.
class AgreedReloadIT {
  private static final int REPLICAS = 3;
  private static final int ENTRIES = 50;

  @TempDir private Path folder;
  private final Clock clock = Clock.systemUTC();

  private Path file(int replica) {
    return folder.resolve("replica-" + replica).resolve("sigwarden.yaml");
  }

  /// Gives the replica a watch more, whole at once.
  private void widen(int replica) throws IOException {
    Path file = file(replica);
    String text =
        Files.readString(file)
            .replace(
                "watches:\n", "watches:\n  words: {identities: [{text: \"*stolen words*\"}]}\n");
    Path written = Files.writeString(file.resolveSibling(".next"), text);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> watches(Daemon daemon) {
    return daemon.configuration().watches().all().stream().map(Watch::name).toList();
  }

  private static String read(Daemon asked, String replica) {
    return asked.replicas().stream()
        .filter(one -> one.id().startsWith(replica))
        .map(one -> one.configRead())
        .findFirst()
        .orElse("");
  }

  @Test
  void change_comes_into_force_on_all_replicas_once_the_last_has_read_it() throws Exception {
    try (Cluster cluster = new Cluster(folder, 2, REPLICAS);
        Daemon one = cluster.startHere(0, clock);
        Daemon two = cluster.startHere(1, clock);
        Daemon three = cluster.startHere(2, clock)) {
      List<Daemon> all = List.of(one, two, three);
      cluster.until("all know each other", () -> three.replicas().size() == REPLICAS);
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      String before = one.configuration().revision();
      assertThat(all).extracting(it -> it.configuration().revision()).containsOnly(before);

      widen(0);
      widen(1);
      cluster.until(
          "the third knows that two have read it",
          () ->
              !read(three, "replica-0").equals(before) && !read(three, "replica-1").equals(before));
      assertThat(all).allSatisfy(it -> assertThat(watches(it)).containsExactly("acme-release"));

      widen(2);
      cluster.until(
          "all go by it", () -> all.stream().allMatch(it -> watches(it).contains("words")));
      String after = one.configuration().revision();
      assertThat(after).isNotEqualTo(before);
      cluster.until(
          "all say so",
          () ->
              one.replicas().stream()
                  .allMatch(it -> it.configUsed().equals(after) && it.configRead().equals(after)));
      cluster.grow(ENTRIES);
      cluster.awaitAllTold();
      cluster.assertNothingLostNorInvented();
      assertThat(one.store().coverage().of("words", "log-0", 10))
          .extracting(Covered::from, Covered::to, Covered::current)
          .containsExactly(org.assertj.core.groups.Tuple.tuple(50L, 100L, true));
      assertThat(one.store().coverage().since("acme-release", "log-0").orElseThrow().from())
          .isZero();
    }
  }
}
