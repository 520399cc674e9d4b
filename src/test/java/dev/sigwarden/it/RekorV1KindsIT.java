package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindSamples;
import dev.sigwarden.sim.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An entry of each kind and signature format that the real Rekor v1 server takes, each by a key of
/// its own, and a watch on each key.
class RekorV1KindsIT {
  private static final Path KEYS = Path.of("src/test/resources/fixtures/rekor-v1-kinds/keys");
  private static final int ENTRIES = 14;
  private static final JsonMapper JSON = new JsonMapper();

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

  @Test
  void malformed_and_unknown_entries_of_every_kind_stop_nothing() throws IOException {
    try (RekorProgram rekor = new RekorProgram(folder)) {
      WholeProgram program = rekor.program();
      List<byte[]> broken = new ArrayList<>();
      for (byte[] usual : KindSamples.usual().values()) {
        broken.addAll(broken(usual));
      }
      broken.forEach(entry -> rekor.simulated().rekor().append(entry));
      long theft = rekor.watched("theft behind all of them");
      rekor.simulated().rekor().publish();
      program.start();
      rekor.awaitJudged();

      assertThat(broken).hasSizeGreaterThan(200);
      // The certificates of usual entries name the watched identity as well.
      assertThat(rekor.unexpected(0)).contains(theft);
      EntryDecoder decoder = Decoders.found().forFormat("rekor");
      long undecodable =
          broken.stream()
              .filter(it -> decoder.decode(EntryBytes.of(it)) instanceof Decoded.Undecodable)
              .count();
      long told = program.findings(Kind.ENTRY_UNDECODABLE).size();
      long untold =
          program.daemon().store().untoldSum(rekor.name(0), Instant.EPOCH).orElseThrow().entries();
      assertThat(undecodable).isGreaterThan(100);
      assertThat(told + untold).isEqualTo(undecodable);
      assertThat(rekor.errors()).isEmpty();
      assertThat(program.conditionKinds()).containsOnly(Kind.ALERT_FLOOD);
    }
  }

  /// An entry cut off, of an unknown version and of an unknown kind, without its content, and with
  /// each of its values in turn replaced by others.
  private static List<byte[]> broken(byte[] usual) throws IOException {
    List<byte[]> broken = new ArrayList<>();
    broken.add(Arrays.copyOf(usual, usual.length / 2));
    broken.add(new byte[] {(byte) usual.length});
    for (JsonNode value :
        List.of(
            JSON.getNodeFactory().nullNode(),
            JSON.getNodeFactory().textNode(""),
            JSON.getNodeFactory().textNode("=?\u0000"),
            JSON.createArrayNode().add("x"))) {
      int places = places(JSON.readTree(usual));
      for (int place = 0; place < places; place++) {
        JsonNode entry = JSON.readTree(usual);
        replace(entry, new int[] {place}, value);
        broken.add(JSON.writeValueAsBytes(entry));
      }
    }
    return broken;
  }

  private static int places(JsonNode node) {
    int places = 0;
    for (JsonNode child : node) {
      places += 1 + places(child);
    }
    return places;
  }

  /// Puts `value` in the place of the member or element of that number, in the order of the text.
  private static void replace(JsonNode node, int[] place, JsonNode value) {
    if (node instanceof ObjectNode object) {
      for (String name :
          List.copyOf(object.properties().stream().map(Map.Entry::getKey).toList())) {
        if (place[0]-- == 0) {
          object.set(name, value);
          return;
        }
        replace(object.get(name), place, value);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        if (place[0]-- == 0) {
          array.set(i, value);
          return;
        }
        replace(array.get(i), place, value);
      }
    }
  }
}
