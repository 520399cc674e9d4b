package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.condition;
import static dev.sigwarden.store.StoreSamples.finding;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Alert.Event;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Plan;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.alert.Telling;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every database must do with what was told in one message: it lives as one.
abstract class DigestsContract extends StoreFixture {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /// Tells one an hour by itself, the others every minute in a digest, and reminds each hour.
  private static Telling one(String receiver) {
    return new Telling(receiver, "", Duration.ZERO, MINUTE, HOUR, 1, Telling.Hours.ALWAYS);
  }

  private static Telling grouped(String receiver) {
    return new Telling(receiver, "g", MINUTE, MINUTE, HOUR, Telling.ALL, Telling.Hours.ALWAYS);
  }

  private static Plan.Escalation lead(String group) {
    return new Plan.Escalation("lead", group, Duration.ofMinutes(30), HOUR, Telling.Hours.ALWAYS);
  }

  private void file(Plan plan, int from, int to) {
    List<Filing> filings = new ArrayList<>();
    for (int i = from; i < to; i++) {
      filings.add(new Filing(finding("swf_%04d".formatted(i), Severity.HIGH, i), plan));
    }
    store.file(filings);
  }

  private Plan plan(List<Telling> tellings, Plan.Escalation... others) {
    return new Plan(tellings, List.of(others), hush);
  }

  /// The digest of three findings beyond the first, that `soc` was just told.
  private Alert flooded() {
    file(plan(List.of(one("soc"))), 0, 4);
    assertThat(told("soc")).extracting(Alert::event).containsExactly(Event.OPENED);
    store.lifecycle().close("swf_0000", "jo", ClosingVerdict.BENIGN, "");
    clock.advance(MINUTE);
    List<Alert> told = told("soc");
    assertThat(told).extracting(Alert::event).containsExactly(Event.CLOSED, Event.DIGEST);
    return told.getLast();
  }

  private List<Event> events(String receiver) {
    return told(receiver).stream().map(Alert::event).toList();
  }

  @Test
  void a_digest_is_reminded_of_as_one_until_none_of_it_is_open() {
    Alert digest = flooded();
    store.lifecycle().acknowledge("swf_0001", "jo", "");
    reopen();
    clock.advance(HOUR);
    Alert reminder = told("soc").getFirst();
    assertThat(reminder.event()).isEqualTo(Event.REMINDER);
    assertThat(reminder.uid()).isEqualTo(digest.uid());
    assertThat(reminder.revision()).isEqualTo(2);
    assertThat(reminder.title()).startsWith("2 findings");
    assertThat(members(reminder)).containsExactly("swf_0002", "swf_0003");

    store.lifecycle().acknowledge("swf_0002", "jo", "");
    assertThat(told("soc")).isEmpty();
    store.lifecycle().acknowledge("swf_0003", "kim", "");
    Alert taken = told("soc").getFirst();
    assertThat(taken.event()).isEqualTo(Event.ACKNOWLEDGED);
    assertThat(taken.uid()).isEqualTo(digest.uid());
    assertThat(taken.scope()).contains(new Field("last-act", "acknowledged by kim", false));
    clock.advance(HOUR.multipliedBy(3));
    assertThat(told("soc")).isEmpty();

    store.lifecycle().reopen("swf_0002", "jo", "");
    assertThat(events("soc")).containsExactly(Event.REOPENED);
    clock.advance(HOUR);
    assertThat(members(told("soc").getFirst())).containsExactly("swf_0002");
    for (String uid : List.of("swf_0001", "swf_0002", "swf_0003")) {
      store.lifecycle().close(uid, "jo", ClosingVerdict.BENIGN, "");
    }
    assertThat(events("soc")).containsExactly(Event.ACKNOWLEDGED, Event.RESOLVED);
    clock.advance(HOUR);
    assertThat(told("soc")).isEmpty();
  }

  @Test
  void others_are_told_of_a_flood_in_one_message_and_of_what_nobody_took_only() {
    Plan plan = plan(List.of(one("soc"), one("oncall"), Telling.plain("feed")), lead(""));
    file(plan, 0, 40);
    clock.advance(Duration.ofMinutes(10));
    assertThat(told("feed")).hasSize(40);
    assertThat(events("soc")).containsExactly(Event.OPENED, Event.DIGEST);
    assertThat(events("oncall")).containsExactly(Event.OPENED, Event.DIGEST);
    file(plan, 40, 50);
    store.lifecycle().acknowledge("swf_0005", "jo", "");
    reopen();
    clock.advance(Duration.ofMinutes(19));
    assertThat(told("lead")).isEmpty();
    clock.advance(MINUTE);
    List<Alert> told = told("lead");
    assertThat(told)
        .extracting(Alert::event)
        .containsExactlyInAnyOrder(Event.ESCALATED, Event.DIGEST);
    Alert digest = told.stream().filter(it -> it.event() == Event.DIGEST).findFirst().orElseThrow();
    assertThat(digest.title()).startsWith("48 findings");
    assertThat(members(digest)).contains("swf_0001").doesNotContain("swf_0000", "swf_0005");
    clock.advance(Duration.ofMinutes(40));
    assertThat(told("lead")).isEmpty();
    clock.advance(Duration.ofMinutes(20));
    assertThat(events("lead")).containsExactlyInAnyOrder(Event.REMINDER, Event.REMINDER);

    store.desk().act(digest.uid(), act(Act.Action.ACKNOWLEDGED), deed(digest));
    store.lifecycle().acknowledge("swf_0000", "jo", "");
    assertThat(events("lead")).containsOnly(Event.ACKNOWLEDGED).hasSize(2);
    assertThat(events("oncall")).contains(Event.ACKNOWLEDGED);
    clock.advance(HOUR);
    assertThat(told("lead")).isEmpty();
    assertThat(told("oncall")).isEmpty();
  }

