package dev.sigwarden.tuf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The roots that the Sigstore project published, from the first one on.
class SigstoreRootsTest {
  private static final Instant NOW = Instant.parse("2026-08-22T00:00:00Z");
  private static final String TARGET = "trusted_root.json";

  @TempDir private Path folder;

  private static Path repository(String name) {
    return Vectors.dir("sigstore-root").resolve(name).resolve("tuf-repo");
  }

  @ParameterizedTest
  @CsvSource({"public-good, 15, 2026-08-28T19:25:56Z", "staging, 14, 2026-08-28T19:23:59Z"})
  void whole_chain_verifies_from_the_first_root(String name, int roots, Instant expires)
      throws IOException, RefusedException {
    Path repository = repository(name);
    byte[] anchor = Files.readAllBytes(repository.resolve("1.root.json"));
    TufClient client =
        new TufClient(
            anchor, new FolderRepository(repository), new TufCache(folder), TARGET, _ -> {});

    assertThat(client.refresh(NOW))
        .isInstanceOfSatisfying(
            Refresh.Fresh.class,
            fresh -> {
              assertThat(fresh.target().toBytes())
                  .isEqualTo(bytes(repository.resolveSibling(TARGET)));
              assertThat(fresh.target().expires()).isEqualTo(expires);
            });
    assertThat(folder.resolve("root.json"))
        .hasSameBinaryContentAs(repository.resolve(roots + ".root.json"));
  }

  @ParameterizedTest
  @CsvSource({"public-good, 15", "staging, 14"})
  void root_that_is_built_in_is_the_newest_of_the_chain(String name, int version)
      throws IOException {
    Path repository = repository(name);
    try (InputStream in =
        TufClient.class.getResourceAsStream("/tuf/%s.root.json".formatted(name))) {
      assertThat(in).isNotNull();
      assertThat(in.readAllBytes()).isEqualTo(bytes(repository.resolve(version + ".root.json")));
    }
  }

  @Test
  void last_root_of_public_good_has_expired_since() throws IOException, RefusedException {
    Path repository = repository("public-good");
    byte[] anchor = Files.readAllBytes(repository.resolve("10.root.json"));
    TufClient client =
        new TufClient(
            anchor, new FolderRepository(repository), new TufCache(folder), TARGET, _ -> {});

    assertThat(client.refresh(Instant.parse("2026-11-22T20:00:00Z")))
        .isEqualTo(
            new Refresh.Refused(
                "15.root.json: version 15 expired at 2026-11-20T13:58:18Z"
                    + " (expected: later than 2026-11-22T20:00:00Z)"));
  }

  @Test
  void every_byte_of_the_signed_part_of_a_root_counts() throws IOException, RefusedException {
    Path repository = repository("public-good");
    String root = Files.readString(repository.resolve("15.root.json"));
    int signed = root.indexOf("\"signed\"");
    for (String word : new String[] {"MFkwEwYH", "2026-11-20", "@lance", "\"threshold\": 3"}) {
      int at = root.indexOf(word, signed);
      char other = root.charAt(at + 2) == 'z' ? 'y' : 'z';
      String altered = root.substring(0, at + 2) + other + root.substring(at + 3);

      assertThat(refusal(altered)).as(word).isNotEmpty();
    }
    assertThat(refusal(root)).isEmpty();
  }

  private String refusal(String root) {
    try {
      new TufClient(
          TestRepository.utf8(root),
          new FolderRepository(folder),
          new TufCache(folder),
          TARGET,
          _ -> {});
      return "";
    } catch (RefusedException e) {
      return e.getMessage();
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
