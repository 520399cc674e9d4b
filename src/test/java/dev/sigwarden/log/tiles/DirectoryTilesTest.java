package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTilesTest {
  @TempDir Path folder;

  @Test
  void a_folder_that_is_no_log_is_said_in_one_line() {
    try (var client =
        new TilesClient(new DirectoryTiles(folder), 0, _ -> false, MemoryBudget.standard())) {
      assertThatThrownBy(client::head)
          .isInstanceOf(LogUnavailableException.class)
          .hasMessage(
              folder
                  + ": no checkpoint there (expected a tlog-tiles directory with a file named"
                  + " checkpoint)");
    }
  }

  @Test
  void a_folder_that_is_not_there_is_no_log_either() {
    Path absent = folder.resolve("absent");
    try (var client =
        new TilesClient(new DirectoryTiles(absent), 0, _ -> false, MemoryBudget.standard())) {
      assertThatThrownBy(client::head)
          .isInstanceOf(LogUnavailableException.class)
          .hasMessageStartingWith(absent + ": no checkpoint there");
    }
  }

  @Test
  void a_file_is_read_up_to_its_bound() throws Exception {
    DirectoryTiles tiles = new DirectoryTiles(folder);
    Files.write(folder.resolve("checkpoint"), new byte[100]);
    assertThat(tiles.read("checkpoint", 100)).hasValueSatisfying(b -> assertThat(b).hasSize(100));
    assertThatThrownBy(() -> tiles.read("checkpoint", 99))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageEndingWith("longer than 99 bytes (expected: no more)");
  }

  @Test
  void what_is_no_file_is_unavailable() throws Exception {
    Files.createDirectory(folder.resolve("checkpoint"));
    assertThatThrownBy(() -> new DirectoryTiles(folder).read("checkpoint", 100))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("not a regular file");
  }

  @Test
  void nothing_outside_the_folder_is_read() throws Exception {
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.writeString(folder.resolve("secret"), "secret");
    DirectoryTiles tiles = new DirectoryTiles(inner);
    assertThatThrownBy(() -> tiles.read("../secret", 100))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> tiles.read(folder.resolve("secret").toString(), 100))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
