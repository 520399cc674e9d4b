package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilePathTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0, 256, tile/0/000",
    "0, 0, 1, tile/0/000.p/1",
    "1, 455667, 256, tile/1/x455/667",
    "0, 1234067, 8, tile/0/x001/x234/067.p/8",
    "-1, 1234067, 256, tile/entries/x001/x234/067",
    "-1, 999, 255, tile/entries/999.p/255",
    "-1, 1000, 256, tile/entries/x001/000",
    "63, 0, 256, tile/63/000",
    "0, 36028797018963967, 256, tile/0/x036/x028/x797/x018/x963/967",
  })
  void is_written_as_the_specification_says(int level, long index, int width, String path) {
    TilePath tile = new TilePath(level, index, width);
    assertThat(tile).hasToString(path);
    assertThat(TilePath.parse(path)).contains(tile);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/000",
        "tile/0/x001/x001",
        "tile/0/001/001",
        "tile/00/000",
        "tile/01/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/Entries/000",
        "tile/names/000",
        "tile/0/000.p/0",
        "tile/0/000.p/00",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1000",
        "tile/0/000.p/",
        "tile/0/000.p",
        "tile/0/x001.p/1/000",
        "tile/0/x036/x028/x797/x018/x963/968",
        "tile/0/x999/x999/x999/x999/x999/999",
        "tile/0/x001/x000/x000/x000/x000/x000/000",
        "tile/0/٠٠٠",
        "tile/0/000\n",
        "tile/0/../000",
      })
  void any_other_writing_is_no_path(String path) {
    assertThat(TilePath.parse(path)).isEmpty();
  }

  @Test
  void every_small_tile_and_many_large_ones_come_back() {
    for (int level = TilePath.DATA; level <= 63; level++) {
      for (long index = 0; index < 2_100; index += level < 2 ? 1 : 97) {
        comesBack(new TilePath(level, index, 1 + (int) (index % 256)));
      }
    }
    for (int width = 1; width <= 256; width++) {
      comesBack(new TilePath(0, 1_000_000, width));
    }
    long seed = 20261122;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20_000; i++) {
      long index = random.nextLong(TilePath.MAX_INDEX + 1) >>> random.nextInt(55);
      comesBack(new TilePath(random.nextInt(-2, 64), index, random.nextInt(1, 257)));
    }
  }

  private static void comesBack(TilePath tile) {
    assertThat(TilePath.parse(tile.toString())).isEqualTo(Optional.of(tile));
  }

  @Test
  void components_outside_their_ranges_are_refused() {
    assertThatThrownBy(() -> new TilePath(-3, 0, 1)).hasMessageContaining("[-2, 63]");
    assertThatThrownBy(() -> new TilePath(64, 0, 1)).hasMessageContaining("[-2, 63]");
    assertThatThrownBy(() -> new TilePath(0, -1, 1)).hasMessageContaining("index: -1");
    assertThatThrownBy(() -> new TilePath(0, TilePath.MAX_INDEX + 1, 1))
        .hasMessageContaining("index");
    assertThatThrownBy(() -> new TilePath(0, 0, 0)).hasMessageContaining("[1, 256]");
    assertThatThrownBy(() -> new TilePath(0, 0, 257)).hasMessageContaining("[1, 256]");
  }

  @ParameterizedTest
  @CsvSource({
    // A tree of 70000 leaves: 273 full and one of 112, one full and one of 17, one of 1.
    "70000, 0, 0, tile/0/000",
    "70000, 0, 69887, tile/0/272",
    "70000, 0, 69888, tile/0/273.p/112",
    "70000, 0, 69999, tile/0/273.p/112",
    "70000, 1, 0, tile/1/000",
    "70000, 1, 272, tile/1/001.p/17",
    "70000, 2, 0, tile/2/000.p/1",
    "256, 0, 255, tile/0/000",
    "256, 1, 0, tile/1/000.p/1",
    "9223372036854775807, 7, 126, tile/7/000.p/127",
  })
  void is_as_wide_as_the_tree_has_it(long size, int level, long hash, String path) {
    assertThat(TilePath.ofHash(level, hash, size)).hasToString(path);
  }

  @Test
  void the_largest_tree_has_paths_too() {
    assertThat(TilePath.ofLeaf(Long.MAX_VALUE - 1, Long.MAX_VALUE))
        .hasToString("tile/entries/x036/x028/x797/x018/x963/967.p/255");
  }

  @Test
  void a_tree_has_no_tile_beyond_its_hashes() {
    assertThatThrownBy(() -> TilePath.ofHash(1, 1, 300)).hasMessageContaining("item: 1");
    assertThatThrownBy(() -> TilePath.ofLeaf(300, 300)).hasMessageContaining("item: 300");
    assertThatThrownBy(() -> TilePath.ofLeaf(0, 0)).hasMessageContaining("item: 0");
  }

  @Test
  void knows_the_last_leaf_that_it_is_about() {
    assertThat(new TilePath(TilePath.ENTRIES, 2, 1).endLeaf()).isEqualTo(768);
    assertThat(new TilePath(0, 0, 256).endLeaf()).isEqualTo(256);
    assertThat(new TilePath(1, 1, 256).endLeaf()).isEqualTo(2 * 65_536);
    assertThat(new TilePath(0, TilePath.MAX_INDEX, 256).endLeaf()).isEqualTo(Long.MAX_VALUE);
    assertThat(new TilePath(7, 0, 256).endLeaf()).isEqualTo(Long.MAX_VALUE);
    assertThat(new TilePath(63, 5, 256).endLeaf()).isEqualTo(Long.MAX_VALUE);
  }
}
