package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.WebhookReceiver.Message;
import dev.sigwarden.store.QueueState;
import dev.sigwarden.store.Untold;
import dev.sigwarden.watch.Severity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log that somebody fills to bury people in alerts: the first are told one by one, all are
/// written down, one condition says how many, and what matters is told beside them.
class FloodIT {
  private static final int MANY = 10_000;

  /// What is told one by one in an hour of entries that could not be decoded.
  private static final int UNDECODABLE = 20;

  /// What is told one by one in an hour of signatures.
  private static final int SIGNATURES = 1_000;

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    // Whatever the wall clock says: the hour begins with the test.
    program.clock().pass(Duration.ofMinutes(61).minusMinutes(minuteOfHour()));
    program.others(10).start().awaitJudged();
  }

  private long minuteOfHour() {
    return Duration.ofMillis(program.clock().millis()).toMinutes() % 60;
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void append(int entries, IntFunction<byte[]> entry) {
    for (int i = 0; i < entries; i++) {
      program.log().log().append(entry.apply(i));
    }
    program.log().log().publish();
    program.awaitJudged();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private List<Untold> untold() {
    return program.daemon().store().untold(ConfigFile.LOG, 0, 2 * MANY);
  }

  private long delivered(Kind kind) {
    program.awaitDelivered();
    return program.hook().messages().stream()
        .filter(Message::accepted)
        .filter(message -> message.body().contains("\"kind\":\"" + kind.label() + "\""))
        .count();
  }

  @Test
  void ten_thousand_entries_of_garbage_are_all_written_down_and_bury_nobody() {
    append(MANY, i -> text("garbage " + i));
    Alert flood = program.awaitCondition(Kind.ALERT_FLOOD);
    // A theft among the garbage, and garbage in a watched name, are told all the same.
    append(1, _ -> Entries.watched("stolen"));
    append(1, _ -> text("stolen words"));

    assertThat(program.findings(Kind.ENTRY_UNDECODABLE)).hasSize(UNDECODABLE + 1);
    assertThat(program.findings(Kind.ENTRY_UNDECODABLE).getFirst().alert().watch())
        .isEqualTo(ConfigFile.WORDS);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactly(10L + MANY);
    assertThat(untold())
        .extracting(Untold::index)
        .containsExactlyElementsOf(LongStream.range(10 + UNDECODABLE, 10 + MANY).boxed().toList());
    assertThat(untold())
        .allSatisfy(it -> assertThat(it.leaf()).hasSize(64))
        .allSatisfy(it -> assertThat(it.reason()).isNotBlank());
    assertThat(program.position()).isEqualTo(12L + MANY);
    assertThat(delivered(Kind.ENTRY_UNDECODABLE)).isEqualTo(UNDECODABLE + 1);
    assertThat(delivered(Kind.UNEXPECTED_SIGNATURE)).isEqualTo(1);
    assertThat(delivered(Kind.ALERT_FLOOD)).isEqualTo(1);
    assertThat(flood.severity()).isEqualTo(Severity.HIGH);
    assertThat(program.mail(flood))
        .contains("More findings than are told one by one")
        .contains("sigwarden scan --log 'simulated' --from '30' --to '")
        .contains("Somebody may be flooding the log to hide one entry");
  }

  @Test
  void a_flood_is_over_when_an_hour_was_calm_and_says_what_it_came_to() {
    append(100, i -> text("garbage " + i));
    Alert flood = program.awaitCondition(Kind.ALERT_FLOOD);
    program.mail(flood);
    // A restart forgets neither the flood nor how much of the hour's measure is used.
    program.restart();
    append(50, i -> text("more garbage " + i));
    assertThat(program.findings(Kind.ENTRY_UNDECODABLE)).hasSize(UNDECODABLE);
    assertThat(untold()).hasSize(130);

    program.clock().pass(Duration.ofMinutes(61));
    program.awaitOver(Kind.ALERT_FLOOD);
    program.until("mail on the end", () -> program.mailCount(flood) == 2);
    assertThat(delivered(Kind.ALERT_FLOOD)).isEqualTo(2);
    assertThat(program.hook().messages())
        .extracting(Message::body)
        .anySatisfy(body ->
            assertThat(body)
                .contains("This is over: 130 entries were written down")
                .contains("indexes 30 to 159."));

    append(30, i -> text("garbage of another hour " + i));
    assertThat(program.findings(Kind.ENTRY_UNDECODABLE)).hasSize(2 * UNDECODABLE);
  }

  @Test
  void a_flood_of_signatures_in_a_watched_name_is_kept_whole_and_told_in_measure() {
    byte[] entry = Entries.watched("flooded");
    append(SIGNATURES + 500, _ -> entry);

    List<Finding> findings = program.findings(Kind.UNEXPECTED_SIGNATURE);
    assertThat(findings).hasSize(SIGNATURES + 500);
    assertThat(findings)
        .allSatisfy(finding -> assertThat(finding.evidence()).hasSizeGreaterThanOrEqualTo(3));
    assertThat(untold())
        .extracting(Untold::index)
        .containsExactlyElementsOf(
            LongStream.range(10 + SIGNATURES, 510 + SIGNATURES).boxed().toList());
    assertThat(program.position()).isEqualTo(510L + SIGNATURES);
    program.awaitCondition(Kind.ALERT_FLOOD);
    QueueState mail = program.queue("mail");
    assertThat(mail.pending() + mail.sent()).isEqualTo(SIGNATURES + 1L);
  }

  @Test
  void a_flood_is_told_to_all_and_the_log_s_lie_beside_it_first() {
    program.hook().down();
    append(1_000, i -> text("garbage " + i));
    program.awaitCondition(Kind.ALERT_FLOOD);
    program.log().inject(dev.sigwarden.sim.Histories.badSignature());
    Alert lie = program.awaitFinding(Kind.CHECKPOINT_INVALID).alert();
    program.hook().up();
    // The breaker's longest pause.
    program.clock().pass(Duration.ofMinutes(11));
    program.until("delivery", () -> program.hook().acceptedIds().contains(lie.eventId()));

    List<String> accepted = program.hook().acceptedIds();
    long garbageBefore =
        program.findings(Kind.ENTRY_UNDECODABLE).stream()
            .map(finding -> accepted.indexOf(finding.alert().eventId()))
            .filter(place -> place >= 0 && place < accepted.indexOf(lie.eventId()))
            .count();
    // At most the one that was on its way when the receiver went.
    assertThat(garbageBefore).isLessThanOrEqualTo(1);
  }
}
