package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.TreeHead;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CorruptionsTest {
  private final SimulatedLog log = new SimulatedLog(Clock.systemUTC());
  private PlainReader reader;
  private TreeHead head;

  @BeforeEach
  void grow() throws Exception {
    reader = PlainReader.of(log);
    log.growTo(600);
    head = log.log().headAt(600);
  }

  @AfterEach
  void heals_and_closes() throws Exception {
    assertThat(log.heal()).isSameAs(log);
    assertThat(reader.honest()).isTrue();
    log.close();
  }

  private List<String> entries() throws Exception {
    return reader.entries(600).stream().map(String::new).toList();
  }

  @Test
  void an_altered_entry_is_in_the_bundle_only() throws Exception {
    log.inject(Corruptions.alteredEntry(300, 2));

    assertThat(entries()).contains("enury 300\n").doesNotContain("entry 300\n").hasSize(600);
    assertThat(reader.fromBundles(600)).isNotEqualTo(head);
    assertThat(reader.fromTiles(600)).isEqualTo(head);
    assertThat(PlainReader.get(log.url(), "tile/entries/001.p/44").body())
        .isEqualTo(log.log().resource("tile/entries/001.p/44").orElseThrow());
    assertThat(new String(PlainReader.get(log.url(), "tile/entries/001.p/45").body()))
        .contains("enury 300");
  }

  @Test
  void a_rewritten_entry_is_in_the_bundle_and_its_tile() throws Exception {
    log.inject(Corruptions.rewrittenEntry(17, SimulatedLog.text("other", 17)));

    assertThat(entries()).contains("other 17\n").hasSize(600);
    assertThat(reader.fromBundles(600)).isEqualTo(reader.fromTiles(600)).isNotEqualTo(head);
    assertThat(reader.tilesAgree(600)).isFalse();
  }

  @Test
  void entries_can_be_missing_repeated_and_swapped() throws Exception {
    log.inject(Corruptions.missingEntry(300));
    assertThat(entries()).hasSize(599).doesNotContain("entry 300\n");
    log.heal().inject(Corruptions.repeatedEntry(300));
    assertThat(entries()).hasSize(601).containsSubsequence("entry 300\n", "entry 300\n");
    log.heal().inject(Corruptions.swappedEntries(300));
    assertThat(entries()).hasSize(600).containsSubsequence("entry 301\n", "entry 300\n");
  }

  @Test
  void bundles_can_be_cut_and_can_hold_too_much() throws Exception {
    log.inject(Corruptions.surplusEntries(2, SimulatedLog.text("surplus", 0)));
    assertThat(entries()).hasSize(601).endsWith("surplus 0\n");

    log.heal().inject(Corruptions.cutBundle(1, 3));
    byte[] whole = log.log().resource("tile/entries/001").orElseThrow();
    assertThat(PlainReader.get(log.url(), "tile/entries/001").body())
        .hasSize(whole.length - 3)
        .isEqualTo(Arrays.copyOf(whole, whole.length - 3));
  }

  @Test
  void tiles_can_lie_at_every_level() throws Exception {
    log.inject(Corruptions.alteredHash(0, 300));
    assertThat(reader.fromBundles(600)).isEqualTo(head);
    assertThat(reader.fromTiles(600)).isNotEqualTo(head);

    log.heal().inject(Corruptions.alteredHash(1, 1));
    assertThat(reader.fromBundles(600)).isEqualTo(head);
    assertThat(reader.fromTiles(600)).isEqualTo(head);
    assertThat(reader.tilesAgree(600)).isFalse();

    log.heal().inject(Corruptions.cutTile(0, 0, 31));
    assertThat(PlainReader.get(log.url(), "tile/0/000").body()).hasSize(8192 - 31);
  }

  @Test
  void partial_tiles_can_be_gone_while_full_ones_are_there() throws Exception {
    log.inject(Corruptions.partialsGone());

    assertThat(PlainReader.get(log.url(), "tile/0/000.p/255").statusCode()).isEqualTo(404);
    assertThat(PlainReader.get(log.url(), "tile/entries/001.p/1").statusCode()).isEqualTo(404);
    assertThat(PlainReader.get(log.url(), "tile/0/000").statusCode()).isEqualTo(200);

    log.heal().inject(Corruptions.gone("tile/0/001"::equals));
    assertThat(PlainReader.get(log.url(), "tile/0/001").statusCode()).isEqualTo(404);
  }

  @Test
  void a_fault_can_be_for_some_requests_only() throws Exception {
    log.inject(Corruptions.gone(_ -> true).times(2).on(Fault::checkpoint));

    assertThat(PlainReader.get(log.url(), "tile/0/000").statusCode()).isEqualTo(200);
    assertThat(PlainReader.get(log.url(), "checkpoint").statusCode()).isEqualTo(404);
    assertThat(PlainReader.get(log.url(), "checkpoint").statusCode()).isEqualTo(404);
    assertThat(PlainReader.get(log.url(), "checkpoint").statusCode()).isEqualTo(200);
  }
}
