package dev.sigwarden.practice;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TileResourceTest {
  @ParameterizedTest
  @CsvSource({
    "tile/0/000, 0, 0, 256",
    "tile/0/x001/x234/067, 0, 1234067, 256",
    "tile/0/x001/x234/067.p/8, 0, 1234067, 8",
    "tile/63/455.p/255, 63, 455, 255",
    "tile/10/x455/667, 10, 455667, 256",
    "tile/entries/x001/000.p/1, -1, 1000, 1",
    "tile/data/x001/000.p/1, -2, 1000, 1",
    "tile/0/x999/x999/x999/x999/x999/999, 0, 999999999999999999, 256",
  })
  void reads_the_one_spelling_of_a_path(String path, int level, long index, int width) {
    assertThat(TileResource.parse(path)).contains(new TileResource(level, index, width));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/x001/x002",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/999",
        "tile/0/000.p/1/",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000.p",
        "tile/names/000",
        "tile/entries/../0/000",
        "tile/0/x1/x234/067",
        "tile/0/٠٠٠",
        "tile/0/x001/x999/x999/x999/x999/x999/999",
      })
  void knows_no_other_spelling(String path) {
    assertThat(TileResource.parse(path)).isEmpty();
  }

  @Test
  void counts_only_subtrees_that_are_complete() {
    assertThat(new TileResource(0, 0, 1).available(70_000)).isEqualTo(70_000);
    assertThat(new TileResource(TileResource.ENTRIES, 0, 1).available(70_000)).isEqualTo(70_000);
    assertThat(new TileResource(1, 0, 1).available(70_000)).isEqualTo(273);
    assertThat(new TileResource(2, 0, 1).available(70_000)).isEqualTo(1);
    assertThat(new TileResource(3, 0, 1).available(70_000)).isZero();
    assertThat(new TileResource(63, 0, 1).available(Long.MAX_VALUE)).isZero();
  }
}
