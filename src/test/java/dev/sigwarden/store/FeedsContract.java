package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.commit;
import static dev.sigwarden.store.StoreSamples.observation;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.store.Feeds.Backlog;
import dev.sigwarden.store.Feeds.Behind;
import dev.sigwarden.store.Feeds.Numbered;
import dev.sigwarden.store.TopicLines.Place;
import dev.sigwarden.watch.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What any database must do for topics that are written and read; subclasses open it.
abstract class FeedsContract extends StoreFixture {
  private static final String TOPIC = "sigwarden.observations";
  private static final Verdict EXPECTED = new Verdict.Expected("on the list");
  private static final Verdict PENDING =
      new Verdict.Pending(TestClock.START.plusSeconds(60), "not on the list yet");
  private static final Verdict UNEXPECTED = new Verdict.Unexpected("not on the list");

  private Feeds feeds;

  @BeforeEach
  void openFeeds() {
    feeds = store.feeds();
  }

  private List<Long> indexes(long after) {
    return feeds.page("rekor", after).stream().map(it -> it.observation().index()).toList();
  }

  @Test
  void observations_are_read_in_the_order_of_their_last_change_each_once() throws Exception {
    begin(10);
    store.commit(
        commit(
            0,
            3,
            List.of(observation(1, "acme", PENDING), observation(2, "acme", EXPECTED)),
            List.of()));
    clock.advance(Duration.ofSeconds(5));
    store.commit(commit(3, 5, List.of(observation(4, "acme", EXPECTED)), List.of()));
    assertThat(indexes(0)).containsExactly(1L, 2L, 4L);

    clock.advance(Duration.ofSeconds(5));
    store.settle(
        observation(1, "acme", UNEXPECTED), List.of(observation(1, "other", EXPECTED)), List.of());
    List<Numbered> page = feeds.page("rekor", 0);
    assertThat(page)
        .extracting(it -> it.observation().index() + it.observation().watch())
        .containsExactly("2acme", "4acme", "1acme", "1other");
    assertThat(page.get(2).observation().verdict()).isEqualTo(UNEXPECTED);
    assertThat(page.get(2).changedAt()).isEqualTo(TestClock.START.plusSeconds(10));
    assertThat(page.getFirst().changedAt()).isEqualTo(TestClock.START);
    assertThat(page).extracting(Numbered::number).isSorted().doesNotHaveDuplicates();
    assertThat(feeds.page("rekor", page.getLast().number())).isEmpty();
    assertThat(feeds.page("other", 0)).isEmpty();
  }

  @Test
  void what_is_written_again_without_a_change_is_not_read_again() throws Exception {
    begin(10);
    Observation one = observation(1, "acme", EXPECTED);
    store.commit(commit(0, 3, List.of(one), List.of()));
    long last = feeds.page("rekor", 0).getLast().number();
    store.commit(commit(3, 5, List.of(one.withVerdict(UNEXPECTED)), List.of()));
    store.settle(one.withVerdict(UNEXPECTED), List.of(), List.of());
    assertThat(feeds.page("rekor", last)).isEmpty();
  }

  @Test
  void a_place_moves_from_where_it_was_only() throws Exception {
    begin(10);
    String id = feeds.id(TOPIC);
    assertThat(feeds.id(TOPIC)).isEqualTo(id);
    assertThat(feeds.id("another")).isNotEqualTo(id);
    store.commit(commit(0, 3, List.of(observation(1, "acme", EXPECTED)), List.of()));
    store.commit(commit(3, 5, List.of(observation(4, "acme", EXPECTED)), List.of()));
    assertThat(feeds.behind(TOPIC)).containsExactly(new Behind("rekor", 0, 2));
    feeds.advance(TOPIC, "rekor", 0, 1);
    assertThat(feeds.behind(TOPIC)).containsExactly(new Behind("rekor", 1, 2));
    // Who was paused before the first of them would move it back, or ahead without having sent.
    assertThatThrownBy(() -> feeds.advance(TOPIC, "rekor", 0, 1))
        .isInstanceOf(StaleStateException.class);
    feeds.advance(TOPIC, "rekor", 1, 2);
    assertThatThrownBy(() -> feeds.advance(TOPIC, "rekor", 1, 2))
        .isInstanceOf(StaleStateException.class);
    assertThat(feeds.behind(TOPIC)).isEmpty();
    // Another topic begins at the start.
    assertThat(feeds.behind("another")).containsExactly(new Behind("rekor", 0, 2));
  }