  @Test
  void a_group_is_escalated_as_one() {
    Plan plan = plan(List.of(grouped("soc")), lead("g"));
    file(plan, 0, 2);
    clock.advance(Duration.ofSeconds(30));
    file(plan, 2, 4);
    clock.advance(Duration.ofMinutes(30));
    assertThat(events("soc")).containsExactly(Event.DIGEST);
    List<Alert> told = told("lead");
    assertThat(told).extracting(Alert::event).containsExactly(Event.DIGEST);
    assertThat(members(told.getFirst())).hasSize(4);
  }

  @Test
  void many_escalations_at_once_are_one_message() {
    Plan plan = plan(List.of(Telling.plain("soc")), lead(""));
    file(plan, 0, 9);
    clock.advance(Duration.ofMinutes(30));
    assertThat(events("lead")).containsExactly(Event.DIGEST);
  }

  @Test
  void what_comes_later_joins_the_open_digest_and_never_one_that_somebody_took() {
    Alert first = flooded();
    Plan plan = plan(List.of(one("soc")));
    file(plan, 10, 12);
    clock.advance(MINUTE);
    Alert second = told("soc").getFirst();
    assertThat(second.uid()).isEqualTo(first.uid());
    assertThat(second.revision()).isEqualTo(2);
    assertThat(members(second)).containsExactly("swf_0010", "swf_0011");
    assertThat(second.firstSeen()).isEqualTo(first.firstSeen());

    Change taken = store.desk().act(first.uid(), act(Act.Action.ACKNOWLEDGED), deed(first));
    assertThat(taken).isInstanceOf(Change.Done.class);
    assertThat(events("soc")).containsExactly(Event.ACKNOWLEDGED);
    file(plan, 20, 22);
    clock.advance(MINUTE);
    Alert third = told("soc").getFirst();
    assertThat(third.event()).isEqualTo(Event.DIGEST);
    assertThat(third.uid()).isNotEqualTo(first.uid());
    assertThat(third.revision()).isEqualTo(1);
  }

  private Act act(Act.Action action) {
    return new Act(
        clock.instant(),
        "jo",
        action,
        Optional.of(ClosingVerdict.CONFIRMED).filter(_ -> action == Act.Action.CLOSED),
        "stolen key");
  }

  private static Deed deed(Alert digest) {
    return new Deed("jo", "responder", "", "finding.acted", digest.uid(), "stolen key", "");
  }

  @Test
  void all_of_a_digest_are_moved_by_its_id_however_many_they_are() {
    file(plan(List.of(one("soc"))), 0, 1_300);
    clock.advance(MINUTE);
    Alert digest = told("soc").getLast();
    Desk desk = store.desk();
    assertThat(desk.act(digest.uid(), act(Act.Action.REOPENED), deed(digest)))
        .isInstanceOfSatisfying(
            Change.Refused.class,
            it -> assertThat(it.why()).isEqualTo("state: open (expected: acknowledged or closed)"));
    assertThat(desk.act(digest.uid(), act(Act.Action.COMMENTED), deed(digest)))
        .isInstanceOf(Change.Refused.class);
    assertThat(desk.act(digest.uid(), act(Act.Action.CLOSED), deed(digest)))
        .isInstanceOfSatisfying(
            Change.Done.class,
            it -> {
              assertThat(it.now().state()).isEqualTo(FindingState.CLOSED);
              assertThat(it.now().alert().uid()).isEqualTo(digest.uid());
            });
    assertThat(events("soc")).containsExactly(Event.RESOLVED);
    for (String uid : List.of("swf_0001", "swf_0600", "swf_1299")) {
      assertThat(store.lifecycle().find(uid).orElseThrow().verdict())
          .contains(ClosingVerdict.CONFIRMED);
      assertThat(store.lifecycle().history(uid)).hasSize(1);
    }
    assertThat(store.lifecycle().find("swf_0000").orElseThrow().state())
        .isEqualTo(FindingState.OPEN);
    assertThat(desk.audit(digest.uid(), Long.MAX_VALUE, 9)).hasSize(1);
    assertThat(store.lifecycle().knows(digest.uid())).isTrue();
  }

