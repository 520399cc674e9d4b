package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.sim.WebhookReceiver.Message;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A webhook that does not do what it should, beside a mail folder that does: the mail is never
/// delayed, it tells of the webhook, and the webhook gets everything that it can still get.
class ReceiversIT {
  @TempDir private Path folder;

  private WholeProgram program;
  private ReceiverTrials trials;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    trials = new ReceiverTrials(program, "hook");
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private Alert sign() {
    return trials.sign();
  }

  private void untilInTime(String what, Callable<Boolean> holds) {
    trials.untilInTime(what, holds);
  }

  private Alert awaitToldByMail(String reason) {
    return trials.awaitFailing(reason);
  }

  private void assertDeliveredOnceMended(Alert alert, Alert failing) {
    untilInTime("delivery", () -> program.hook().acceptedIds().contains(alert.eventId()));
    program.awaitOver(Kind.DELIVERY_FAILING);
    program.until("mail on the end", () -> program.mailCount(failing) == 2);
    assertThat(program.hook().messages().stream().filter(Message::accepted))
        .extracting(Message::id)
        .containsExactly(alert.eventId());
    assertThat(program.hook().refusals()).isEmpty();
    trials.assertPositionAndNoOtherTrouble();
  }

  private long attempts(Alert alert) {
    return program.hook().messages().stream()
        .filter(message -> message.id().equals(alert.eventId()))
        .count();
  }

  @Test
  void receiver_that_is_down_gets_everything_once_it_is_up() {
    program.hook().down();
    Alert alert = sign();
    program.mail(alert);

    Alert failing = awaitToldByMail("127.0.0.1");
    assertThat(program.queue("hook").pending()).isEqualTo(1);
    program.hook().up();

    assertDeliveredOnceMended(alert, failing);
  }

  @Test
  void receiver_that_is_down_over_a_restart_gets_everything_too() {
    program.hook().down();
    Alert alert = sign();
    Alert failing = awaitToldByMail("127.0.0.1");
    program.restart();
    program.hook().up();

    assertDeliveredOnceMended(alert, failing);
    assertThat(program.mailCount(alert)).isEqualTo(1);
  }

  @Test
  void server_error_is_tried_again_under_the_same_id() {
    program.hook().answerWith(Answer.of(503));
    Alert alert = sign();
    Alert failing = awaitToldByMail("503");
    assertThat(attempts(alert)).isGreaterThan(1);
    program.hook().answerWith(Answer.of(200));

    assertDeliveredOnceMendedAfterRefusals(alert, failing);
  }

  private void assertDeliveredOnceMendedAfterRefusals(Alert alert, Alert failing) {
    assertDeliveredOnceMended(alert, failing);
    assertThat(program.hook().messages()).extracting(Message::id).containsOnly(alert.eventId());
  }

