package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.Vectors;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.Beside;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.tiles.EntryBundle;
import dev.sigwarden.log.tiles.TilePath;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeCtApi;
import dev.sigwarden.practice.PracticeCtEntry;
import dev.sigwarden.practice.PracticeCtLog;
import dev.sigwarden.sim.SimulatedCt;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataTileTest {
  private static final Instant TAKEN = Instant.parse("2026-11-23T01:02:03Z");
  private static final TilePath THREE = new TilePath(TilePath.DATA, 0, 3);

  /// Where the entry type of the first leaf stands in a tile, low byte.
  private static final int TYPE_AT = 9;

  private final PracticeCtLog log =
      new PracticeCtLog(SimulatedCt.ORIGIN, Clock.fixed(TAKEN, ZoneOffset.UTC));

  /// A certificate, a precertificate, a certificate without issuers.
  private byte[] tile() {
    log.append(SimulatedCt.entry("first"));
    log.append(
        PracticeCtEntry.precertificate(
            Hash.ofData(new byte[1]),
            bytes("to be signed"),
            bytes("poisoned"),
            List.of(bytes("a"))));
    log.append(PracticeCtEntry.certificate(bytes("third"), List.of()));
    log.publish();
    return new PracticeCtApi(log).answer(THREE.toString()).orElseThrow();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Leaves leaves(EntryBundle bundle) {
    Leaves.Builder leaves = new Leaves.Builder(0, 256);
    bundle.addTo(leaves, 0, 256);
    return leaves.build();
  }

  private static EntryBundle parse(TilePath path, byte[] tile) throws BadAnswerException {
    return DataTile.FORM.parse("the/tile", path, tile, DataTile.FORM.maxBytes(path.width()));
  }

  @Test
  void leaves_are_the_bytes_that_their_hashes_are_made_of_and_have_their_times() throws Exception {
    Leaves leaves = leaves(parse(THREE, tile()));
    assertThat(leaves.count()).isEqualTo(3);
    for (int i = 0; i < 3; i++) {
      assertThat(leaves.copy(i)).isEqualTo(log.leaf(i));
      assertThat(leaves.loggedAt(i)).contains(TAKEN);
    }
  }

  @Test
  void what_stands_beside_each_leaf_is_had_as_it_was_sent() throws Exception {
    byte[] tile = tile();
    for (int length : List.of(tile.length, tile.length - 1)) {
      Leaves leaves = leaves(parse(THREE, Arrays.copyOf(tile, length)));
      int at = 0;
      for (int i = 0; i < leaves.count(); i++) {
        Beside beside = leaves.beside(i).orElseThrow();
        assertThat(beside.leaf()).isEqualTo(log.leaf(i));
        int from = at + log.leaf(i).length - TimestampedEntry.PREFIX_BYTES;
        at = from + beside.bytes().length;
        assertThat(beside.bytes()).isEqualTo(Arrays.copyOfRange(tile, from, at));
      }
      assertThat(leaves.count()).isEqualTo(length == tile.length ? 3 : 2);
      assertThat(leaves.beside(leaves.count())).isEmpty();
    }
    ChainBuilder chain = new ChainBuilder();
    Leaves whole = leaves(parse(THREE, tile));
    assertThat(DataTile.readBeside("the/tile", whole.beside(1).orElseThrow(), chain))
        .containsExactly(Hash.ofData(bytes("a")));
    assertThat(chain.build().pem()).contains(Base64.getEncoder().encodeToString(bytes("poisoned")));
  }

  @Test
  void every_cut_is_told_and_hides_no_leaf_before_it() throws Exception {
    byte[] tile = tile();
    for (int length = 0; length < tile.length; length++) {
      EntryBundle torn = parse(THREE, Arrays.copyOf(tile, length));
      assertThat(torn.count()).as("%d bytes", length).isLessThan(3);
      Leaves leaves = leaves(torn);
      for (int i = 0; i < torn.count(); i++) {
        assertThat(leaves.copy(i)).isEqualTo(log.leaf(i));
      }
    }
  }

  @Test
  void bytes_after_the_last_leaf_are_a_bad_answer() {
    byte[] tile = tile();
    assertThatThrownBy(() -> parse(THREE, Arrays.copyOf(tile, tile.length + 1)))
        .isInstanceOf(BadAnswerException.class)
        .hasMessage("the/tile: 1 bytes after the last of 3 leaves (expected: none)");
  }

  @Test
  void a_leaf_at_another_place_is_not_taken_for_this_one() throws Exception {
    EntryBundle elsewhere = parse(new TilePath(TilePath.DATA, 1, 3), tile());
    assertThat(elsewhere.count()).isZero();
  }

  @Test
  void an_unknown_entry_type_ends_what_can_be_read() throws Exception {
    byte[] tile = tile();
    tile[TYPE_AT] = 2;
    assertThat(parse(THREE, tile).count()).isZero();
  }

  @Test
  void a_leaf_that_was_archived_has_no_index() throws Exception {
    byte[] certificate = bytes("archived");
    ByteBuffer tile = ByteBuffer.allocate(8 + 2 + 3 + certificate.length + 2 + 2);
    tile.putLong(TAKEN.toEpochMilli()).putShort((short) 0);
    tile.put((byte) 0).putShort((short) certificate.length).put(certificate);
    EntryBundle bundle = parse(new TilePath(TilePath.DATA, 7, 1), tile.array());
    assertThat(bundle.count()).isOne();
  }

  @Test
  void the_tiles_of_a_real_log_hash_to_its_own_tiles_of_hashes() throws Exception {
    Path view = Vectors.dir("ct/sunlight-0.8.1/view-a");
    for (int tile = 0; tile < 2; tile++) {
      String name = "%03d".formatted(tile);
      TilePath path = new TilePath(TilePath.DATA, tile, 256);
      // As they lie there: gzip that nobody declared.
      Leaves leaves = leaves(parse(path, Files.readAllBytes(view.resolve("tile/data/" + name))));
      byte[] hashes = Files.readAllBytes(view.resolve("tile/0/" + name));
      for (int i = 0; i < 256; i++) {
        assertThat(Hash.ofLeaf(leaves.copy(i))).isEqualTo(Hash.of(hashes, i * Hash.LENGTH));
      }
    }
  }
}
