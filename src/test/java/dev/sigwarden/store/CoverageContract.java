package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.position;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.watch.WatchRevision;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every database must remember of which watches judged what.
abstract class CoverageContract extends StoreFixture {
  private static final WatchRevision ONE =
      new WatchRevision("aaaaaaaaaaaaaaaa", "1111111111111111");
  private static final WatchRevision WIDER =
      new WatchRevision("bbbbbbbbbbbbbbbb", "1111111111111111");
  private static final WatchRevision STRICTER =
      new WatchRevision("aaaaaaaaaaaaaaaa", "2222222222222222");
  private static final int ALL = 100;

  private Coverage coverage() {
    return store.coverage();
  }

  private void begin() throws StaleStateException {
    store.begin("rekor", "rekor.example+1", view(0, 100, 0));
  }

  private void judge(long set, long from, long to) throws StaleStateException {
    store.commit(
        new Commit(
            "rekor", 0, position(from).head(), position(to), List.of(), List.of(), List.of(), set));
  }

  private List<String> ranges(String watch) {
    return coverage().of(watch, "", ALL).stream()
        .map(it -> "%d-%d %s".formatted(it.from(), it.to(), it.current() ? "now" : "then"))
        .toList();
  }

  @Test
  void watches_that_did_not_change_keep_their_number_over_a_restart() {
    long first = coverage().register(Map.of("a", ONE, "b", ONE));
    assertThat(first).isNotEqualTo(Coverage.UNKNOWN);
    assertThat(coverage().register(Map.of("b", ONE, "a", ONE))).isEqualTo(first);
    long second = coverage().register(Map.of("a", WIDER, "b", ONE));
    assertThat(second).isGreaterThan(first);
    reopen();
    assertThat(coverage().register(Map.of("a", WIDER, "b", ONE))).isEqualTo(second);
    assertThat(coverage().register(Map.of("a", ONE, "b", ONE))).isGreaterThan(second);
  }

  @Test
  void range_grows_with_the_position_in_one_row() throws Exception {
    begin();
    long set = coverage().register(Map.of("a", ONE));
    Instant first = clock.instant();
    judge(set, 0, 10);
    clock.advance(Duration.ofHours(1));
    judge(set, 10, 63);
    reopen();
    assertThat(coverage().of("a", "rekor", ALL))
        .containsExactly(new Covered("rekor", 0, 63, "a", ONE, true, first, clock.instant()));
    assertThat(coverage().of("a", "other", ALL)).isEmpty();
    assertThat(coverage().of("nobody", "", ALL)).isEmpty();
  }

  @Test
  void commit_that_is_refused_covers_nothing() throws Exception {
    begin();
    long set = coverage().register(Map.of("a", ONE));
    judge(set, 0, 10);
    assertThatThrownBy(() -> judge(set, 5, 63)).isInstanceOf(StaleStateException.class);
    assertThat(ranges("a")).containsExactly("0-10 now");
  }

  @Test
  void watch_that_selects_others_was_not_looked_for_before_and_one_that_expects_others_was()
      throws Exception {
    begin();
    judge(coverage().register(Map.of("a", ONE, "b", ONE)), 0, 10);
    judge(coverage().register(Map.of("a", WIDER, "b", STRICTER, "c", ONE)), 10, 40);
    clock.advance(Duration.ofDays(1));
    Instant restored = clock.instant();
    judge(coverage().register(Map.of("a", WIDER, "b", STRICTER)), 40, 63);

    assertThat(ranges("a")).containsExactly("0-10 then", "10-40 now", "40-63 now");
    assertThat(ranges("b")).containsExactly("0-10 now", "10-40 now", "40-63 now");
    assertThat(ranges("c")).containsExactly("10-40 then");
    assertThat(coverage().since("a", "rekor").orElseThrow().from()).isEqualTo(10);
    assertThat(coverage().since("b", "rekor").orElseThrow())
        .isEqualTo(new Coverage.Since(0, restored.minus(Duration.ofDays(1))));
    assertThat(coverage().since("c", "rekor")).isEmpty();
  }

  @Test
  void gap_that_another_revision_read_ends_what_may_be_said() throws Exception {
    begin();
    judge(coverage().register(Map.of("a", ONE)), 0, 10);
    judge(coverage().register(Map.of("a", WIDER)), 10, 20);
    judge(coverage().register(Map.of("a", ONE)), 20, 63);
    coverage().register(Map.of("a", ONE, "z", ONE));

    assertThat(ranges("a")).containsExactly("0-10 now", "10-20 then", "20-63 now");
    assertThat(coverage().since("a", "rekor").orElseThrow().from()).isEqualTo(20);
  }

  @Test
  void one_change_among_thousands_of_watches_takes_one_row_more() throws SQLException {
    Map<String, WatchRevision> many = new HashMap<>();
    IntStream.range(0, 3_000).forEach(i -> many.put("watch-" + i, ONE));
    coverage().register(many);
    many.put("watch-7", WIDER);
    coverage().register(many);
    assertThat(rows("watch_revision")).isEqualTo(3_001);
    assertThat(rows("watch_set")).isEqualTo(2);
  }

  @Test
  void processes_that_come_with_the_same_watches_at_once_agree_on_a_number() throws Exception {
    Callable<Long> register = () -> coverage().register(Map.of("a", ONE, "b", WIDER));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(
              threads.invokeAll(java.util.Collections.nCopies(8, register)).stream()
                  .map(answer -> answer.resultNow())
                  .distinct())
          .hasSize(1);
    }
    assertThat(rows("watch_revision")).isEqualTo(2);
  }

  abstract long rows(String table) throws SQLException;
}
