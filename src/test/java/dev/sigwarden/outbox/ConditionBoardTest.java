package dev.sigwarden.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.store.Pending;
import dev.sigwarden.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConditionBoardTest extends OutboxFixture {
  private final Conditions conditions = new Conditions("acme", clock);
  private final AtomicInteger woken = new AtomicInteger();
  private Alert alert;
  private ConditionBoard board;

  @BeforeEach
  void openBoard() {
    alert = conditions.deliveryFailing("soc", "401", clock.instant());
    board = newBoard();
  }

  private ConditionBoard newBoard() {
    return new ConditionBoard(
        store, Routes.all(List.of("soc", "oncall")), conditions, woken::incrementAndGet);
  }

  private List<Pending> lease(String receiver) {
    return store.lease(receiver, 10, Duration.ofMinutes(5), "test");
  }

  @Test
  void tells_of_a_condition_once_and_never_the_receiver_that_is_the_trouble() {
    board.raise(alert, "soc");
    board.raise(alert, "soc");
    assertThat(lease("soc")).isEmpty();
    assertThat(lease("oncall")).hasSize(1);
    assertThat(board.open()).containsExactly(alert);
    assertThat(woken).hasValue(1);
  }

  @Test
  void tells_of_the_end_of_a_condition_that_an_earlier_process_opened() {
    board.raise(alert, "soc");
    store.sent(lease("oncall").getFirst(), "");
    board = newBoard();
    assertThat(board.open(alert.uid())).contains(alert);
    board.resolve(alert.uid(), "soc");
    board.resolve(alert.uid(), "soc");
    assertThat(lease("oncall"))
        .extracting(pending -> pending.alert().event())
        .containsExactly(Alert.Event.RESOLVED);
    assertThat(woken).hasValue(2);
    assertThat(board.open(alert.uid())).isEmpty();
    assertThat(store.openConditions()).isEmpty();
    assertThat(board.open()).isEmpty();
  }

  @Test
  void tells_of_an_end_in_the_words_given_to_all_receivers() {
    board.raise(alert, "");
    List.of("soc", "oncall").forEach(name -> store.sent(lease(name).getFirst(), ""));
    board.resolve(alert.uid(), conditions::withdrawn);
    assertThat(List.of("soc", "oncall"))
        .allSatisfy(name ->
            assertThat(lease(name))
                .extracting(delivery -> delivery.alert().why())
                .containsExactly(conditions.withdrawn(alert).why()));
    assertThat(board.open()).isEmpty();
  }

  @Test
  void ends_what_an_earlier_configuration_opened_and_this_one_cannot() {
    Alert other = conditions.deliveryFailing("mail", "down", clock.instant());
    board.raise(alert, "soc");
    board.raise(other, "mail");
    lease("oncall").forEach(delivery -> store.sent(delivery, ""));
    board = newBoard();

    board.retain(Set.of(alert.uid(), "swf_never_opened"));
    board.retain(Set.of(alert.uid()));

    assertThat(lease("oncall"))
        .extracting(delivery -> delivery.alert().why())
        .containsExactly("What this was about is no longer configured.");
    assertThat(board.open()).extracting(Alert::uid).containsExactly(alert.uid());
    assertThat(store.openConditions()).extracting(Alert::uid).containsExactly(alert.uid());
  }

  @Test
  void what_the_database_did_not_take_is_told_the_next_time() {
    ConditionBoard second = newBoard();
    second.raise(alert, "soc");
    store.close();
    assertThatThrownBy(() -> board.raise(alert, "soc")).isInstanceOf(StoreException.class);
    assertThat(board.open()).isEmpty();
    assertThatThrownBy(() -> second.resolve(alert.uid(), "soc")).isInstanceOf(StoreException.class);
    assertThat(second.open()).containsExactly(alert);
    openStore();
  }
}
