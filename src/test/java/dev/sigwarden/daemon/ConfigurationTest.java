package dev.sigwarden.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the reader of a configuration refuses before anything starts.
class ConfigurationTest {
  private static final String HOOK =
      """
      contact: it@sigwarden.invalid
      receivers:
        soc:
          channel: webhook
          url: https://soc.acme.example/hook
          secret: ${HOOK}
          token: ${TOKEN}
      """;

  @TempDir private Path folder;

  private List<Problem> problems(String yaml, Map<String, String> environment) throws IOException {
    Path file = Files.writeString(folder.resolve("sigwarden.yaml"), yaml);
    return Configuration.load(file, environment).problems();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://user:hunter2@db/sigwarden",
        "SQLITE:data.db",
        "sqlite:",
        "sqlite:data.db?mode=memory",
        "data/sigwarden.db"
      })
  void refuses_a_database_that_the_daemon_could_not_open_and_shows_no_password(String url)
      throws IOException {
    List<Problem> problems =
        problems(
            "contact: it@sigwarden.invalid\nstorage: {url: \"%s\"}\n".formatted(url), Map.of());

    assertThat(problems).extracting(Problem::path).containsExactly("storage.url");
    assertThat(problems.getFirst().format()).contains("`sqlite:`").doesNotContain("hunter2");
  }

  @Test
  void takes_a_database_s_path_from_the_file_s_folder() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            "contact: it@sigwarden.invalid\nstorage: {url: \"sqlite:state/x.db\"}\n");

    assertThat(Configuration.load(file, Map.of()).value().orElseThrow().storage().url())
        .isEqualTo("sqlite:" + folder.resolve("state/x.db"));
  }

  @Test
  void refuses_a_webhook_secret_and_a_token_of_the_wrong_form_without_showing_them()
      throws IOException {
    List<Problem> problems = problems(HOOK, Map.of("HOOK", "hunter2", "TOKEN", "two words"));

    assertThat(problems)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder("receivers.soc.secret", "receivers.soc.token");
    assertThat(problems)
        .extracting(Problem::format)
        .noneMatch(line -> line.contains("hunter2") || line.contains("two words"))
        .anyMatch(line -> line.contains("whsec_ and base64"));
  }

  @Test
  void takes_a_webhook_secret_of_the_right_form() throws IOException {
    String secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwAAAAAAAAAAA=";

    assertThat(problems(HOOK, Map.of("HOOK", secret, "TOKEN", "t0ken"))).isEmpty();
  }
}
