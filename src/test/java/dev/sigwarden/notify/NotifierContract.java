package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Shows.Part;
import dev.sigwarden.text.HostileTexts;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every channel promises. A channel's test extends this and brings a receiver that takes
/// everything, and can be taken away.
public abstract class NotifierContract {
  /// What the receiver got of one message.
  ///
  /// @param id by which the receiver knows a repeat
  /// @param text everything that a person or a program may read of it, decoded
  public record Received(String id, String text) {}

  private Listener listener;

  /// A notifier of a receiver that takes everything.
  protected abstract Notifier open();

  /// What the receiver has got so far, in order.
  protected abstract List<Received> received() throws Exception;

  /// Takes the receiver away: whatever is sent now does not arrive.
  protected abstract void takeAway() throws Exception;

  /// Every secret that a receiver of this test has.
  protected abstract Set<String> secrets();

  /// Whether the receiver sees a repeat as the same thing and keeps one of it.
  protected boolean keepsOne() {
    return false;
  }

  /// Whether the receiver keeps one thing for each finding, and knows every telling by it.
  protected boolean keepsFindings() {
    return false;
  }

  /// The first telling of an alert.
  public static Message first(Alert alert) {
    return new Message("a1".repeat(32), alert, "a1".repeat(32));
  }

  /// A later telling of what `first` told.
  public static Message later(Alert alert) {
    return new Message("b2".repeat(32), alert, "a1".repeat(32));
  }

  /// Whatever a test does with a receiver: nothing that is logged, or written down about the
  /// attempt, holds a secret.
  @BeforeEach
  void listen() {
    Leaks leaks = new Leaks(secrets());
    listener = new Listener(line -> !leaks.in(line).isEmpty());
  }

  @AfterEach
  void no_secret_was_logged_or_written_down() {
    listener.close();
    assertThat(listener.heard()).isEmpty();
  }

  @Test
  @Shows(Part.TAKEN)
  void delivers_every_kind_of_alert() throws Exception {
    try (Notifier notifier = open()) {
      for (Alert alert : TestAlerts.all().values()) {
        assertThat(notifier.deliver(first(alert))).isInstanceOf(Delivery.Delivered.class);
        assertThat(received().stream().map(Received::text))
            .anySatisfy(text -> assertThat(text).contains(alert.uid(), alert.kind().label()));
      }
    }
  }

  @Test
  void says_where_people_find_what_was_found() throws Exception {
    Alert alert = TestAlerts.all().get("unexpected-signature-verified");
    try (Notifier notifier = open()) {
      notifier.deliver(first(alert));
    }
    assertThat(alert.url()).isNotEmpty();
    assertThat(received().stream().map(Received::text))
        .anySatisfy(text -> assertThat(text).contains(alert.url()));
  }

  @Test
  void gives_a_repeat_the_same_id_and_a_later_telling_another() throws Exception {
    Alert alert = TestAlerts.unexpected(TestAlerts.IDENTITY);
    try (Notifier notifier = open()) {
      notifier.deliver(first(alert));
      notifier.deliver(first(alert));
      notifier.deliver(later(TestAlerts.again(alert, Alert.Event.UPDATED)));
    }
    List<String> ids = received().stream().map(Received::id).toList();
    assertThat(ids).hasSize(keepsOne() ? 2 : 3);
    assertThat(ids.getFirst()).isNotBlank();
    if (keepsFindings()) {
      assertThat(ids).containsOnly(ids.getFirst());
      return;
    }
    assertThat(ids.getFirst()).isNotEqualTo(ids.getLast());
    assertThat(ids).filteredOn(ids.getFirst()::equals).hasSize(keepsOne() ? 1 : 2);
  }

  @Test
  @Shows(Part.HOSTILE)
  void hands_on_hostile_text_without_a_character_that_acts() throws Exception {
    try (Notifier notifier = open()) {
      for (String attack : HostileTexts.all()) {
        assertThat(notifier.deliver(first(TestAlerts.hostile(attack))))
            .isInstanceOf(Delivery.Delivered.class);
      }
    }
    for (Received message : received()) {
      assertThat(message.text().codePoints())
          .noneMatch(c -> c < 0x20 && c != '\n' && c != '\r' && c != '\t')
          .noneMatch(c -> c == 0x202E || c == 0x200B || c == 0x9B || c == 0xFEFF)
          .noneMatch(c -> c >= 0xD800 && c < 0xE000);
    }
  }

  @Test
  @Shows(Part.AWAY)
  protected void asks_for_another_attempt_when_the_receiver_is_away() throws Exception {
    try (Notifier notifier = open()) {
      takeAway();
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void can_be_closed_twice_and_unused() {
    Notifier notifier = open();
    notifier.close();
    assertThatNoException().isThrownBy(notifier::close);
  }

  @Test
  void reports_being_stopped_and_keeps_the_interrupt() {
    try (Notifier notifier = open()) {
      Thread.currentThread().interrupt();
      Delivery delivery = notifier.deliver(first(TestAlerts.fork()));
      boolean interrupted = Thread.interrupted();
      assertThat(delivery instanceof Delivery.Delivered || interrupted).isTrue();
    } finally {
      Thread.interrupted();
    }
  }
}
