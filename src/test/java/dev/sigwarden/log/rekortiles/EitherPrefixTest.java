package dev.sigwarden.log.rekortiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.LogTools;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.TileServer;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A Rekor v2 shard under one read prefix or the other.
class EitherPrefixTest {
  @TempDir Path folder;

  private final GeneratedLog log = new GeneratedLog(300);
  private final PoliteHttp http =
      new PoliteHttp(
          new HttpPolicy(
              "", 8, 1_000_000, HttpPolicy.DEFAULT_CONNECT_TIMEOUT, HttpPolicy.DEFAULT_DEADLINE),
          Clock.systemUTC(),
          RandomGenerator.getDefault());

  @AfterEach
  void close() {
    http.close();
  }

  private LogClient client(String yaml) throws IOException {
    Path file = Files.writeString(folder.resolve("log.yaml"), yaml);
    return SettingsFile.load(file, new RekorTilesProtocol()::configure, Map.of())
        .value()
        .orElseThrow()
        .open(new LogTools(http, Clock.systemUTC()));
  }

  @Test
  void the_public_prefix_is_found_and_kept() throws Exception {
    try (var server = new TileServer(log, "/api/v2/");
        LogClient client = client("url: " + server.url() + "\n")) {
      assertThat(client.leaves(255, 257, log.head()).count()).isEqualTo(2);
      assertThat(client.head()).isEqualTo(server.checkpoint());
      assertThat(server.requests()).allMatch(path -> path.startsWith("/api/v2/"));
      assertThat(client.leafAddress(0, 300)).isEqualTo(server.url() + "api/v2/tile/entries/000");
    }
  }

  @Test
  void the_root_is_found_and_kept() throws Exception {
    try (var server = new TileServer(log, "/");
        LogClient client = client("url: " + server.url() + "\n")) {
      assertThat(client.head()).isEqualTo(server.checkpoint());
      assertThat(client.head()).isEqualTo(server.checkpoint());
      assertThat(client.leaves(0, 300, log.head()).count()).isEqualTo(300);
      assertThat(server.requests())
          .containsExactlyInAnyOrder(
              "/api/v2/checkpoint",
              "/checkpoint",
              "/checkpoint",
              "/tile/entries/000",
              "/tile/entries/001.p/44");
    }
  }

  @Test
  void a_log_that_moved_to_the_other_prefix_is_found_again() throws Exception {
    try (var server = new TileServer(log, "/");
        LogClient client = client("url: " + server.url() + "\n")) {
      assertThat(client.head()).isEqualTo(server.checkpoint());
      server.moveTo("/api/v2/");
      assertThat(client.head()).isEqualTo(server.checkpoint());
      assertThat(client.consistency(10, 300).holds(log.head(10), log.head())).isTrue();
    }
  }

  @Test
  void a_page_of_any_kind_under_one_prefix_does_not_hide_the_log_under_the_other()
      throws Exception {
    for (int length : new int[] {10, SignedNote.MAX_BYTES + 1}) {
      TileSource page = new Fixed(Optional.of(new byte[length]));
      TileSource real = new Fixed(Optional.of(log.checkpoint(300)));
      assertThat(new EitherPrefix(List.of(page, real)).read("checkpoint", SignedNote.MAX_BYTES))
          .contains(log.checkpoint(300));
      // Alone, it is reported as what it is.
      EitherPrefix only = new EitherPrefix(List.of(page, new Fixed(Optional.empty())));
      if (length <= SignedNote.MAX_BYTES) {
        assertThat(only.read("checkpoint", SignedNote.MAX_BYTES).orElseThrow()).hasSize(length);
      } else {
        assertThatThrownBy(() -> only.read("checkpoint", SignedNote.MAX_BYTES))
            .isInstanceOf(BadAnswerException.class);
      }
    }
  }

  /// A source with the same answer for every path.
  private record Fixed(Optional<byte[]> answer) implements TileSource {
    @Override
    public Optional<byte[]> read(String path, int maxBytes) throws BadAnswerException {
      if (answer.isPresent() && answer.get().length > maxBytes) {
        throw new BadAnswerException(path, "too long");
      }
      return answer;
    }

    @Override
    public String address(String path) {
      return path;
    }

    @Override
    public String expectation() {
      return "a fixed answer";
    }
  }

  @Test
  void a_server_without_any_checkpoint_is_said_in_one_line() throws Exception {
    try (var server = new TileServer(log, "/elsewhere/");
        LogClient client = client("url: " + server.url() + "\n")) {
      assertThatThrownBy(client::head)
          .isInstanceOf(LogUnavailableException.class)
          .hasMessage(
              server.url()
                  + ": no checkpoint there (expected a Rekor v2 shard with a checkpoint here or"
                  + " under /api/v2/)");
      assertThatThrownBy(() -> client.leaves(0, 1, log.head()))
          .isInstanceOf(LogUnavailableException.class);
    }
  }

  @Test
  void a_read_url_is_the_only_place_then() throws Exception {
    try (var server = new TileServer(log, "/mirror/");
        LogClient client =
            client("url: https://shard.invalid\nread-url: " + server.url() + "mirror\n")) {
      assertThat(client.head()).isEqualTo(server.checkpoint());
      assertThat(server.requests()).containsExactly("/mirror/checkpoint");
    }
  }

  @Test
  void a_shard_is_frozen_when_its_checkpoint_says_so() throws Exception {
    try (LogClient client = client("url: https://shard.invalid\n")) {
      assertThat(frozen(client, List.of())).isFalse();
      assertThat(frozen(client, List.of("Log thawed — never"))).isFalse();
      assertThat(frozen(client, List.of("Other line", "Log frozen — Thu Jan  1 00:00:00 UTC 2026")))
          .isTrue();
    }
  }

  private boolean frozen(LogClient client, List<String> extensions) {
    return client.frozen(new Checkpoint("shard.invalid", log.head(), extensions));
  }
}
