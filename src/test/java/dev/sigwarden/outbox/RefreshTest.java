package dev.sigwarden.outbox;

import static dev.sigwarden.store.StoreSamples.condition;
import static dev.sigwarden.store.StoreSamples.filing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Message;
import dev.sigwarden.notify.Notifier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A receiver that forgets is told again what is still there.
class RefreshTest extends OutboxFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /// Forgets, and remembers for the test what it was told again.
  private static final class ForgetfulReceiver extends SilentReceiver {
    final List<List<Message>> pages = new CopyOnWriteArrayList<>();
    volatile Delivery answer = DONE;

    @Override
    public Optional<Duration> refreshInterval() {
      return Optional.of(MINUTE);
    }

    @Override
    public Delivery refresh(List<Message> standing) {
      pages.add(standing);
      return answer;
    }

    List<String> last() {
      return pages.getLast().stream().map(message -> message.alert().uid()).toList();
    }
  }

  private final ForgetfulReceiver soc = new ForgetfulReceiver();

  /// Waits until a round has begun and ended after this.
  private void awaitRound() {
    int before = soc.pages.size();
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(5));
          return soc.pages.size() > before;
        });
  }

  @Test
  void tells_again_each_interval_what_is_open_and_writes_no_row_for_it() {
    store.file(List.of(filing("swf_a", "soc"), filing("swf_b", "other"), filing("swf_c", "soc")));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", 2);
    awaitRound();
    awaitRound();
    assertThat(soc.last()).containsExactly("swf_a", "swf_c");
    assertThat(soc.pages.getLast().stream().map(Message::key))
        .containsExactlyInAnyOrderElementsOf(soc.got.stream().map(Message::key).toList());
    assertThat(soc.got).hasSize(2);
    assertThat(queue("soc").sent()).isEqualTo(2);
    int told = soc.pages.size();
    // Before its time comes again there is nothing to tell.
    store.file(List.of(filing("swf_d", "soc")));
    awaitSent("soc", 3);
    assertThat(soc.pages.size()).isLessThanOrEqualTo(told + 1);
  }

  @Test
  void tells_the_end_for_a_while_and_then_nothing() {
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", 1);
    store.lifecycle().close("swf_a", "jo", ClosingVerdict.BENIGN, "ours");
    awaitSent("soc", 2);
    awaitRound();
    assertThat(soc.pages.getLast())
        .singleElement()
        .satisfies(message -> assertThat(message.alert().event().label()).isEqualTo("closed"));
    clock.advance(Refresh.ENDED.plus(MINUTE));
    int before = soc.pages.size();
    store.file(List.of(filing("swf_b", "soc")));
    awaitSent("soc", 3);
    awaitRound();
    assertThat(soc.pages.subList(before + 1, soc.pages.size()))
        .allSatisfy(page -> assertThat(page).hasSize(1));
    assertThat(soc.last()).containsExactly("swf_b");
  }

  @Test
  void starts_with_all_that_is_open_in_pages_and_news_is_told_between_them() {
    int many = 3 * Notifier.MAX_REFRESHED + 7;
    store.file(
        IntStream.range(0, many).mapToObj(i -> filing("swf_%04d".formatted(i), "soc")).toList());
    Outbox first = start(POLICY, Map.of("soc", new SilentReceiver()));
    awaitSent("soc", many);
    first.close();
    store.file(List.of(filing("swf_news", "soc")));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", many + 1);
    await().until(() -> soc.pages.stream().mapToInt(List::size).sum() >= many);
    assertThat(soc.pages).allMatch(page -> page.size() <= Notifier.MAX_REFRESHED);
    assertThat(
            soc.pages.stream()
                .flatMap(List::stream)
                .map(message -> message.alert().uid())
                .distinct()
                .filter(uid -> !uid.equals("swf_news")))
        .hasSize(many);
    assertThat(soc.uids()).containsExactly("swf_news");
  }

  @Test
  void receiver_that_does_not_take_it_is_told_of_and_taken_for_well_again() {
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", 1);
    soc.answer = DOWN;
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(20));
          return trouble.lines.contains("soc failing: down");
        });
    soc.answer = DONE;
    await()
        .until(() -> {
          clock.advance(Duration.ofSeconds(20));
          return trouble.lines.getLast().equals("soc recovered");
        });
    assertThat(queue("soc").dead()).isZero();
  }

  @Test
  void conditions_are_told_again_until_they_are_over() {
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    start(POLICY, Map.of("soc", soc));
    awaitSent("soc", 1);
    awaitRound();
    assertThat(soc.last()).containsExactly("swc_a");
  }
}
