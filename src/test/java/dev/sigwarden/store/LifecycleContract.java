package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.filing;
import static dev.sigwarden.store.StoreSamples.finding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Act;
import dev.sigwarden.alert.Act.Action;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What every database must do with what people do.
abstract class LifecycleContract extends StoreFixture {
  private static final Duration HOUR = Duration.ofHours(1);

  private Tracked done(Change change) {
    assertThat(change).isInstanceOf(Change.Done.class);
    return ((Change.Done) change).now();
  }

  private Silence silence(Duration length, boolean forced, String... matchers) {
    return new Silence(
        List.of(matchers).stream().map(Matcher::parse).toList(),
        clock.instant(),
        clock.instant().plus(length),
        "jo",
        "the log is moving house",
        forced);
  }

  @Test
  void a_finding_is_opened_acknowledged_closed_and_opened_again_by_people_only() {
    store.file(List.of(filing("swf_a", "soc")));
    Lifecycle lifecycle = store.lifecycle();
    Tracked open = lifecycle.find("swf_a").orElseThrow();
    assertThat(open.state()).isEqualTo(FindingState.OPEN);
    assertThat(open.changedAt()).isEqualTo(TestClock.START);

    clock.advance(HOUR);
    Tracked taken = done(lifecycle.acknowledge("swf_a", "jo", "mine"));
    assertThat(taken.state()).isEqualTo(FindingState.ACKNOWLEDGED);
    assertThat(taken.changedAt()).isEqualTo(clock.instant());
    Tracked closed = done(lifecycle.close("swf_a", "jo", ClosingVerdict.BENIGN, "our build"));
    assertThat(closed.state()).isEqualTo(FindingState.CLOSED);
    assertThat(closed.verdict()).contains(ClosingVerdict.BENIGN);

    // Seen again, it stays as people left it.
    store.file(List.of(filing("swf_a", "soc")));
    assertThat(lifecycle.find("swf_a").orElseThrow().state()).isEqualTo(FindingState.CLOSED);

    Tracked again = done(lifecycle.reopen("swf_a", "kim", "not ours"));
    assertThat(again.state()).isEqualTo(FindingState.OPEN);
    assertThat(again.verdict()).isEmpty();
    done(lifecycle.comment("swf_a", "kim", "asked the vendor"));
    reopen();
    assertThat(store.lifecycle().history("swf_a"))
        .extracting(Act::action, Act::actor, Act::note, Act::verdict)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                Action.ACKNOWLEDGED, "jo", "mine", Optional.empty()),
            org.assertj.core.groups.Tuple.tuple(
                Action.CLOSED, "jo", "our build", Optional.of(ClosingVerdict.BENIGN)),
            org.assertj.core.groups.Tuple.tuple(
                Action.REOPENED, "kim", "not ours", Optional.empty()),
            org.assertj.core.groups.Tuple.tuple(
                Action.COMMENTED, "kim", "asked the vendor", Optional.empty()));
  }

  @Test
  void whoever_was_told_of_a_finding_is_told_what_became_of_it_in_order() {
    store.file(List.of(filing("swf_a", "soc", "oncall")));
    store.lifecycle().acknowledge("swf_a", "jo", "mine");
    store.lifecycle().close("swf_a", "jo", ClosingVerdict.CONFIRMED, "");
    Pending opened = lease("soc").getFirst();
    assertThat(opened.alert().event()).isEqualTo(Alert.Event.OPENED);
    assertThat(lease("soc")).isEmpty();
    store.sent(opened, "");
    Pending taken = lease("soc").getFirst();
    assertThat(taken.alert().event()).isEqualTo(Alert.Event.ACKNOWLEDGED);
    assertThat(taken.alert().scope())
        .contains(new Field("acknowledged-by", "jo", false), new Field("note", "mine", false));
    assertThat(taken.openedKey()).isEqualTo(opened.key());
    store.sent(taken, "");
    Pending closed = lease("soc").getFirst();
    assertThat(closed.alert().event()).isEqualTo(Alert.Event.CLOSED);
    assertThat(closed.alert().scope()).contains(new Field("verdict", "confirmed", false));
    assertThat(closed.alert().revision()).isEqualTo(3);
  }

  @Test
  void an_act_that_does_not_fit_writes_and_tells_nothing() {
    store.file(List.of(filing("swf_a", "soc")));
    Lifecycle lifecycle = store.lifecycle();
    assertThat(lifecycle.acknowledge("swf_x", "jo", "")).isInstanceOf(Change.Unknown.class);
    assertThat(lifecycle.reopen("swf_a", "jo", ""))
        .isInstanceOfSatisfying(
            Change.Refused.class,
            refused -> {
              assertThat(refused.why()).isEqualTo("state: open (expected: acknowledged or closed)");
              assertThat(refused.now().state()).isEqualTo(FindingState.OPEN);
            });
    lifecycle.acknowledge("swf_a", "jo", "");
    assertThat(lifecycle.acknowledge("swf_a", "kim", "")).isInstanceOf(Change.Refused.class);
    assertThat(lifecycle.history("swf_a")).hasSize(1);
    assertThatThrownBy(() -> lifecycle.comment("swf_a", "jo", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("note: empty (expected: the comment)");
    assertThatThrownBy(() -> lifecycle.close("swf_a", " ", ClosingVerdict.TEST, ""))
        .hasMessageStartingWith("actor: empty");
    assertThatThrownBy(() -> lifecycle.comment("swf_a", "jo", "x".repeat(Act.MAX_NOTE + 1)))
        .hasMessageStartingWith("note: 2001 characters");
  }

  @Test
  void findings_are_asked_for_by_what_they_are_page_by_page() {
    for (int i = 0; i < 5; i++) {
      store.file(
          List.of(
              new Filing(
                  finding("swf_" + i, i % 2 == 0 ? Severity.HIGH : Severity.LOW, i), List.of())));
    }
    Lifecycle lifecycle = store.lifecycle();
    lifecycle.acknowledge("swf_1", "jo", "");
    List<Tracked> first = lifecycle.list(FindingQuery.ALL, Optional.empty(), 3);
    Tracked last = first.getLast();
    FindingQuery.Place place = new FindingQuery.Place(last.alert().firstSeen(), last.alert().uid());
    List<Tracked> rest = lifecycle.list(FindingQuery.ALL, Optional.of(place), 3);
    assertThat(first).extracting(it -> it.alert().uid()).containsExactly("swf_0", "swf_1", "swf_2");
    assertThat(rest).extracting(it -> it.alert().uid()).containsExactly("swf_3", "swf_4");
    assertThat(
            lifecycle.list(
                FindingQuery.in(Set.of(FindingState.ACKNOWLEDGED)), Optional.empty(), 10))
        .extracting(it -> it.alert().uid())
        .containsExactly("swf_1");
    FindingQuery precise =
        new FindingQuery(
            Set.of(FindingState.OPEN),
            Set.of(Kind.UNEXPECTED_SIGNATURE.family()),
            Set.of(Kind.UNEXPECTED_SIGNATURE, Kind.LOG_FORK),
            Set.of(Severity.LOW),
            Optional.of("acme-release"),
            Optional.of("rekor"),
            Optional.of(TestClock.START));
    assertThat(lifecycle.list(precise, Optional.empty(), 10))
        .extracting(it -> it.alert().uid())
        .containsExactly("swf_3");
  }

  @Test
  void a_silence_holds_back_counts_and_gives_back_when_it_ends() {
    HeldSilence made =
        store.silences().add(silence(HOUR, false, "watch=\"acme-release\"")).orElseThrow();
    store.file(List.of(filing("swf_a", "soc", "oncall"), filing("swf_b", "soc")));
    assertThat(lease("soc")).isEmpty();
    assertThat(store.silences().find(made.id()).orElseThrow().held()).isEqualTo(3);
    assertThat(store.queues()).extracting(QueueState::held).containsExactly(1L, 2L);
    store.lifecycle().acknowledge("swf_b", "jo", "");
    assertThat(store.tellings().tell(dev.sigwarden.alert.Hush.NONE)).isFalse();
    reopen();
    clock.advance(HOUR);
    assertThat(store.tellings().tell(dev.sigwarden.alert.Hush.NONE)).isTrue();
    assertThat(leasedUids("soc")).containsExactlyInAnyOrder("swf_a", "swf_b");
    assertThat(leasedUids("oncall")).containsExactly("swf_a");
    assertThat(store.silences().list(false, 10)).isEmpty();
    assertThat(store.silences().list(true, 10)).singleElement().matches(it -> it.held() == 3);
  }

  @Test
  void a_silence_that_is_ended_early_gives_back_at_once() {
    HeldSilence made = store.silences().add(silence(HOUR, false, "severity=high")).orElseThrow();
    store.file(List.of(filing("swf_a", "soc")));
    clock.advance(Duration.ofMinutes(1));
    HeldSilence ended = store.silences().end(made.id(), "kim").orElseThrow();
    assertThat(ended.endedBy()).isEqualTo("kim");
    assertThat(ended.silence().endsAt()).isEqualTo(clock.instant());
    assertThat(store.silences().end(made.id(), "kim")).isEmpty();
    store.tellings().tell(dev.sigwarden.alert.Hush.NONE);
    assertThat(leasedUids("soc")).containsExactly("swf_a");
  }

  @Test
  void no_silence_without_force_holds_back_a_log_that_lies() {
    store.silences().add(silence(HOUR, false, "log=~\".+\""));
    Alert lie = dev.sigwarden.alert.TestAlerts.fork();
    store.file(
        List.of(
            new Filing(new dev.sigwarden.alert.Finding(lie, 1, 5, List.of()), List.of("soc")),
            filing("swf_a", "soc")));
    assertThat(leasedUids("soc")).containsExactly(lie.uid());
    assertThatThrownBy(() -> silence(HOUR, false, "family=integrity"))
        .hasMessageContaining("expected: force");
    HeldSilence forced = store.silences().add(silence(HOUR, true, "kind=log-fork")).orElseThrow();
    assertThat(store.silences().find(forced.id())).contains(forced);
    assertThat(forced.silence().forced()).isTrue();
  }
}
