package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.RawHttp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An instance that the real Rekor v1 server kept, served in its stages: two heads of one shard,
/// and then a second shard, without an edit of the configuration.
class RekorV1FixtureIT {
  private static final JsonMapper JSON = new JsonMapper();

  /// Entries of the first shard.
  private static final int FIRST = 27;

  private final RekorFixture fixture = new RekorFixture("rekor-v1", "log.1.json", 3);

  @TempDir private Path folder;

  /// What is known of an entry.
  private record Row(int global, String kind, String subject, String digest) {
    static List<Row> all(RekorFixture fixture) {
      return fixture.table("manifest.tsv").stream()
          .map(it -> new Row(Integer.parseInt(it[0]), it[1], it[2], it[3]))
          .toList();
    }

    boolean watched() {
      return !subject.equals("-");
    }

    /// `TREE:INDEX` in its shard.
    String place(List<String> trees) {
      return global < FIRST
          ? trees.getFirst() + ":" + global
          : trees.getLast() + ":" + (global - FIRST);
    }
  }

  private List<String> trees() throws IOException {
    JsonNode log = JSON.readTree(fixture.file("log.3.json"));
    return List.of(
        log.path("inactiveShards").get(0).path("treeID").asText(), log.path("treeID").asText());
  }

  private static long position(WholeProgram program, String tree) {
    return program.daemon().store().views(ConfigFile.LOG + "/" + tree).stream()
        .mapToLong(view -> view.position().head().size())
        .findFirst()
        .orElse(-1);
  }

  @Test
  void alerts_on_the_unexpected_entries_of_both_shards_and_on_no_other() throws IOException {
    List<String> trees = trees();
    List<String> unexpected = new ArrayList<>();
    StringBuilder allowed = new StringBuilder();
    boolean meant = false;
    for (Row row : Row.all(fixture).stream().filter(Row::watched).toList()) {
      // Every other release was meant.
      meant = !meant && row.kind().equals("hashedrekord");
      if (meant) {
        allowed.append(row.digest()).append("  a release\n");
      } else {
        unexpected.add(row.place(trees));
      }
    }
    assertThat(unexpected).anyMatch(it -> it.startsWith(trees.getLast()));
    try (RawHttp server = new RawHttp(fixture::serve);
        WholeProgram program = new WholeProgram(folder)) {
      program
          .config()
          .log("protocol", "rekor")
          .log("url", server.url().toString())
          .log("key", fixture.vkey())
          .allow(allowed.toString());
      program.start();
      program.until("3 entries", () -> position(program, trees.getFirst()) == 3);
      fixture.show("log.2.json", FIRST);
      program.until("the first shard", () -> position(program, trees.getFirst()) == FIRST);
      fixture.show("log.3.json", 39);
      program.until("the second shard", () -> position(program, trees.getLast()) == 12);
      program.until(
          "all logs followed well",
          () ->
              program.daemon().logs().size() == 2
                  && program.daemon().logs().stream().allMatch(log -> log.error().isEmpty()));

      assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
          .extracting(RekorV1FixtureIT::place)
          .containsExactlyInAnyOrderElementsOf(unexpected);
      assertThat(program.findings(Kind.LOG_APPEARED)).hasSize(1);
      assertThat(program.findings())
          .extracting(finding -> finding.alert().kind())
          .isSubsetOf(Kind.UNEXPECTED_SIGNATURE, Kind.LOG_APPEARED);
      assertThat(program.daemon().conditions()).isEmpty();
      for (Finding finding : program.findings(Kind.UNEXPECTED_SIGNATURE)) {
        assertThat(WholeProgram.field(finding.alert().when(), "logged")).startsWith("2026-");
        assertThat(WholeProgram.evidence(finding, "inclusion.json")).contains("leafHash");
        assertThat(WholeProgram.evidence(finding, "inclusion.note")).startsWith("rekor.local - ");
      }
    }
  }

  private static String place(Finding finding) {
    String log = finding.alert().log();
    return log.substring(log.indexOf('/') + 1) + ":" + finding.index();
  }
}
