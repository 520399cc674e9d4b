package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.Vectors;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.InclusionProof;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignedNote;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PracticeLogTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private final NoteSigner signer = NoteSigner.generate("practice.example/log");
  private final PracticeLog log = new PracticeLog(signer, CLOCK);

  private void grow(int entries) {
    for (int i = 0; i < entries; i++) {
      log.append(text("entry " + log.size()));
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] get(PracticeLog log, String path) {
    return log.resource(path).orElseThrow(() -> new AssertionError("not served: " + path));
  }

  @Test
  void serves_nothing_before_the_first_checkpoint() {
    grow(300);

    assertThat(log.resource("checkpoint")).isEmpty();
    assertThat(log.resource("tile/0/000")).isEmpty();
  }

  @Test
  void signs_the_root_of_every_size() throws Exception {
    CompactRange range = CompactRange.empty();
    for (int size = 0; size <= 600; size++) {
      SignedNote note = SignedNote.parse(log.publish());

      assertThat(note.check(log.verifierKey())).isInstanceOf(SignatureCheck.Valid.class);
      Checkpoint checkpoint = Checkpoint.parse(note.text());
      assertThat(checkpoint.origin()).isEqualTo("practice.example/log");
      assertThat(checkpoint.head()).isEqualTo(range.head());

      byte[] entry = text("entry " + size);
      assertThat(log.append(entry)).isEqualTo(size);
      range.append(Hash.ofLeaf(entry));
    }
  }

  @Test
  void keeps_nodes_that_prove_inclusion_and_consistency() {
    grow(520);
    TreeHead head = log.headAt(520);
    for (int size : new int[] {1, 2, 3, 255, 256, 257, 300, 511, 512, 519, 520}) {
      ConsistencyProof consistency = Proofs.consistency(size, 520, log::node);
      InclusionProof inclusion = Proofs.inclusion(size - 1, 520, log::node);

      assertThat(consistency.holds(log.headAt(size), head)).isTrue();
      assertThat(inclusion.holds(size - 1, Hash.ofLeaf(log.entry(size - 1)), head)).isTrue();
    }
  }

  @Test
  void serves_exactly_what_the_checkpoint_covers() {
    grow(300);
    log.publish();
    grow(400);

    assertThat(get(log, "tile/0/000")).hasSize(8192);
    assertThat(get(log, "tile/0/001.p/44")).hasSize(44 * 32);
    assertThat(get(log, "tile/0/001.p/1")).hasSize(32);
    assertThat(get(log, "tile/1/000.p/1")).hasSize(32);
    assertThat(get(log, "tile/entries/000"))
        .startsWith(new byte[] {0, 7})
        .contains(text("entry 255"));
    assertThat(get(log, "tile/entries/001.p/44")).contains(text("entry 299"));
    for (String path :
        List.of(
            "tile/0/001",
            "tile/0/001.p/45",
            "tile/0/002.p/1",
            "tile/1/000",
            "tile/1/000.p/2",
            "tile/2/000.p/1",
            "tile/entries/001",
            "tile/entries/001.p/45",
            "tile/0/x999/x999/x999/x999/x999/999")) {
      assertThat(log.resource(path)).as(path).isEmpty();
    }
  }

  @Test
  void serves_partial_tiles_of_full_ones_as_prefixes() {
    grow(300);
    log.publish();

    byte[] full = get(log, "tile/0/000");
    assertThat(get(log, "tile/0/000.p/255")).isEqualTo(Arrays.copyOf(full, 255 * 32));
    assertThat(get(log, "tile/entries/000.p/1"))
        .isEqualTo(concat(new byte[] {0, 7}, text("entry 0")));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void puts_the_root_of_each_full_tile_into_the_tile_above() {
    grow(256 * 3);
    log.publish();

    byte[] above = get(log, "tile/1/000.p/3");
    for (int tile = 0; tile < 3; tile++) {
      CompactRange range = CompactRange.empty();
      byte[] hashes = get(log, "tile/0/00" + tile);
      for (int at = 0; at < hashes.length; at += Hash.LENGTH) {
        range.append(hashes, at);
      }
      assertThat(Hash.of(above, tile * Hash.LENGTH)).isEqualTo(range.root());
    }
  }

  @Test
  void has_a_third_level_after_65536_entries() {
    byte[] entry = {1};
    for (int i = 0; i < 65_536 + 1; i++) {
      log.append(entry);
    }
    log.publish();

    assertThat(Hash.of(get(log, "tile/2/000.p/1"))).isEqualTo(log.headAt(65_536).root());
    assertThat(get(log, "tile/1/000")).hasSize(8192);
  }

  @Test
  void is_cosigned_by_its_witnesses() throws Exception {
    NoteSigner witness = NoteSigner.generate("witness.example");
    PracticeLog cosigned = new PracticeLog(signer, List.of(witness), CLOCK);

    SignedNote note = SignedNote.parse(cosigned.publish());

    assertThat(note.check(cosigned.witnessKeys().getFirst()))
        .isEqualTo(new SignatureCheck.Valid(NOW));
    assertThat(note.check(cosigned.verifierKey())).isInstanceOf(SignatureCheck.Valid.class);
  }

  @Test
  void forks_into_a_history_with_the_same_beginning() {
    grow(300);
    PracticeLog other = log.fork(290);
    for (int i = 290; i < 300; i++) {
      other.append(text("other"));
    }

    assertThat(other.headAt(290)).isEqualTo(log.headAt(290));
    assertThat(other.headAt(291)).isNotEqualTo(log.headAt(291));
    assertThat(other.verifierKey().toString()).isEqualTo(log.verifierKey().toString());
    assertThat(other.resource("checkpoint")).isEmpty();
  }

  @Test
  void takes_entries_of_every_length_that_a_bundle_can_hold() {
    for (int length : new int[] {0, 1, 255, 256, 32_768, PracticeLog.MAX_ENTRY_BYTES}) {
      byte[] entry = new byte[length];
      long index = log.append(entry);

      assertThat(log.entry(index)).isEqualTo(entry);
    }
    assertThatThrownBy(() -> log.append(new byte[PracticeLog.MAX_ENTRY_BYTES + 1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("entry: 65536 bytes (expected: <= 65535)");
  }

  @Test
  void refuses_sizes_and_indexes_outside_of_the_tree() {
    grow(3);

    assertThatThrownBy(() -> log.headAt(4)).hasMessage("size: 4 (expected: [0, 3])");
    assertThatThrownBy(() -> log.fork(-1)).hasMessage("size: -1 (expected: [0, 3])");
    assertThatThrownBy(() -> log.entry(3)).hasMessage("index: 3 (expected: [0, 3))");
    assertThatThrownBy(() -> log.node(1, 1)).isInstanceOf(IllegalArgumentException.class);
  }

  /// The log of another implementation, made again from its entries and its published test key.
  @Test
  void serves_the_bytes_that_tessera_serves() throws Exception {
    Path tessera = Vectors.dir("tessera-testlog").resolve("log");
    PracticeLog same =
        new PracticeLog(
            NoteSigner.parse(
                "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg"),
            CLOCK);
    byte[] bundle = Files.readAllBytes(tessera.resolve("tile/entries/000.p/15"));
    for (int at = 0; at < bundle.length; at += 2 + bundle[at + 1]) {
      assertThat(same.publish())
          .isEqualTo(Files.readAllBytes(tessera.resolve("checkpoint." + same.size())));
      same.append(Arrays.copyOfRange(bundle, at + 2, at + 2 + bundle[at + 1]));
    }
    same.publish();

    for (String path :
        List.of("checkpoint", "tile/entries/000.p/15", "tile/0/000.p/15", "tile/0/000.p/7")) {
      assertThat(get(same, path)).as(path).isEqualTo(Files.readAllBytes(tessera.resolve(path)));
    }
  }
}
