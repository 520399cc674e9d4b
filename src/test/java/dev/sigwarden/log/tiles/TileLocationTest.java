package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileLocationTest {
  @TempDir Path folder;

  private SettingsFile.Loaded<TileLocation> load(String url) throws IOException {
    Path file = Files.writeString(folder.resolve("log.yaml"), "url: \"" + url + "\"\n");
    return SettingsFile.load(
        file, section -> TileLocation.read(section, "url", "the log's prefix"), Map.of());
  }

  private TileLocation locate(String url) throws IOException {
    SettingsFile.Loaded<TileLocation> loaded = load(url);
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "https://log.example, https://log.example/",
    "https://log.example/, https://log.example/",
    "http://[::1]:8080/a/b, http://[::1]:8080/a/b/",
    "HTTPS://log.example/a/, HTTPS://log.example/a/",
  })
  void a_server_has_a_prefix_that_ends_in_a_slash(String url, URI base) throws IOException {
    assertThat(locate(url)).isEqualTo(new TileLocation.Server(base));
  }

  @Test
  void a_folder_is_named_by_url_or_path() throws IOException {
    assertThat(locate("file:///var/log/tiles"))
        .isEqualTo(new TileLocation.Folder(Path.of("/var/log/tiles")));
    assertThat(locate("/var/log/tiles"))
        .isEqualTo(new TileLocation.Folder(Path.of("/var/log/tiles")));
    assertThat(locate("logs/one"))
        .isEqualTo(new TileLocation.Folder(folder.resolve("logs/one").toAbsolutePath()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://user:secret@log.example/ | a URL with an @ in it      | a URL without user name or password",
        "https://log.example/a?key=secret | https://log.example/a?…    | a URL without query or fragment",
        "https://log.example/a#secret     | https://log.example/a#…    | a URL without query or fragment",
        "ftp://log.example/a              | ftp://log.example/a        | an http or https URL",
        "https:///a                       | https:///a                 | a URL with a valid host name and port",
        "https://under_score/a            | https://under_score/a      | a URL with a valid host name and port",
        "https://log.example:99999/a      | https://log.example:99999/a | a URL with a valid host name and port",
        "https://log.example/ a           | https://log.example/ a     | an http, https or file URL, or a path",
        "file:a                           | file:a                     | an http, https or file URL, or a path",
        "file://host/a                    | file://host/a              | an http, https or file URL, or a path",
      })
  void any_other_location_is_a_problem_that_shows_it_without_what_may_be_secret(
      String url, String found, String expected) throws IOException {
    SettingsFile.Loaded<TileLocation> loaded = load(url);
    assertThat(loaded.value()).isEmpty();
    assertThat(loaded.problems()).hasSize(1);
    Problem problem = loaded.problems().getFirst();
    assertThat(problem.found()).isEqualTo(found);
    assertThat(problem.expected()).isEqualTo(expected);
  }
}
