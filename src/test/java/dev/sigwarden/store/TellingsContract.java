package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.condition;
import static dev.sigwarden.store.StoreSamples.finding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Hush;
import dev.sigwarden.alert.Inhibition;
import dev.sigwarden.alert.Label;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Regulars;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.alert.TimeInterval;
import dev.sigwarden.watch.Severity;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every database must do with what is told later, together or again.
abstract class TellingsContract extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Telling PLAIN = Telling.plain("soc");

  private static Telling grouped(String group) {
    return new Telling(
        "soc", group, MINUTE, HOUR, Duration.ZERO, Telling.ALL, Telling.Hours.ALWAYS);
  }

  private static Telling repeated(Duration repeat) {
    return new Telling("soc", "", Duration.ZERO, HOUR, repeat, Telling.ALL, Telling.Hours.ALWAYS);
  }

  private void file(String uid, Severity severity, Telling telling, Plan.Escalation... others) {
    int index = Math.abs(uid.hashCode() % 1_000);
    store.file(
        List.of(
            new Filing(
                finding(uid, severity, index), new Plan(List.of(telling), List.of(others), hush))));
  }

  private void file(String uid, Telling telling, Plan.Escalation... others) {
    file(uid, Severity.HIGH, telling, others);
  }

  private List<String> standing(String after, int limit) {
    return store.tellings().standing("soc", after, limit, clock.instant().minus(MINUTE)).stream()
        .map(it -> it.alert().uid() + " " + it.alert().event().label())
        .toList();
  }

  @Test
  void what_a_receiver_was_told_of_stands_until_a_while_after_its_end() {
    for (String uid : List.of("swf_a", "swf_b", "swf_c")) {
      file(uid, PLAIN);
    }
    store.raise(condition("swc_d", Alert.Event.OPENED, "soc"));
    assertThat(standing("", 9)).as("nothing was told yet").isEmpty();
    assertThat(told("soc")).hasSize(4);
    assertThat(standing("", 9))
        .containsExactly("swc_d opened", "swf_a opened", "swf_b opened", "swf_c opened");
    assertThat(standing("swc_d", 2)).containsExactly("swf_a opened", "swf_b opened");
    assertThat(store.tellings().standing("other", "", 9, clock.instant())).isEmpty();

    store.lifecycle().acknowledge("swf_a", "jo", "mine");
    store.lifecycle().close("swf_b", "jo", ClosingVerdict.BENIGN, "ours");
    store.resolve(condition("swc_d", Alert.Event.RESOLVED, "soc"));
    assertThat(told("soc")).hasSize(3);
    assertThat(standing("", 9))
        .containsExactly("swc_d resolved", "swf_a acknowledged", "swf_b closed", "swf_c opened");
    clock.advance(MINUTE.multipliedBy(2));
    reopen();
    assertThat(standing("", 9)).containsExactly("swf_a acknowledged", "swf_c opened");
  }

  @Test
  void a_group_waits_is_told_as_one_and_then_no_more_often_than_its_interval() {
    file("swf_a", grouped("g"));
    clock.advance(Duration.ofSeconds(30));
    file("swf_b", Severity.MEDIUM, grouped("g"));
    file("swf_c", grouped("other"));
    assertThat(told("soc")).isEmpty();
    reopen();
    clock.advance(Duration.ofSeconds(30));
    Alert first = told("soc").getFirst();
    assertThat(first.event()).isEqualTo(Alert.Event.DIGEST);
    assertThat(first.severity()).isEqualTo(Severity.HIGH);
    assertThat(first.title()).isEqualTo("2 findings: Unexpected signature");
    assertThat(members(first)).containsExactly("swf_a", "swf_b");
    clock.advance(Duration.ofSeconds(30));
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_c");

    file("swf_d", grouped("g"));
    clock.advance(Duration.ofMinutes(58));
    assertThat(told("soc")).isEmpty();
    clock.advance(Duration.ofMinutes(2));
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_d");
  }

  @Test
  void what_is_critical_waits_for_no_group() {
    file("swf_a", Severity.CRITICAL, grouped("g"));
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_a");
  }

  @Test
  void a_member_that_was_closed_meanwhile_is_not_told() {
    file("swf_a", grouped("g"));
    file("swf_b", grouped("g"));
    store.lifecycle().close("swf_b", "jo", dev.sigwarden.alert.ClosingVerdict.BENIGN, "");
    clock.advance(MINUTE);
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_a");
  }

  @Test
  void reminders_go_on_over_restarts_until_somebody_takes_the_finding() {
    file("swf_a", repeated(HOUR));
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.OPENED);
    clock.advance(HOUR);
    reopen();
    Alert reminder = told("soc").getFirst();
    assertThat(reminder.event()).isEqualTo(Alert.Event.REMINDER);
    assertThat(reminder.revision()).isEqualTo(2);
    assertThat(reminder.scope()).contains(new Field("open-for", "PT1H", false));
    clock.advance(HOUR);
    assertThat(told("soc")).extracting(Alert::revision).containsExactly(3);

    store.lifecycle().acknowledge("swf_a", "jo", "");
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.ACKNOWLEDGED);
    clock.advance(HOUR.multipliedBy(10));
    assertThat(told("soc")).isEmpty();

    store.lifecycle().reopen("swf_a", "jo", "");
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.REOPENED);
    clock.advance(HOUR);
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.REMINDER);
  }

  @Test
  void many_reminders_at_once_are_one_message() {
    for (int i = 0; i < 9; i++) {
      file("swf_" + i, repeated(HOUR));
    }
    assertThat(told("soc")).hasSize(9);
    clock.advance(HOUR);
    Alert digest = told("soc").getFirst();
    assertThat(digest.event()).isEqualTo(Alert.Event.DIGEST);
    assertThat(members(digest)).hasSize(9);
    assertThat(digest.why()).isEqualTo("Nobody has taken any of these yet.");
    assertThat(told("soc")).isEmpty();
  }

  @Test
  void others_are_told_when_nobody_took_it_in_time_and_never_after_somebody_did() {
    Plan.Escalation boss =
        new Plan.Escalation("boss", "", MINUTE.multipliedBy(30), HOUR, Telling.Hours.ALWAYS);
    file("swf_a", PLAIN, boss);
    file("swf_b", PLAIN, boss);
    store.lifecycle().acknowledge("swf_b", "jo", "");
    clock.advance(Duration.ofMinutes(29));
    assertThat(told("boss")).isEmpty();
    clock.advance(MINUTE);
    assertThat(told("boss"))
        .singleElement()
        .satisfies(alert -> {
          assertThat(alert.uid()).isEqualTo("swf_a");
          assertThat(alert.event()).isEqualTo(Alert.Event.ESCALATED);
        });
    clock.advance(HOUR);
    assertThat(told("boss")).extracting(Alert::event).containsExactly(Alert.Event.REMINDER);
    store.lifecycle().acknowledge("swf_a", "jo", "");
    assertThat(told("boss")).extracting(Alert::event).containsExactly(Alert.Event.ACKNOWLEDGED);
  }

  @Test
  void beyond_its_measure_a_receiver_gets_one_digest_and_another_gets_all() {
    List<Filing> filings = new ArrayList<>();
    for (int i = 0; i < 1_500; i++) {
      filings.add(
          new Filing(
              finding("swf_%04d".formatted(i), Severity.CRITICAL, i),
              new Plan(List.of(PLAIN.atMost(10), Telling.plain("feed")), List.of(), hush)));
    }
    store.file(filings);
    assertThat(told("feed")).hasSize(1_500);
    assertThat(told("soc")).hasSize(10).allMatch(it -> it.event() == Alert.Event.OPENED);
    reopen();
    clock.advance(Telling.INTERVAL);
    Alert digest = told("soc").getFirst();
    assertThat(digest.title()).startsWith("1490 findings");
    assertThat(digest.where())
        .contains(new Field("first-index", "10", false), new Field("last-index", "1499", false));
    assertThat(members(digest)).hasSize(20).startsWith("swf_0010");
    assertThat(digest.what()).contains(new Field("more", "…[+1470]", false));
    clock.advance(HOUR.multipliedBy(3));
    assertThat(told("soc")).isEmpty();
    assertThat(store.untoldSum("rekor", dev.sigwarden.TestClock.START).orElseThrow().entries())
        .isEqualTo(1_490);
  }

  @Test
  void what_is_inhibited_is_told_when_its_source_is_over_and_it_still_holds() {
    hush =
        new Hush(
            "acme",
            List.of(
                new Inhibition(
                    "log-down",
                    List.of(Matcher.parse("severity=medium")),
                    List.of(Matcher.parse("severity=high")),
                    List.of(Label.LOG))),
            Map.of());
    store.raise(condition("swc_down", Alert.Event.OPENED, "soc"));
    file("swf_a", PLAIN);
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swc_down");
    clock.advance(MINUTE);
    assertThat(told("soc")).isEmpty();
    store.resolve(condition("swc_down", Alert.Event.RESOLVED, "soc"));
    clock.advance(MINUTE);
    assertThat(told("soc")).extracting(Alert::uid).containsExactlyInAnyOrder("swc_down", "swf_a");
  }

  @Test
  void out_of_hours_waits_for_the_hours() {
    hush =
        new Hush(
            "acme",
            List.of(),
            Map.of(
                "later",
                new TimeInterval(
                    EnumSet.allOf(DayOfWeek.class),
                    List.of(
                        new TimeInterval.Span(
                            (secondOfDay() + 3_600) % 86_400, (secondOfDay() + 7_200) % 86_400)),
                    ZoneOffset.UTC)));
    Telling.Hours hours = new Telling.Hours(List.of(), List.of("later"));
    file("swf_a", new Telling("soc", "", MINUTE, HOUR, Duration.ZERO, Telling.ALL, hours));
    clock.advance(Duration.ofMinutes(59));
    assertThat(told("soc")).isEmpty();
    clock.advance(MINUTE);
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_a");
  }

  private int secondOfDay() {
    return clock.instant().atZone(ZoneOffset.UTC).toLocalTime().toSecondOfDay();
  }

  @Test
  void a_condition_that_is_over_before_its_group_was_told_is_told_to_nobody() {
    Condition raised = condition("swc_a", Alert.Event.OPENED, "oncall");
    Plan plan = new Plan(List.of(grouped("g"), Telling.plain("oncall")), List.of(), Hush.NONE);
    store.raise(new Condition(raised.alert(), plan));
    store.resolve(new Condition(condition("swc_a", Alert.Event.RESOLVED).alert(), plan));
    clock.advance(HOUR);
    assertThat(told("soc")).isEmpty();
    assertThat(told("oncall"))
        .extracting(Alert::event)
        .containsExactly(Alert.Event.OPENED, Alert.Event.RESOLVED);
  }

  @Test
  void a_condition_that_lasts_is_told_again_and_ends_its_reminders() {
    Condition raised = condition("swc_a", Alert.Event.OPENED);
    store.raise(
        new Condition(raised.alert(), new Plan(List.of(repeated(HOUR)), List.of(), Hush.NONE)));
    clock.advance(HOUR);
    assertThat(told("soc"))
        .extracting(Alert::event)
        .containsExactly(Alert.Event.OPENED, Alert.Event.REMINDER);
    store.resolve(condition("swc_a", Alert.Event.RESOLVED, "soc"));
    clock.advance(HOUR);
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.RESOLVED);
  }

  @Test
  void of_heartbeats_a_receiver_has_one_at_a_time_and_those_sent_stay_counted() {
    Regulars words = new Regulars("acme");
    List<String> receivers = List.of("soc", "slow");
    store.timetable().beat(words.heartbeat("one", clock.instant()), receivers);
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Alert.Event.HEARTBEAT);
    clock.advance(MINUTE);
    store.timetable().beat(words.heartbeat("one", clock.instant()), receivers);
    assertThat(told("soc")).hasSize(1);
    assertThat(told("slow")).hasSize(1);
    assertThat(store.queues())
        .extracting(QueueState::receiver, QueueState::sent)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("slow", 1L),
            org.assertj.core.groups.Tuple.tuple("soc", 2L));
  }

  @Test
  void a_report_is_told_once_for_its_time_and_says_what_is_open_and_held_back() {
    file("swf_a", PLAIN);
    Instant last = store.timetable().lastReport("daily");
    assertThat(store.timetable().lastReport("daily")).isEqualTo(last);
    clock.advance(HOUR);
    List<Field> summary = store.timetable().summary(last, clock.instant());
    assertThat(summary)
        .contains(
            new Field("found", "1 identity high unexpected-signature, open", false),
            new Field("not-closed", "1 identity high unexpected-signature, open", false));
    Alert report = new Regulars("acme").report("daily", last, clock.instant(), summary);
    store.timetable().report("daily", last, report, List.of("mail"));
    store.timetable().report("daily", last, report, List.of("mail", "soc"));
    assertThat(told("mail")).extracting(Alert::title).containsExactly(report.title());
    assertThat(told("soc")).extracting(Alert::uid).containsExactly("swf_a");
    reopen();
    assertThat(store.timetable().lastReport("daily")).isEqualTo(clock.instant());
  }
}