  @Test
  void says_how_many_observations_wait_and_since_when() throws Exception {
    begin(10);
    assertThat(feeds.backlog(TOPIC)).isEqualTo(new Backlog(0, Optional.empty()));
    String _ = feeds.id(TOPIC);
    store.commit(commit(0, 3, List.of(observation(1, "acme", EXPECTED)), List.of()));
    clock.advance(Duration.ofSeconds(5));
    store.commit(
        commit(
            3,
            6,
            List.of(observation(4, "acme", EXPECTED), observation(5, "acme", EXPECTED)),
            List.of()));
    assertThat(feeds.backlog(TOPIC)).isEqualTo(new Backlog(3, Optional.of(TestClock.START)));
    feeds.advance(TOPIC, "rekor", 0, 1);
    assertThat(feeds.backlog(TOPIC))
        .isEqualTo(new Backlog(2, Optional.of(TestClock.START.plusSeconds(5))));
    feeds.advance(TOPIC, "rekor", 1, 3);
    assertThat(feeds.backlog(TOPIC)).isEqualTo(new Backlog(0, Optional.empty()));
  }

  @Test
  void a_page_of_large_entries_is_short_and_never_empty() throws Exception {
    begin(10);
    List<Observation> large =
        LongStream.range(1, 5).mapToObj(index -> large(index, 3 << 20)).toList();
    store.commit(commit(0, 9, large, List.of()));
    assertThat(indexes(0)).containsExactly(1L);
    assertThat(indexes(1)).containsExactly(2L);
    List<Observation> small =
        LongStream.range(10, 20 + Feeds.PAGE).mapToObj(index -> large(index, 10)).toList();
    store.commit(commit(9, 10, small, List.of()));
    assertThat(indexes(4)).hasSize(Feeds.PAGE).startsWith(10L, 11L);
  }

  private static Observation large(long index, int bytes) {
    Observation sample = StoreSamples.observation(index, "acme", EXPECTED);
    return StoreSamples.ofEntry(sample, sample.format(), new byte[bytes]);
  }

  @Test
  void of_two_that_change_one_log_at_once_neither_is_hidden_behind_the_other() throws Exception {
    begin(10);
    Observation one = observation(1, "acme", PENDING);
    Observation other = observation(2, "acme", PENDING);
    store.commit(commit(0, 3, List.of(one, other), List.of()));
    long last = feeds.page("rekor", 0).getLast().number();
    List<Boolean> ran =
        race(
            () -> {
              store.settle(one.withVerdict(UNEXPECTED), List.of(), List.of());
              return true;
            },
            () -> {
              store.settle(other.withVerdict(EXPECTED), List.of(), List.of());
              return true;
            });
    assertThat(ran).containsExactly(true, true);
    assertThat(indexes(last)).containsExactlyInAnyOrder(1L, 2L);
    assertThat(feeds.page("rekor", last)).extracting(Numbered::number).doesNotHaveDuplicates();
  }

  private static final String LIST = "releases";
  private static final String LINE = "sha256:" + "0a".repeat(32);
  private static final String SECOND = "sha256:" + "0b".repeat(32);
  private static final Place FIRST = new Place("t", "id", 5);
  private static final Place NEXT = new Place("t", "id", 9);

  private static Deed deed(String action) {
    return new Deed("somebody", "", "", action, LIST, "", "");
  }

