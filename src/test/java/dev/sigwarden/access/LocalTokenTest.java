package dev.sigwarden.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalTokenTest {
  @TempDir private Path home;

  @Test
  void commands_reach_a_daemon_whose_folder_nobody_had_made() throws IOException {
    Path folder = home.resolve("state/data");
    try (LocalToken token = LocalToken.mint(new SecureRandom())) {
      token.write(folder, "http://127.0.0.1:8321", Optional.empty());

      assertThat(LocalToken.read(folder))
          .hasValueSatisfying(reach -> assertThat(reach.url()).isEqualTo("http://127.0.0.1:8321"));
    }
    assertThat(LocalToken.read(folder)).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }
}
