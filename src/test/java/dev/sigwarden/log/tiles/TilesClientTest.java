package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogUnavailableException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilesClientTest {
  private static final GeneratedLog SMALL = new GeneratedLog(1_000);

  /// Where tiles begin, end and grow a level.
  private static final List<Integer> SIZES =
      List.of(
          1, 2, 3, 254, 255, 256, 257, 258, 511, 512, 513, 768, 65_280, 65_281, 65_535, 65_536,
          65_537, 65_538, 65_791, 65_792, 65_793, 66_047);

  private static final GeneratedLog LARGE = new GeneratedLog(SIZES.getLast());

  private TilesClient client;

  private TilesClient on(TileSource source) {
    client = new TilesClient(source, 0, _ -> false, MemoryBudget.standard());
    return client;
  }

  @AfterEach
  void close() {
    if (client != null) {
      client.close();
    }
  }

  @Test
  void every_proof_between_sizes_at_the_edges_of_tiles_holds() throws Exception {
    on(new FakeTiles(LARGE));
    for (int newer : SIZES) {
      for (int older : SIZES.subList(0, SIZES.indexOf(newer) + 1)) {
        assertThat(client.consistency(older, newer).holds(LARGE.head(older), LARGE.head(newer)))
            .as("%d to %d", older, newer)
            .isTrue();
        assertThat(client.range(older, LARGE.head(newer)).head()).isEqualTo(LARGE.head(older));
      }
    }
  }

  @Test
  void every_leaf_at_the_edges_of_tiles_is_included() throws Exception {
    on(new FakeTiles(LARGE));
    for (int size : SIZES) {
      for (int after : SIZES.subList(0, SIZES.indexOf(size) + 1)) {
        Hash leaf = Hash.ofLeaf(GeneratedLog.leaf(after - 1));
        assertThat(
                client
                    .inclusion(after - 1, LARGE.head(size))
                    .proof()
                    .holds(after - 1, leaf, LARGE.head(size)))
            .as("leaf %d of %d", after - 1, size)
            .isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {255, 256, 257, 700})
  void a_whole_log_is_read_and_proven(int size) throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    on(source);
    CompactRange range = CompactRange.empty();
    while (range.size() < size) {
      Leaves leaves = client.leaves(range.size(), size, SMALL.head(size));
      for (int i = 0; i < leaves.count(); i++) {
        range.appendLeaf(leaves.buffer(i), leaves.offset(i), leaves.length(i));
      }
    }
    assertThat(range.head()).isEqualTo(SMALL.head(size));
    assertThat(client.leafHashes(0, size, SMALL.head(size)).orElseThrow()).hasSize(size);
  }

  @Test
  void only_tiles_that_the_head_implies_are_asked_for() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    on(source);
    client.leaves(250, 700, SMALL.head(700));
    assertThat(source.asked)
        .containsExactlyInAnyOrder(
            "tile/entries/000", "tile/entries/001", "tile/entries/002.p/188");
    source.asked.clear();
    client.consistency(600, 700);
    assertThat(source.asked).containsExactlyInAnyOrder("tile/0/002.p/188", "tile/1/000.p/2");
    source.asked.clear();
    client.leafHashes(255, 257, SMALL.head(700));
    assertThat(source.asked).containsExactlyInAnyOrder("tile/0/000", "tile/0/001");
  }

  @Test
  void a_partial_resource_that_is_gone_is_read_from_the_full_one() throws Exception {
    FakeTiles source =
        new FakeTiles(path -> path.contains(".p/") ? Optional.empty() : SMALL.resource(path));
    on(source);
    // Level 1 has no full tile in so small a log, so only proofs within level 0.
    assertThat(client.consistency(100, 200).holds(SMALL.head(100), SMALL.head(200))).isTrue();
    Leaves leaves = client.leaves(198, 200, SMALL.head(200));
    assertThat(leaves.count()).isEqualTo(2);
    assertThat(leaves.copy(1)).isEqualTo(GeneratedLog.leaf(199));
    assertThat(source.asked).contains("tile/0/000.p/200", "tile/0/000", "tile/entries/000");
  }

  @Test
  void a_resource_that_is_gone_altogether_is_unavailable() {
    FakeTiles source = new FakeTiles(SMALL);
    source.instead.put("tile/entries/000", Optional.empty());
    source.instead.put("tile/0/003.p/232", Optional.empty());
    on(source);
    assertThatThrownBy(() -> client.leaves(0, 10, SMALL.head()))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessage(
            "fake:tile/entries/000: not found: the log prunes old entries (then set minimum-index)"
                + " or misbehaves");
    assertThatThrownBy(() -> client.consistency(900, 1_000))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("fake:tile/0/003.p/232: not found, nor the full one");
  }

  @Test
  void entries_below_the_minimum_index_are_not_asked_for() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    source.instead.put("tile/0/000", Optional.empty());
    client = new TilesClient(source, 300, _ -> false, MemoryBudget.standard());
    assertThatThrownBy(() -> client.leaves(299, 400, SMALL.head()))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("entries below 300 are pruned (minimum-index): asked for 299");
    assertThat(source.asked).isEmpty();
    assertThat(client.leaves(300, 400, SMALL.head()).count()).isEqualTo(100);
    assertThatThrownBy(() -> client.leafHashes(0, 1, SMALL.head()))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("pruned, as minimum-index 300 allows");
  }

  @Test
  void a_tile_of_another_length_is_a_bad_answer() {
    FakeTiles source = new FakeTiles(SMALL);
    source.instead.put("tile/0/000", Optional.of(new byte[8_160]));
    source.instead.put("tile/1/000.p/3", Optional.of(new byte[0]));
    on(source);
    assertThatThrownBy(() -> client.leafHashes(0, 1, SMALL.head()))
        .isInstanceOf(BadAnswerException.class)
        .hasMessage("fake:tile/0/000: 8160 bytes (expected: 8192)");
    assertThatThrownBy(() -> client.range(512, SMALL.head()))
        .isInstanceOf(BadAnswerException.class)
        .hasMessage("fake:tile/1/000.p/3: 0 bytes (expected: 96)");
  }

  @Test
  void what_precedes_a_bad_bundle_is_returned_and_the_next_call_reports_it() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    source.instead.put("tile/entries/002", Optional.of(new byte[] {0}));
    on(source);
    assertThat(client.leaves(10, 1_000, SMALL.head()).to()).isEqualTo(512);
    assertThatThrownBy(() -> client.leaves(512, 1_000, SMALL.head()))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageStartingWith("fake:tile/entries/002: ");
  }

  @Test
  void a_call_returns_no_more_leaves_than_its_bound_and_ends_with_a_bundle() throws Exception {
    on(new FakeTiles(LARGE));
    Leaves leaves = client.leaves(100, LARGE.size(), LARGE.head());
    assertThat(leaves.to()).isEqualTo(TilesClient.MAX_LEAVES_PER_CALL);
    assertThatThrownBy(() -> client.leafHashes(0, LARGE.size(), LARGE.head()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_call_stops_when_it_holds_enough_bytes() throws Exception {
    byte[] largest = new byte[EntryBundle.maxBytes(256)];
    for (int i = 0; i < 256; i++) {
      largest[i * 65_537] = (byte) 0xff;
      largest[i * 65_537 + 1] = (byte) 0xff;
    }
    FakeTiles source = new FakeTiles(_ -> Optional.of(largest));
    on(source);
    TreeHead head = new TreeHead(10_240, Hash.emptyRoot());
    Leaves leaves = client.leaves(0, 10_240, head);
    assertThat(leaves.count()).isEqualTo(256);
    assertThat(source.asked).hasSizeLessThan(10);
  }

  @Test
  void full_tiles_are_asked_for_once_until_forgotten() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    on(source);
    client.leafHashes(0, 512, SMALL.head());
    client.leafHashes(0, 512, SMALL.head(600));
    assertThat(source.asked).containsExactlyInAnyOrder("tile/0/000", "tile/0/001");
    client.forget();
    client.leafHashes(0, 512, SMALL.head());
    assertThat(source.asked).hasSize(4);
  }

  @Test
  void partial_tiles_are_remembered_for_one_head_only() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    on(source);
    client.leafHashes(990, 1_000, SMALL.head());
    client.leafHashes(990, 1_000, SMALL.head());
    assertThat(source.asked).containsExactly("tile/0/003.p/232");
    client.leafHashes(890, 900, SMALL.head(900));
    client.leafHashes(990, 1_000, SMALL.head());
    assertThat(source.asked)
        .containsExactly("tile/0/003.p/232", "tile/0/003.p/132", "tile/0/003.p/232");
  }

  @Test
  void a_wrong_tile_is_gone_after_forgetting() throws Exception {
    FakeTiles source = new FakeTiles(SMALL);
    source.instead.put("tile/0/003.p/232", Optional.of(new byte[232 * 32]));
    on(source);
    assertThat(client.consistency(900, 1_000).holds(SMALL.head(900), SMALL.head())).isFalse();
    source.instead.clear();
    client.forget();
    assertThat(client.consistency(900, 1_000).holds(SMALL.head(900), SMALL.head())).isTrue();
  }

  @Test
  void no_checkpoint_is_said_in_one_line() {
    on(new FakeTiles(_ -> Optional.empty()));
    assertThatThrownBy(client::head)
        .isInstanceOf(LogUnavailableException.class)
        .hasMessage("fake:: no checkpoint there (expected a fake)");
  }

  @Test
  void a_closed_client_is_unavailable() {
    on(new FakeTiles(SMALL)).close();
    assertThatThrownBy(() -> client.leaves(0, 10, SMALL.head()))
        .isInstanceOf(LogUnavailableException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void an_interrupted_reader_learns_nothing_and_stays_interrupted() {
    CountDownLatch never = new CountDownLatch(1);
    on(
        new FakeTiles(_ -> {
          try {
            never.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
          return Optional.empty();
        }));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> client.leaves(0, 10, SMALL.head()))
        .isInstanceOf(LogUnavailableException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_leaf_is_found_at_its_bundle() {
    on(new FakeTiles(SMALL));
    assertThat(client.leafAddress(999, 1_000)).isEqualTo("fake:tile/entries/003.p/232");
    assertThat(client.leafAddress(0, 1_000)).isEqualTo("fake:tile/entries/000");
  }

  @Test
  void the_largest_tree_asks_for_few_tiles() throws Exception {
    Map<String, Integer> asked = new ConcurrentHashMap<>();
    on(
        new FakeTiles(path -> {
          asked.merge(path, 1, Integer::sum);
          TilePath tile = TilePath.parse(path).orElseThrow();
          return Optional.of(Arrays.copyOf(new byte[8_192], tile.width() * Hash.LENGTH));
        }));
    assertThat(client.consistency(Long.MAX_VALUE - 1, Long.MAX_VALUE).path()).hasSize(63);
    assertThat(asked).hasSizeLessThanOrEqualTo(16).allSatisfy((_, n) -> assertThat(n).isOne());
  }
}