  private TopicLines.Taken take(
      Optional<Place> known, Place next, Map<String, Optional<String>> changes, boolean once)
      throws StaleStateException {
    return feeds
        .lines(LIST)
        .take(known, next, changes, once, deed(TopicLines.CHANGED), _ -> List.of());
  }

  @Test
  void lines_of_a_topic_are_written_with_its_place_or_not_at_all() throws Exception {
    TopicLines lines = feeds.lines(LIST);
    assertThat(lines.place()).isEmpty();
    assertThat(take(Optional.empty(), FIRST, Map.of(LINE, Optional.of("app")), false).added())
        .isEqualTo(1);
    assertThat(lines.place()).contains(FIRST);
    assertThat(lines.isOn(LINE)).isTrue();
    assertThat(lines.lines("", 10)).extracting(AllowedLine::line).containsExactly(LINE);
    // Who read the same records again, from a place that is another's by now.
    assertThatThrownBy(() -> take(Optional.empty(), NEXT, Map.of(SECOND, Optional.of("")), false))
        .isInstanceOf(StaleStateException.class);
    assertThat(lines.isOn(SECOND)).isFalse();
    assertThat(lines.place()).contains(FIRST);
    assertThat(take(Optional.of(FIRST), NEXT, Map.of(LINE, Optional.empty()), false).revoked())
        .isEqualTo(1);
    assertThat(lines.isOn(LINE)).isFalse();
    assertThat(store.desk().audit(LIST, Long.MAX_VALUE, 10))
        .extracting(it -> it.deed().action() + " " + it.deed().detail())
        .containsExactly("allowlist.topic 1 revoked: " + LINE, "allowlist.topic 1 added: " + LINE);
  }

  @Test
  void a_topic_neither_brings_back_what_a_person_revoked_nor_revokes_what_a_person_added()
      throws Exception {
    TopicLines lines = feeds.lines(LIST);
    Map<String, Optional<String>> on = Map.of(LINE, Optional.of("app"));
    take(Optional.empty(), FIRST, on, false);
    store.desk().revoke(LIST, List.of(LINE), deed("allowlist.revoke"), List.of());
    assertThat(take(Optional.of(FIRST), NEXT, on, false).kept()).containsExactly(LINE);
    assertThat(lines.isOn(LINE)).isFalse();

    store.desk().allow(LIST, Map.of(SECOND, ""), deed("allowlist.add"), false, List.of());
    take(Optional.of(NEXT), FIRST, Map.of(SECOND, Optional.empty()), false);
    assertThat(lines.isOn(SECOND)).isTrue();
  }

  @Test
  void a_signed_line_that_was_taken_back_does_not_come_again() throws Exception {
    Map<String, Optional<String>> on = Map.of(LINE, Optional.of("app"));
    Map<String, Optional<String>> off = Map.of(LINE, Optional.empty());
    take(Optional.empty(), FIRST, on, true);
    take(Optional.of(FIRST), NEXT, off, true);
    // Whoever can write to the topic can write the old record once more, signature and all.
    assertThat(take(Optional.of(NEXT), FIRST, on, true).kept()).containsExactly(LINE);
    assertThat(feeds.lines(LIST).isOn(LINE)).isFalse();
    assertThat(take(Optional.of(FIRST), NEXT, on, false).added()).isEqualTo(1);
  }

  @Test
  void says_when_a_list_was_level_with_its_topic_last() throws Exception {
    TopicLines lines = feeds.lines(LIST);
    lines.level();
    assertThat(lines.levelAt()).isEmpty();
    take(Optional.empty(), FIRST, Map.of(), false);
    assertThat(lines.levelAt()).isEmpty();
    lines.level();
    assertThat(lines.levelAt()).contains(TestClock.START);
    take(Optional.of(FIRST), NEXT, Map.of(), false);
    assertThat(lines.levelAt()).contains(TestClock.START);
    assertThat(lines.room()).isEqualTo(TopicLines.MAX_LINES);
  }
}
