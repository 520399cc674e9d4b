package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.note.NoteSigner;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TileResourceFuzz {
  private static final int MUTATIONS = 2_000;
  private static final PracticeLog LOG =
      new PracticeLog(NoteSigner.generate("fuzz.example"), Clock.systemUTC());

  static {
    for (int index = 0; index < 300; index++) {
      LOG.append(new byte[] {(byte) index});
    }
    LOG.publish();
  }

  @FuzzTest
  void answers_any_path(byte[] path) {
    check(new String(path, StandardCharsets.UTF_8));
  }

  @Test
  void answers_any_change_of_a_path() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    String[] paths = {"checkpoint", "tile/0/000", "tile/entries/x001/234.p/17", "tile/63/001.p/44"};
    for (int round = 0; round < MUTATIONS; round++) {
      StringBuilder path = new StringBuilder(paths[random.nextInt(paths.length)]);
      for (int changes = random.nextInt(4); changes >= 0; changes--) {
        path.setCharAt(random.nextInt(path.length()), (char) (' ' + random.nextInt(95)));
      }
      path.setLength(random.nextInt(path.length() + 1));
      try {
        check(path.toString());
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", path " + path, e);
      }
    }
  }

  private static void check(String path) {
    TileResource.parse(path).ifPresent(resource -> assertThat(resource.path()).isEqualTo(path));
    LOG.resource(path).ifPresent(body -> assertThat(body).isNotEmpty());
  }
}
