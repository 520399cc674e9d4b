package dev.sigwarden.outbox;

import static dev.sigwarden.store.StoreSamples.condition;
import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.notify.Message;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Pending;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class OutboxTest extends OutboxFixture {
  @Test
  void delivers_each_alert_to_each_receiver_once() {
    store.file(List.of(filing("swf_a", "soc", "oncall"), filing("swf_b", "soc")));
    SilentReceiver soc = new SilentReceiver();
    SilentReceiver oncall = new SilentReceiver();
    Outbox outbox = start(POLICY, Map.of("soc", soc, "oncall", oncall));
    awaitSent("soc", 2);
    awaitSent("oncall", 1);
    outbox.close();
    assertThat(soc.uids()).containsExactlyInAnyOrder("swf_a", "swf_b");
    assertThat(oncall.uids()).containsExactly("swf_a");
    assertThat(soc.got.getFirst().alert()).isIn(finding("swf_a").alert(), finding("swf_b").alert());
    assertThat(soc.got).allMatch(message -> message.key().equals(message.openedKey()));
    assertThat(soc.got.stream().map(Message::key)).doesNotHaveDuplicates();
    assertThat(soc.closed).isTrue();
  }

  @Test
  void looks_at_once_when_woken() {
    OutboxPolicy sleepy =
        new OutboxPolicy(
            POLICY.maxAge(),
            POLICY.rate(),
            Map.of(),
            POLICY.deadline(),
            POLICY.lease(),
            Duration.ofHours(10),
            POLICY.grace());
    SilentReceiver soc = new SilentReceiver();
    Outbox outbox = start(sleepy, Map.of("soc", soc));
    for (int i = 1; i <= 20; i++) {
      store.file(List.of(filing("swf_" + i, "soc")));
      outbox.wake();
      awaitSent("soc", i);
    }
  }

  @Test
  void tries_again_with_the_same_key_until_the_receiver_has_it() {
    FlakyReceiver soc = new FlakyReceiver(attempt -> attempt < 4 ? DOWN : DONE);
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    advanceUntilTried(soc, 4);
    awaitSent("soc", 1);
    assertThat(soc.attempts.stream().map(Message::key).distinct()).hasSize(1);
    assertThat(trouble.lines).containsExactly("soc recovered");
  }

  @Test
  void waits_out_the_backoff() {
    FlakyReceiver soc = new FlakyReceiver(attempt -> attempt < 2 ? DOWN : DONE);
    store.file(List.of(filing("swf_a", "soc")));
    Outbox outbox = start(POLICY, Map.of("soc", soc));
    await().until(() -> soc.attempts.size() == 1);
    // A second receiver's delivery shows that time for the first would have come as well.
    clock.advance(Duration.ofMillis(1_999));
    store.file(List.of(filing("swf_b", "soc")));
    outbox.wake();
    awaitSent("soc", 1);
    assertThat(soc.uids()).containsExactly("swf_b");
    clock.advance(Duration.ofMillis(1));
    awaitSent("soc", 2);
  }

  @Test
  void tells_of_one_finding_in_order() {
    FlakyReceiver soc = new FlakyReceiver(attempt -> attempt < 3 ? DOWN : DONE);
    store.raise(condition("swc_a", Alert.Event.OPENED, "soc"));
    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc"));
    store.file(List.of(filing("swf_b", "soc")));
    start(POLICY, Map.of("soc", soc));
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          clock.advance(Duration.ofSeconds(20));
          return queue("soc").sent() == 3;
        });
    List<Integer> revisions =
        soc.got.stream()
            .filter(message -> message.alert().uid().equals("swc_a"))
            .map(message -> message.alert().revision())
            .toList();
    assertThat(revisions).containsExactly(1, 2);
  }

  @Test
  void a_channel_that_throws_is_a_failure_like_any_other() {
    FlakyReceiver soc =
        new FlakyReceiver(attempt -> {
          if (attempt == 1) {
            throw new IllegalStateException("a bug");
          }
          return DONE;
        });
    store.file(List.of(filing("swf_a", "soc")));
    start(POLICY, Map.of("soc", soc));
    advanceUntilTried(soc, 2);
    awaitSent("soc", 1);
  }

  @Test
  void what_was_sent_and_not_written_down_is_sent_again_with_the_same_key() {
    store.file(List.of(filing("swf_a", "soc")));
    Pending sent = store.lease("soc", 1, POLICY.lease(), "killed").getFirst();
    SilentReceiver soc = new SilentReceiver();
    start(POLICY, Map.of("soc", soc));
    SilentReceiver other = new SilentReceiver();
    store.file(List.of(filing("swf_b", "soc")));
    awaitSent("soc", 1);
    assertThat(soc.uids()).containsExactly("swf_b");
    clock.advance(POLICY.lease());
    awaitSent("soc", 2);
    assertThat(soc.got.getLast().key()).isEqualTo(sent.key());
    assertThat(other.got).isEmpty();
  }

  @Test
  void deliveries_of_a_receiver_that_is_gone_stay_and_are_visible() {
    store.file(List.of(filing("swf_a", "gone", "soc")));
    start(POLICY, Map.of("soc", new SilentReceiver()));
    awaitSent("soc", 1);
    assertThat(queue("gone"))
        .isEqualTo(new QueueState("gone", 1, 0, 0, 0, Optional.of(TestClock.START)));
  }

  @Test
  void keeps_to_the_rate_of_each_receiver() {
    SilentReceiver slow = new SilentReceiver();
    SilentReceiver fast = new SilentReceiver();
    store.file(IntStream.range(0, 5).mapToObj(i -> filing("swf_" + i, "slow", "fast")).toList());
    start(POLICY.withRates(Map.of("slow", 12)), Map.of("slow", slow, "fast", fast));
    awaitSent("fast", 5);
    awaitSent("slow", 2);
    assertThat(slow.got).hasSize(2);
    clock.advance(Duration.ofSeconds(5));
    awaitSent("slow", 3);
    assertThat(slow.got).hasSize(3);
  }

  @Tag("slow")
  @Test
  void works_off_a_backlog_of_ten_thousand_from_its_gravest_end() {
    int backlog = 10_000;
    int burst = 1_000;
    Severity[] severities = Severity.values();
    store.file(
        IntStream.range(0, backlog)
            .mapToObj(i -> finding("swf_" + i, severities[i % severities.length], i))
            .map(found -> new Filing(found, List.of("soc")))
            .toList());
    SilentReceiver soc = new SilentReceiver();
    // Ten seconds' worth goes out at once, and the clock stands still.
    Outbox outbox = start(POLICY.withRates(Map.of("soc", 6 * burst)), Map.of("soc", soc));
    await().atMost(Duration.ofMinutes(3)).until(() -> soc.got.size() >= burst);
    outbox.close();
    assertThat(soc.uids()).hasSize(burst).doesNotHaveDuplicates();
    assertThat(soc.got).allMatch(message -> message.alert().severity() == Severity.CRITICAL);
    assertThat(queue("soc"))
        .isEqualTo(
            new QueueState("soc", backlog - burst, burst, 0, 0, Optional.of(TestClock.START)));
  }
}
