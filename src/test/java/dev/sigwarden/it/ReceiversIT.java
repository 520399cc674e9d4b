package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
  private int signatures;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  /// An unexpected signature; answers when its finding is there.
  private Alert sign() {
    program.log().append(Entries.watched("unexpected " + signatures++));
    program.until("finding", () -> program.findings().size() == signatures);
    return program.findings().getFirst().alert();
  }

  /// Waits while time goes by, half a minute with each look.
  private void untilInTime(String what, Callable<Boolean> holds) {
    await(what)
        .atMost(WholeProgram.PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> {
          program.clock().pass(Duration.ofSeconds(30));
          return holds.call();
        });
  }

  private Alert awaitToldByMail(String reason) {
    untilInTime(
        Kind.DELIVERY_FAILING.label(),
        () ->
            program.daemon().conditions().stream()
                .anyMatch(alert -> alert.kind() == Kind.DELIVERY_FAILING));
    Alert failing = program.awaitCondition(Kind.DELIVERY_FAILING);
    assertThat(failing.why())
        .isEqualTo("Receiver hook does not take alerts; they wait or were given up.");
    assertThat(WholeProgram.field(failing.what(), "last-error")).contains(reason);
    assertThat(program.mail(failing))
        .contains("A receiver does not take alerts")
        .contains("whoever relies on this receiver was not told");
    return failing;
  }

  private void assertDeliveredOnceMended(Alert alert, Alert failing) {
    untilInTime("delivery", () -> program.hook().acceptedIds().contains(alert.eventId()));
    program.awaitOver(Kind.DELIVERY_FAILING);
    program.until("mail on the end", () -> program.mailCount(failing) == 2);
    assertThat(program.hook().messages().stream().filter(Message::accepted))
        .extracting(Message::id)
        .containsExactly(alert.eventId());
    assertThat(program.hook().refusals()).isEmpty();
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
    assertThat(program.daemon().conditions()).isEmpty();
  }

  @Test
  void receiver_that_never_answers_delays_no_other() {
    program.hook().hang();
    for (int i = 0; i < 3; i++) {
      program.mail(sign());
    }
    assertThat(program.queue("hook").sent()).isZero();
    program.hook().answerWith(Answer.of(200));

    untilInTime("delivery", () -> program.hook().acceptedIds().size() == 3);
    program.awaitDelivered();
    assertThat(program.hook().messages().stream().map(Message::id).distinct()).hasSize(3);
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
  }

  @Test
  void redirect_is_not_followed_and_told() {
    try (WebhookReceiver elsewhere = new WebhookReceiver(ConfigFile.SECRET, program.clock())) {
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
        .route("{receiver: hook, routes: [{match: {family: [integrity]}, receivers: [mail]}]}");
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
