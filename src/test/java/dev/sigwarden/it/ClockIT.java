package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A clock that jumps an hour ahead and back: nothing that waits for a time waits for that time to
/// come again, and nothing is told or asked in a storm.
class ClockIT {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration GRACE = Duration.ofMinutes(15);

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().grace("15m");
    program.others(100).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(ConfigFile.RELEASES);
  }

  private long attempts(Alert alert) {
    return program.hook().messages().stream()
        .map(Message::id)
        .filter(id -> id.equals(alert.eventId()))
        .count();
  }

  /// A text that is told at once, whatever the grace.
  private Alert report() {
    program.log().append("stolen words".getBytes(StandardCharsets.UTF_8));
    return program.awaitFinding(Kind.ENTRY_UNDECODABLE).alert();
  }

  @Test
  void jumps_alone_raise_no_alarm_and_the_position_goes_on() {
    for (Duration jump : List.of(HOUR, HOUR.negated(), HOUR.negated(), HOUR)) {
      program.clock().pass(jump);
      program.others(program.log().log().size() + 10).awaitJudged();
      program.awaitTurns(5);
    }

    assertThat(program.findings()).isEmpty();
    assertThat(program.daemon().conditions()).isEmpty();
    assertThat(program.position()).isEqualTo(140);
    program.assertToldOf();
  }

  @Test
  void outage_is_told_ten_minutes_after_the_clock_was_set_back_and_no_hour_later() {
    program.log().down();
    program.until("a failed turn", () -> program.status().failingSince().isPresent());
    program.clock().pass(HOUR.negated());
    program.until(
        "patience that begins in this time",
        () -> !program.status().failingSince().orElseThrow().isAfter(program.clock().instant()));
    assertThat(program.daemon().conditions()).isEmpty();
    program.clock().pass(Duration.ofMinutes(11));

    Alert away = program.awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(program.mail(away)).contains("Log unreachable");
    assertThat(program.position()).isEqualTo(100);
    program.log().up();
    program.awaitOver(Kind.LOG_UNREACHABLE);
    assertThat(program.findings()).isEmpty();
    program.assertToldOf(away);
  }

  @Test
  void grace_ends_after_its_length_though_the_clock_was_set_back() {
    program.log().append(Entries.watched("release 2"));
    program.awaitJudged();
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));

    program.clock().pass(HOUR.negated());
    program.awaitTurns(25);
    assertThat(verdicts()).isEqualTo(Map.of("pending", 1L));
    program.clock().pass(GRACE.plusSeconds(10));

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(100);
    assertThat(finding.alert().firstSeen()).isBeforeOrEqualTo(program.clock().instant());
    assertThat(program.mail(finding.alert())).contains("is not in allowlist acme-releases");
    assertThat(program.position()).isEqualTo(101);
    program.assertToldOf(finding.alert());
  }

  @Test
  void delivery_that_waits_for_its_next_attempt_is_made_though_the_clock_was_set_back() {
    program.hook().answerWith(Answer.of(429).with("Retry-After", "1800"));
    Alert alert = report();
    program.until("an attempt", () -> attempts(alert) == 1);
    program.awaitTurns(15);
    assertThat(attempts(alert)).isEqualTo(1);
    program.hook().answerWith(Answer.of(200));

    program.clock().pass(HOUR.negated());

    program.until("delivery", () -> program.hook().acceptedIds().contains(alert.eventId()));
    assertThat(attempts(alert)).isEqualTo(2);
    assertThat(program.mailCount(alert)).isEqualTo(1);
    assertThat(program.daemon().conditions()).isEmpty();
    assertThat(program.position()).isEqualTo(101);
  }

  @Test
  void hour_ahead_makes_one_attempt_and_no_storm() {
    program.hook().answerWith(Answer.of(429).with("Retry-After", "1800"));
    Alert alert = report();
    program.until("an attempt", () -> attempts(alert) == 1);

    program.clock().pass(HOUR);

    program.until("another attempt", () -> attempts(alert) == 2);
    program.awaitTurns(25);
    assertThat(attempts(alert)).isEqualTo(2);
    assertThat(program.mailCount(alert)).isEqualTo(1);
    assertThat(program.findings()).hasSize(1);
    assertThat(program.position()).isEqualTo(101);
  }

  @Test
  void flood_is_delivered_though_the_clock_is_set_back_in_the_middle() {
    int signatures = 120;
    program.config().grace("0s");
    program.restart();
    for (int i = 0; i < signatures; i++) {
      program.log().log().append(Entries.watched("flood " + i));
    }
    program.log().log().publish();
    program.until("half of it", () -> program.hook().acceptedIds().size() > signatures / 2);

    program.clock().pass(HOUR.negated());

    program.awaitDelivered();
    assertThat(program.hook().acceptedIds()).hasSize(signatures);
    assertThat(program.findings()).hasSize(signatures);
    assertThat(program.daemon().conditions()).isEmpty();
  }
}
