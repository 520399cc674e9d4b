package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An entry of each kind and signature format that the real Rekor v1 server takes, each by a key of
/// its own, and a watch on each key.
class RekorV1KindsIT {
  private static final Path KEYS = Path.of("src/test/resources/fixtures/rekor-v1-kinds/keys");
  private static final int ENTRIES = 14;

  @TempDir private Path folder;

  @Test
  void each_entry_is_told_by_the_watch_on_its_key_and_by_no_other() throws IOException {
    RekorFixture fixture = new RekorFixture("rekor-v1-kinds", "log.json", ENTRIES);
    try (RawHttp server = new RawHttp(fixture::serve);
        WholeProgram program = new WholeProgram(folder);
        Stream<Path> keys = Files.list(KEYS)) {
      program
          .config()
          .log("protocol", "rekor")
          .log("url", server.url().toString())
          .log("key", fixture.vkey());
      for (Path key : keys.toList()) {
        String file = key.getFileName().toString();
        program.config().write(file, Files.readString(key));
        program
            .config()
            .watch(
                file.substring(0, file.indexOf('.')),
                "{severity: high, identities: [{key-file: %s}]}".formatted(file));
      }
      program.start();
      program.until(
          "all entries",
          () ->
              program.daemon().logs().size() == 1
                  && program.daemon().logs().getFirst().position() == ENTRIES);

      List<String> expected =
          fixture.table("manifest.tsv").stream().map(row -> row[0] + " " + row[1]).toList();
      assertThat(expected).hasSize(ENTRIES);
      assertThat(program.findings())
          .allMatch(finding -> finding.alert().kind() == Kind.UNEXPECTED_SIGNATURE)
          .extracting(finding -> finding.index() + " " + finding.alert().watch())
          .containsExactlyInAnyOrderElementsOf(expected);
      for (Finding finding : program.findings()) {
        assertThat(WholeProgram.field(finding.alert().when(), "logged")).startsWith("2026-");
        assertThat(WholeProgram.evidence(finding, "inclusion.note")).startsWith("rekor.local - ");
      }
    }
  }
}
