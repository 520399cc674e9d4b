package dev.sigwarden.store;

import static dev.sigwarden.store.StoreSamples.alert;
import static dev.sigwarden.store.StoreSamples.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.DrillAlerts;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.store.Drill.State;
import dev.sigwarden.store.Drill.Step;
import dev.sigwarden.watch.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every database must do with drills.
abstract class DrillsContract extends StoreFixture {
  private Drills drills() {
    return store.timetable().drills();
  }

  private Drill drill(int number, String name) {
    Instant now = clock.instant();
    return new Drill(
        "swd_" + number,
        name,
        "acme-release",
        "local",
        now,
        now.plusSeconds(60),
        State.RUNNING,
        Optional.empty(),
        List.of());
  }

  private Drill begun(int number, String name) {
    Drill drill = drill(number, name);
    assertThat(drills().begin(drill, Optional.empty())).isTrue();
    return drill;
  }

  private void end(Drill drill, Step... steps) {
    drills().end(drill.over(List.of(steps), false, clock.instant()));
  }

  private static Step step(String receiver, boolean good) {
    return new Step(
        "delivered",
        receiver,
        good ? Optional.of(Duration.ofMillis(7)) : Optional.empty(),
        good,
        good ? "" : "not within 2 s");
  }

  private Alert file(Drill drill, String... receivers) {
    Alert found = alert("swf_drill" + drill.id(), 1, Alert.Event.OPENED, Severity.CRITICAL);
    Alert marked = new DrillAlerts("", clock).marked(found, drill.id(), drill.watch());
    Alert told =
        new Alert(
            marked.uid(),
            1,
            marked.event(),
            marked.kind(),
            marked.severity(),
            marked.title(),
            marked.why(),
            drill.log(),
            marked.watch(),
            "",
            "",
            marked.firstSeen(),
            marked.at(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    store.file(List.of(new Filing(new Finding(told, 0, 1, List.of()), List.of(receivers))));
    return told;
  }

  @Test
  void one_runs_at_a_time_and_who_asked_is_in_the_audit_log() {
    Drill first = drill(1, "");
    Deed deed = new Deed("token:jo", "responder", "", "drill.begin", "", "test", "");
    assertThat(drills().begin(first, Optional.of(deed))).isTrue();
    assertThat(drills().begin(drill(2, ""), Optional.of(deed))).isFalse();
    assertThat(store.desk().audit("", Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(entry -> assertThat(entry.deed().subject()).isEqualTo(first.id()));
    end(first);
    assertThat(drills().begin(drill(2, ""), Optional.empty())).isTrue();
  }

  @Test
  void of_two_that_begin_at_once_one_does() throws Exception {
    assertThat(
            race(
                () -> drills().begin(drill(1, ""), Optional.empty()),
                () -> drills().begin(drill(2, ""), Optional.empty())))
        .containsExactlyInAnyOrder(true, false);
  }

  @Test
  void its_steps_and_how_it_ended_are_read_as_they_were_written() {
    Drill drill = begun(1, "nightly");
    end(drill, step("hook", true), step("mail", false));

    Drill read = drills().find(drill.id()).orElseThrow();
    assertThat(read.state()).isEqualTo(State.FAILED);
    assertThat(read.steps()).containsExactly(step("hook", true), step("mail", false));
    assertThat(read.endedAt()).contains(clock.instant());
    assertThat(read.took()).contains(Duration.ofMillis(7));
    assertThat(drills().list(10)).containsExactly(read);
    // What ended stays as it ended.
    end(drill, step("hook", true));
    assertThat(drills().find(drill.id())).contains(read);
  }

  @Test
  void when_it_is_over_its_finding_is_closed_and_whoever_may_know_of_it_hears_so() {
    Drill drill = begun(1, "");
    Alert told = file(drill, "taken", "hanging", "failed-once", "untried", "refused");
    store.sent(lease("taken").getFirst(), "");
    lease("hanging");
    store.retry(lease("failed-once").getFirst(), clock.instant().plusSeconds(60), "503");
    store.dead(lease("refused").getFirst(), "400");
    assertThat(drills().told(drill)).contains(told);
    assertThat(drills().taken(told))
        .hasSize(5)
        .anySatisfy(it -> {
          assertThat(it.receiver()).isEqualTo("refused");
          assertThat(it.givenUp()).isTrue();
          assertThat(it.problem()).isEqualTo("400");
        })
        .anySatisfy(it -> {
          assertThat(it.receiver()).isEqualTo("taken");
          assertThat(it.sent()).contains(clock.instant());
        });

    end(drill, step("taken", true));

    Tracked closed = store.lifecycle().find(told.uid()).orElseThrow();
    assertThat(closed.state()).isEqualTo(FindingState.CLOSED);
    assertThat(closed.verdict()).contains(ClosingVerdict.TEST);
    for (String receiver : List.of("taken", "hanging", "failed-once")) {
      assertThat(lease(receiver))
          .as(receiver)
          .singleElement()
          .satisfies(it -> assertThat(it.alert().event()).isEqualTo(Alert.Event.CLOSED));
    }
    for (String receiver : List.of("untried", "refused")) {
      assertThat(lease(receiver)).as(receiver).isEmpty();
    }
    assertThat(store.queues()).allSatisfy(queue -> assertThat(queue.dead()).isZero());
  }

  @Test
  void its_practice_log_is_forgotten_and_no_other() throws StaleStateException {
    begin(3);
    Drill drill = begun(1, "");
    store.begin(drill.log(), "drill+1", view(0, 2, 0));
    store.lasts(drill.log(), "unreachable", new Lasting(clock.instant(), 0));
    end(drill);
    assertThat(store.views(drill.log())).isEmpty();
    assertThat(store.identity(drill.log())).isEmpty();
    assertThat(store.lasting(drill.log())).isEmpty();
    assertThat(store.views("rekor")).hasSize(1);
  }

  @Test
  void one_whose_process_is_gone_ends_when_its_time_is_over_or_nobody_else_can_run_it() {
    Drill drill = begun(1, "");
    Alert told = file(drill, "soc");
    drills().interrupt(false);
    assertThat(drills().find(drill.id()).orElseThrow().state()).isEqualTo(State.RUNNING);
    clock.advance(Duration.ofSeconds(61));
    drills().interrupt(false);
    assertThat(drills().find(drill.id()).orElseThrow().state()).isEqualTo(State.INTERRUPTED);
    assertThat(store.lifecycle().find(told.uid()).orElseThrow().state())
        .isEqualTo(FindingState.CLOSED);

    Drill other = begun(2, "");
    drills().interrupt(true);
    assertThat(drills().find(other.id()).orElseThrow().state()).isEqualTo(State.INTERRUPTED);
  }

  @Test
  void newest_of_each_name_leaves_out_what_was_interrupted_and_old_ones_are_forgotten() {
    for (int i = 0; i < Drills.KEPT; i++) {
      Drill drill = begun(1_000 + i, i % 2 == 0 ? "nightly" : "");
      if (i == 0) {
        file(drill, "soc");
      }
      end(drill, step("hook", i > Drills.KEPT - 3));
      clock.advance(Duration.ofSeconds(1));
    }
    Drill first = drills().list(Drills.KEPT).getLast();
    Drill cut = begun(3_000, "nightly");
    drills().interrupt(true);

    assertThat(drills().newest())
        .extracting(Drill::name, Drill::state)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("", State.PASSED),
            org.assertj.core.groups.Tuple.tuple("nightly", State.PASSED));
    assertThat(drills().list(2 * Drills.KEPT))
        .hasSize(Drills.KEPT)
        .startsWith(drills().find(cut.id()).orElseThrow());
    assertThat(drills().find(first.id())).isEmpty();
    assertThat(store.lifecycle().list(FindingQuery.ALL, Optional.empty(), 10)).isEmpty();
    assertThat(lease("soc")).isEmpty();
  }

  @Test
  void when_one_of_the_schedule_was_made_last_is_remembered() {
    Instant first = drills().lastTime("nightly");
    assertThat(first).isEqualTo(clock.instant());
    clock.advance(Duration.ofHours(1));
    assertThat(drills().lastTime("nightly")).isEqualTo(first);
    drills().made("nightly", clock.instant());
    reopen();
    assertThat(drills().lastTime("nightly")).isEqualTo(clock.instant());
    assertThat(drills().lastTime("weekly")).isEqualTo(clock.instant());
  }
}
