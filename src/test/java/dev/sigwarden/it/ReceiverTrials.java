package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import java.time.Duration;
import java.util.concurrent.Callable;

/// What every trial of a receiver asks: that the others are told at once, that the operator reads
/// which receiver it is and why, that it ends by itself, and that the log was read all the while.
final class ReceiverTrials {
  private static final int OTHERS = 10;

  private final WholeProgram program;
  private final String receiver;
  private int signatures;

  ReceiverTrials(WholeProgram program, String receiver) {
    this.program = program;
    this.receiver = receiver;
  }

  /// An unexpected signature; answers when its finding is there.
  Alert sign() {
    program.log().append(Entries.watched("unexpected " + signatures++));
    program.until("finding", () -> program.findings().size() == signatures);
    return program.findings().getFirst().alert();
  }

  /// Waits while time goes by, half a minute with each look.
  void untilInTime(String what, Callable<Boolean> holds) {
    await(what)
        .atMost(WholeProgram.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          program.clock().pass(Duration.ofSeconds(30));
          return holds.call();
        });
  }

  /// Waits until the webhook and the mail folder have it, without time going by.
  void awaitToldElsewhere(Alert alert) {
    program.mail(alert);
    awaitWebhook(alert);
  }

  private void awaitWebhook(Alert alert) {
    if (!receiver.equals("hook")) {
      program.until("webhook", () -> program.hook().acceptedIds().contains(alert.eventId()));
    }
  }

  /// Waits until the operator is told of the receiver, by the others and not by itself.
  ///
  /// @param reason words that the operator reads
  Alert awaitFailing(String reason) {
    untilInTime(
        Kind.DELIVERY_FAILING.label(),
        () -> program.conditionKinds().contains(Kind.DELIVERY_FAILING));
    Alert failing = program.awaitCondition(Kind.DELIVERY_FAILING);
    assertThat(failing.why())
        .isEqualTo("Receiver " + receiver + " does not take alerts; they wait or were given up.");
    assertThat(WholeProgram.field(failing.what(), "last-error")).contains(reason);
    assertThat(program.mail(failing))
        .contains("A receiver does not take alerts")
        .contains("Receiver " + receiver)
        .contains("whoever relies on this receiver was not told");
    awaitWebhook(failing);
    return failing;
  }

  /// Waits until the receiver has all it is to get and the operator is told that it has.
  void awaitMended(Alert failing) {
    untilInTime("delivery", () -> program.queue(receiver).pending() == 0);
    program.awaitOver(Kind.DELIVERY_FAILING);
    program.until("mail on the end", () -> program.mailCount(failing) == 2);
  }

  /// Asserts that the log was read to its end, each signature found once, and nothing else told.
  void assertPositionAndNoOtherTrouble() {
    program.awaitPosition(OTHERS + signatures);
    assertThat(program.findings()).hasSize(signatures);
    assertThat(program.conditionKinds()).isEmpty();
  }
}
