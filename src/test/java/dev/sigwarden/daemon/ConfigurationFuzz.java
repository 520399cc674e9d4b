package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Any file is a configuration or has problems that fit on a line and show no secret.
class ConfigurationFuzz {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAAAAAAAAA=";

  @FuzzTest
  void load(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("sigwarden", ".yaml");
    try {
      Files.write(file, bytes);
      Loaded<Configuration> loaded =
          Configuration.load(file, Map.of("HOOK", SECRET, "TOKEN", SECRET));
      assertThat(loaded.value().isPresent())
          .isEqualTo(loaded.problems().stream().allMatch(Problem::warning));
      for (Problem problem : loaded.problems()) {
        assertThat(problem.format()).hasSizeLessThan(4_000).doesNotContain(SECRET);
        assertThat(problem.format().codePoints()).noneMatch(Character::isISOControl);
      }
    } finally {
      Files.delete(file);
    }
  }
}
