package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.note.NoteSigner;
import java.nio.charset.StandardCharsets;
import java.time.Clock;

/// Any path is a resource that is written back as it was, or none.
class TileResourceFuzz {
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

  private static void check(String path) {
    TileResource.parse(path).ifPresent(resource -> assertThat(resource.path()).isEqualTo(path));
    LOG.resource(path).ifPresent(body -> assertThat(body).isNotEmpty());
  }
}