  @Test
  void a_digest_of_conditions_ends_with_the_last_of_them() {
    Plan plan = plan(List.of(grouped("soc")));
    for (String uid : List.of("swc_a", "swc_b")) {
      store.raise(new Condition(condition(uid, Event.OPENED).alert(), plan));
    }
    clock.advance(MINUTE);
    Alert digest = told("soc").getFirst();
    assertThat(digest.event()).isEqualTo(Event.DIGEST);
    store.resolve(condition("swc_a", Event.RESOLVED));
    // It is news if it comes again, and no part of the digest.
    store.raise(condition("swc_a", Event.OPENED));
    clock.advance(HOUR);
    Alert reminder = told("soc").getFirst();
    assertThat(reminder.uid()).isEqualTo(digest.uid());
    assertThat(members(reminder)).containsExactly("swc_b");
    store.resolve(condition("swc_b", Event.RESOLVED));
    assertThat(told("soc"))
        .extracting(it -> it.uid() + " " + it.event().label())
        .containsExactly(digest.uid() + " resolved");
  }

  @Test
  void a_digest_stands_until_it_ended_and_is_forgotten_a_while_later() {
    Alert digest = flooded();
    assertThat(standing()).contains(digest.uid());
    clock.advance(HOUR.multipliedBy(48));
    told("soc");
    store.forgetSent(clock.instant(), 100);
    assertThat(standing()).contains(digest.uid());
    store.desk().act(digest.uid(), act(Act.Action.CLOSED), deed(digest));
    assertThat(events("soc")).containsExactly(Event.RESOLVED);
    clock.advance(HOUR);
    store.forgetSent(clock.instant(), 100);
    assertThat(standing()).doesNotContain(digest.uid());
    assertThat(store.lifecycle().find(digest.uid())).isEmpty();
  }

  @Test
  void a_digest_is_as_grave_as_it_ever_was_so_that_its_end_is_told_to_the_same() {
    file(plan(List.of(grouped("soc"))), 0, 1);
    store.file(
        List.of(new Filing(finding("swf_low", Severity.LOW, 3), plan(List.of(grouped("soc"))))));
    clock.advance(MINUTE);
    assertThat(told("soc").getFirst().severity()).isEqualTo(Severity.HIGH);
    store.lifecycle().close("swf_0000", "jo", ClosingVerdict.BENIGN, "");
    clock.advance(HOUR);
    Alert reminder = told("soc").getFirst();
    assertThat(members(reminder)).containsExactly("swf_low");
    assertThat(reminder.severity()).isEqualTo(Severity.HIGH);
    store.lifecycle().close("swf_low", "jo", ClosingVerdict.BENIGN, "");
    assertThat(told("soc").getFirst().severity()).isEqualTo(Severity.HIGH);
  }

  private List<String> standing() {
    return store.tellings().standing("soc", "", 50, clock.instant().minus(MINUTE)).stream()
        .map(it -> it.alert().uid())
        .toList();
  }

  @Test
  void a_reminder_is_held_back_only_if_all_of_its_digest_is() {
    file(plan(List.of(grouped("soc"))), 0, 2);
    store.file(
        List.of(new Filing(finding("swf_low", Severity.LOW, 3), plan(List.of(grouped("soc"))))));
    clock.advance(MINUTE);
    assertThat(events("soc")).containsExactly(Event.DIGEST);
    silence("severity=high");
    clock.advance(HOUR);
    assertThat(events("soc")).containsExactly(Event.REMINDER);
    silence("severity=low");
    clock.advance(HOUR);
    assertThat(told("soc")).isEmpty();
  }

  @Test
  void a_silence_that_is_ended_early_gives_a_whole_flood_back() {
    HeldSilence silence = silence("watch=acme-release");
    file(plan(List.of(one("soc"))), 0, 4);
    clock.advance(MINUTE);
    assertThat(told("soc")).isEmpty();
    store.silences().end(silence.id(), "jo");
    List<Alert> told = told("soc");
    assertThat(told).extracting(Alert::event).containsExactlyInAnyOrder(Event.OPENED, Event.DIGEST);
    assertThat(told)
        .filteredOn(it -> it.event() == Event.DIGEST)
        .allSatisfy(it -> assertThat(members(it)).hasSize(3));
  }

  private HeldSilence silence(String matcher) {
    return store
        .silences()
        .add(
            new Silence(
                List.of(Matcher.parse(matcher)),
                clock.instant(),
                clock.instant().plus(Duration.ofHours(9)),
                "jo",
                "moving house",
                false))
        .orElseThrow();
  }
}