  @Test
  void message_that_is_refused_is_given_up_and_told() {
    program.hook().answerWith(Answer.of(400));
    Alert alert = sign();
    program.mail(alert);

    awaitToldByMail("400");
    assertThat(program.queue("hook").dead()).isEqualTo(1);
    assertThat(attempts(alert)).isEqualTo(1);
    // The next one is taken, and that ends it; what was given up stays given up.
    program.hook().answerWith(Answer.of(200));
    Alert next = sign();
    untilInTime("delivery", () -> program.hook().acceptedIds().contains(next.eventId()));
    program.awaitOver(Kind.DELIVERY_FAILING);
    assertThat(attempts(alert)).isEqualTo(1);
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void receiver_that_refuses_sigwarden_itself_keeps_its_alerts_until_it_is_mended() {
    program.hook().answerWith(Answer.of(401));
    Alert alert = sign();
    Alert failing = awaitToldByMail("401");
    assertThat(program.queue("hook").pending()).isEqualTo(1);
    assertThat(program.queue("hook").dead()).isZero();
    program.hook().answerWith(Answer.of(200));

    assertDeliveredOnceMendedAfterRefusals(alert, failing);
  }

  @Test
  void receiver_that_asks_for_a_pause_is_left_alone_for_so_long() {
    program.hook().answerWith(Answer.of(429).with("Retry-After", "600"));
    Alert alert = sign();
    program.mail(alert);
    program.until("one attempt", () -> attempts(alert) == 1);
    program.hook().answerWith(Answer.of(200));
    program.clock().pass(Duration.ofMinutes(9));
    program.awaitTurns(25);
    assertThat(attempts(alert)).isEqualTo(1);

    program.clock().pass(Duration.ofMinutes(2));
    program.until("delivery", () -> program.hook().acceptedIds().contains(alert.eventId()));
    assertThat(program.mailed(Kind.DELIVERY_FAILING)).isFalse();
    trials.assertPositionAndNoOtherTrouble();
  }

  /// Waits a second for an answer, and no more.
  private void startImpatient() {
    program
        .config()
        .receives(
            "hook",
            """
            {channel: webhook, url: "%s", allow-insecure: true, allow-private: true,\
             secret-file: hook.secret, timeout: 1s}\
            """
                .formatted(program.hook().url()));
    program.restart();
  }

  @Test
  void receiver_that_never_answers_delays_no_other() {
    startImpatient();
    program.hook().hang();
    for (int i = 0; i < 3; i++) {
      program.mail(sign());
    }
    Alert failing = awaitToldByMail("no complete answer within");
    assertThat(program.queue("hook").sent()).isZero();
    assertThat(program.queue("hook").pending()).isEqualTo(3);
    program.hook().answerWith(Answer.of(200));

    untilInTime("delivery", () -> program.hook().acceptedIds().size() == 3);
    trials.awaitMended(failing);
    assertThat(program.hook().messages().stream().map(Message::id).distinct()).hasSize(3);
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void endless_answer_is_not_read_to_its_end() {
    program.hook().answerWith(Answer.ok(new byte[10_000_000]));
    Alert alert = sign();
    program.awaitDelivered();
    assertThat(attempts(alert)).isEqualTo(1);

    program.hook().answerWith(Answer.of(500).in(new Answer.Manner.Flood(1L << 40)));
    Alert next = sign();
    program.until("an attempt", () -> attempts(next) >= 1);
    program.hook().answerWith(Answer.of(200));
    untilInTime("delivery", () -> program.hook().acceptedIds().contains(next.eventId()));
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void answer_that_comes_a_byte_at_a_time_is_an_answer_that_does_not_come() {
    startImpatient();
    program
        .hook()
        .answerWith(
            Answer.ok(new byte[10_000]).in(new Answer.Manner.Trickle(Duration.ofMillis(100))));
    Alert alert = sign();
    program.mail(alert);
    Alert failing = awaitToldByMail("no complete answer within");
    assertThat(program.queue("hook").pending()).isEqualTo(1);
    program.hook().answerWith(Answer.of(200));

    trials.awaitMended(failing);
    assertThat(program.queue("hook").sent()).isEqualTo(1);
    assertThat(program.hook().messages()).extracting(Message::id).containsOnly(alert.eventId());
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void receiver_that_is_down_for_an_hour_gets_all_of_that_hour_once() {
    program.hook().down();
    Alert first = sign();
    Alert failing = awaitToldByMail("127.0.0.1");
    program.clock().pass(Duration.ofMinutes(30));
    Alert second = sign();
    program.mail(second);
    program.clock().pass(Duration.ofMinutes(30));
    assertThat(program.queue("hook").pending()).isEqualTo(2);
    assertThat(program.mailCount(failing)).isEqualTo(1);
    program.hook().up();

    trials.awaitMended(failing);
    assertThat(program.hook().messages())
        .extracting(Message::id)
        .containsExactlyInAnyOrder(first.eventId(), second.eventId());
    trials.assertPositionAndNoOtherTrouble();
  }

  @Test
  void redirect_is_not_followed_and_told() {
    try (WebhookReceiver elsewhere =
        new WebhookReceiver(ConfigFile.SECRET, program.clock()::mayArrive)) {
      program.hook().answerWith(Answer.of(307).with("Location", elsewhere.url().toString()));
      Alert alert = sign();
      Alert failing = awaitToldByMail("redirects are not followed");
      assertThat(elsewhere.messages()).isEmpty();
      assertThat(elsewhere.refusals()).isEmpty();
      program.hook().answerWith(Answer.of(200));

      assertDeliveredOnceMendedAfterRefusals(alert, failing);
    }
  }

  @Test
  void routes_send_misbehaviour_and_signatures_to_different_receivers() {
    program
        .config()
        .route("{receiver: hook, routes: [{matchers: family=integrity, receivers: [mail]}]}");
    program.restart();
    Alert signature = sign();
    program.log().inject(dev.sigwarden.sim.Histories.badSignature());
    Alert invalid = program.awaitFinding(Kind.CHECKPOINT_INVALID).alert();
    program.mail(invalid);
    program.awaitDelivered();

    assertThat(program.hook().acceptedIds()).containsExactly(signature.eventId());
    assertThat(program.mailCount(signature)).isZero();
    assertThat(invalid.log()).isEqualTo(ConfigFile.LOG);
    assertThat(WholeProgram.field(invalid.where(), "origin")).isEqualTo(SimulatedLog.ORIGIN);
  }

  private long deliveriesStored(Alert alert) throws SQLException {
    try (Connection database =
            DriverManager.getConnection("jdbc:sqlite:" + program.config().database());
        PreparedStatement query =
            database.prepareStatement("SELECT count(*) FROM outbox WHERE uid = ?")) {
      query.setString(1, alert.uid());
      return query.executeQuery().getLong(1);
    }
  }

  @Test
  void deliveries_are_forgotten_after_their_time_and_nothing_is_told_twice() throws Exception {
    Alert alert = sign();
    program.awaitDelivered();
    assertThat(deliveriesStored(alert)).isEqualTo(2);
    long sent = program.queue("hook").sent();
    program.clock().pass(Duration.ofDays(401));
    program.restart();
    program.until("forgetting", () -> deliveriesStored(alert) == 0);
    program.awaitTurns(3);

    assertThat(program.daemon().store().finding(alert.uid()).orElseThrow().evidence()).isNotEmpty();
    assertThat(program.queue("hook").sent()).isGreaterThanOrEqualTo(sent);
    assertThat(attempts(alert)).isEqualTo(1);
    assertThat(program.mailCount(alert)).isEqualTo(1);
    program.awaitPosition(11);
  }
}
