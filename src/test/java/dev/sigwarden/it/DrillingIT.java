package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Family;
import dev.sigwarden.alert.FindingState;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.daemon.Drilling.Wanted;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.sim.WebhookReceiver.Message;
import dev.sigwarden.store.Deed;
import dev.sigwarden.store.Drill;
import dev.sigwarden.store.Drill.State;
import dev.sigwarden.store.Drill.Step;
import dev.sigwarden.store.Drills;
import dev.sigwarden.store.FindingQuery;
import dev.sigwarden.store.Tracked;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drills in a daemon that also has real work: what each step says, who is told, and that nothing
/// of a drill counts or stays.
class DrillingIT {
  private static final Duration AMPLE = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofSeconds(6);

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program.config().route("{receivers: [hook, mail]}");
  }

  @AfterEach
  void close() {
    program.close();
  }

  private Drills drills() {
    return program.daemon().store().timetable().drills();
  }

  private Optional<Drill> ask(String watch, Duration within, String... receivers) {
    return program
        .daemon()
        .drilling()
        .orElseThrow()
        .ask(
            new Wanted(watch, List.of(receivers), within),
            new Deed("local", "admin", "", "drill.begin", "", "test", ""));
  }

  private Drill drill(String watch, Duration within, String... receivers) {
    return end(ask(watch, within, receivers).orElseThrow());
  }

  private Drill end(Drill begun) {
    program.until(
        "end of the drill", () -> drills().find(begun.id()).orElseThrow().state() != State.RUNNING);
    return drills().find(begun.id()).orElseThrow();
  }

  private static List<String> steps(Drill drill) {
    return drill.steps().stream()
        .map(step -> (step.step() + " " + step.receiver()).strip())
        .toList();
  }

  private static Step step(Drill drill, String step, String receiver) {
    return drill.steps().stream()
        .filter(it -> it.step().equals(step) && it.receiver().equals(receiver))
        .findFirst()
        .orElseThrow();
  }

  private long told(WebhookReceiver hook, String event) {
    return hook.messages().stream()
        .filter(Message::accepted)
        .filter(message -> message.body().contains("\"kind\":\"drill\""))
        .filter(message -> message.body().contains("\"event\":\"" + event + "\""))
        .map(Message::id)
        .distinct()
        .count();
  }

  private List<Tracked> drilled() {
    return program
        .daemon()
        .store()
        .lifecycle()
        .list(FindingQuery.ALL, Optional.empty(), 100)
        .stream()
        .filter(it -> it.alert().kind().family() == Family.DRILL)
        .toList();
  }

  /// That nothing is left of a drill that a person, or a receiver, would have to see to.
  private void assertNothingIsOpen(Drill drill) {
    program.until(
        "all that is to be delivered",
        () -> program.daemon().queues().stream().allMatch(queue -> queue.pending() == 0));
    assertThat(program.daemon().store().views(drill.log())).isEmpty();
    assertThat(program.daemon().store().identity(drill.log())).isEmpty();
    assertThat(program.daemon().store().lasting(drill.log())).isEmpty();
    assertThat(drilled())
        .allSatisfy(it -> {
          assertThat(it.state()).isEqualTo(FindingState.CLOSED);
          assertThat(it.verdict()).contains(ClosingVerdict.TEST);
        });
  }

  @Test
  void a_drill_of_a_watch_passes_every_step_is_marked_everywhere_and_counts_nowhere() {
    program.others(10).start().awaitJudged();

    Drill drill = drill(ConfigFile.RELEASES, AMPLE);

    assertThat(drill.state()).as("%s", drill).isEqualTo(State.PASSED);
    assertThat(steps(drill))
        .containsExactly(
            "logged", "head", "judged", "committed", "delivered hook", "delivered mail");
    assertThat(drill.steps()).allSatisfy(it -> assertThat(it.after()).isPresent());
    assertThat(step(drill, "judged", "").note()).contains("subject: ").contains("issuer: ");
    program.until("its end at the webhook", () -> told(program.hook(), "closed") == 1);
    assertThat(told(program.hook(), "opened")).isEqualTo(1);
    assertThat(program.mailsSaying("DRILL: test signature for watch " + ConfigFile.RELEASES))
        .isPositive();
    assertNothingIsOpen(drill);
    assertThat(drilled()).singleElement();
    Alert alert = drilled().getFirst().alert();
    assertThat(alert.title()).startsWith("DRILL");
    assertThat(alert.watch()).isEqualTo(ConfigFile.RELEASES);
    assertThat(alert.toString()).doesNotContain("127.0.0.1");
    assertThat(program.daemon().store().verdicts(ConfigFile.RELEASES)).isEmpty();
    assertThat(program.daemon().store().observations(ConfigFile.RELEASES, Instant.EPOCH)).isZero();
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).isEmpty();
    assertThat(program.daemon().logs()).singleElement();
    assertThat(program.daemon().store().desk().audit(drill.id(), Long.MAX_VALUE, 10))
        .singleElement();

    // The real thing is told as ever, and knows of no drill.
    program.log().log().append(Entries.watched("stolen"));
    program.log().log().publish();
    Alert real = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
    assertThat(WholeProgram.field(real.scope(), "same-watch-24h")).isEqualTo("1 entries selected");
  }

  @Test
  void what_cannot_be_imitated_is_drilled_by_a_key_of_its_own_and_no_watch_by_every_receiver() {
    program.config().route("{receivers: [hook]}");
    program.others(10).start().awaitJudged();

    Drill words = drill(ConfigFile.WORDS, AMPLE);
    assertThat(words.state()).as("%s", words).isEqualTo(State.PASSED);
    assertThat(step(words, "judged", "").note()).contains("the drill's own key");
    assertThat(steps(words)).contains("delivered hook").doesNotContain("delivered mail");

    Drill all = drill("", AMPLE);
    assertThat(all.state()).as("%s", all).isEqualTo(State.PASSED);
    assertThat(steps(all)).contains("delivered hook", "delivered mail");
    assertNothingIsOpen(all);
  }

  @Test
  void receiver_that_no_route_leads_to_is_named_and_no_silence_holds_a_drill_back() {
    program.config().route("{receivers: [hook]}");
    program.others(10).start().awaitJudged();
    Instant now = program.clock().instant();
    var _ =
        program
            .daemon()
            .store()
            .silences()
            .add(
                new Silence(
                    List.of(Matcher.parse("watch=" + ConfigFile.RELEASES)),
                    now,
                    now.plus(Duration.ofHours(1)),
                    "jo",
                    "release day",
                    false));

    Drill drill = drill(ConfigFile.RELEASES, AMPLE, "hook", "mail");

    assertThat(drill.state()).isEqualTo(State.FAILED);
    assertThat(step(drill, "delivered", "hook").good()).isTrue();
    assertThat(step(drill, "routed", "mail").note()).contains("no route leads to it");
    assertNothingIsOpen(drill);
  }

  @Test
  void receiver_that_hangs_or_refuses_is_named_and_is_not_told_of_it_when_it_is_late() {
    WebhookReceiver dead = new WebhookReceiver(ConfigFile.SECRET, program.clock()::mayArrive);
    WebhookReceiver slow = new WebhookReceiver(ConfigFile.SECRET, program.clock()::mayArrive);
    try (dead;
        slow) {
      program.config().receiver("dead", dead.url().toString());
      program.config().receiver("slow", slow.url().toString());
      dead.answerWith(Answer.of(400));
      slow.hang();
      program.others(10).start().awaitJudged();

      Drill drill = drill("", SHORT);

      assertThat(drill.state()).isEqualTo(State.FAILED);
      assertThat(step(drill, "delivered", "hook").good()).isTrue();
      assertThat(step(drill, "delivered", "mail").good()).isTrue();
      assertThat(step(drill, "delivered", "dead").note()).startsWith("given up: ");
      assertThat(step(drill, "delivered", "slow").note()).startsWith("not within 6 s");
      slow.answerWith(Answer.of(200));
      program.until("its end at the slow one", () -> told(slow, "closed") == 1);
      assertThat(told(slow, "opened")).isZero();
      assertThat(told(dead, "closed")).isZero();
      assertThat(program.daemon().queues()).allSatisfy(it -> assertThat(it.dead()).isZero());
      assertNothingIsOpen(drill);
    }
  }

  @Test
  void a_drill_of_the_schedule_that_fails_is_told_through_another_receiver_until_one_passes() {
    WebhookReceiver pager = new WebhookReceiver(ConfigFile.SECRET, program.clock()::mayArrive);
    try (pager) {
      program
          .config()
          .receiver("pager", pager.url().toString())
          .more(
              """
              drills:
                nightly: {cron: "0 0 4 * * ?", watches: [%s], receivers: [pager], within: 8s, tell: [hook, pager]}
              """
                  .formatted(ConfigFile.RELEASES))
          .route("{receivers: [pager]}");
      program.others(10).start().awaitJudged();
      // Its time is counted from the first look on.
      var _ = drills().lastTime("nightly");
      pager.down();
      program.clock().pass(Duration.ofDays(1));
      Alert failed = program.awaitCondition(Kind.DRILL_FAILED);
      assertThat(failed.why()).contains("pager").contains("nightly");
      program.until(
          "the hook is told",
          () ->
              program.hook().messages().stream()
                  .anyMatch(it -> it.body().contains("\"kind\":\"drill-failed\"")));
      assertThat(drills().newest())
          .singleElement()
          .satisfies(it -> {
            assertThat(it.name()).isEqualTo("nightly");
            assertThat(it.state()).isEqualTo(State.FAILED);
          });
      pager.up();
      program.restart().awaitJudged();
      assertThat(program.conditionKinds()).contains(Kind.DRILL_FAILED);
      program.clock().pass(Duration.ofDays(1));
      program.awaitOver(Kind.DRILL_FAILED);
      assertThat(drills().newest())
          .singleElement()
          .satisfies(it -> assertThat(it.state()).isEqualTo(State.PASSED));
      program.until(
          "the hook hears that it is over",
          () ->
              program.hook().messages().stream()
                  .anyMatch(it ->
                      it.body().contains("\"kind\":\"drill-failed\"")
                          && it.body().contains("\"event\":\"resolved\"")));
      assertThat(pager.messages()).noneMatch(it -> it.body().contains("\"kind\":\"drill-failed\""));
    }
  }

  @Test
  void a_drill_that_a_stop_cuts_off_leaves_nothing_open_and_only_one_runs_at_a_time() {
    program.hook().hang();
    program.others(10).start().awaitJudged();
    Drill begun = ask("", Duration.ofMinutes(5)).orElseThrow();
    program.until("the mail", () -> program.mailsSaying("DRILL") > 0);
    assertThat(ask("", AMPLE)).isEmpty();
    program.stop();
    program.hook().answerWith(Answer.of(200));
    program.start().awaitJudged();

    Drill cut = drills().find(begun.id()).orElseThrow();
    assertThat(cut.state()).isEqualTo(State.INTERRUPTED);
    assertNothingIsOpen(cut);
    assertThat(drill("", AMPLE).state()).isEqualTo(State.PASSED);
  }

  @Test
  void a_drill_of_the_schedule_that_a_stop_cuts_off_is_made_again_once_and_no_more() {
    program
        .config()
        .more("drills: {nightly: {cron: \"0 0 4 * * ?\", receivers: [hook], within: 5m}}\n");
    program.hook().hang();
    program.others(10).start().awaitJudged();
    Instant first = drills().lastTime("nightly");
    program.clock().pass(Duration.ofDays(1));
    for (int attempt = 1; attempt <= 2; attempt++) {
      int begun = attempt;
      program.until(
          "attempt " + attempt,
          () ->
              drills().list(10).size() == begun
                  && drills().list(10).getFirst().state() == State.RUNNING);
      program.stop();
      program.start().awaitJudged();
    }
    program.until("no third", () -> drills().lastTime("nightly").isAfter(first));
    assertThat(drills().list(10))
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.state()).isEqualTo(State.INTERRUPTED));
  }

  @Test
  void services_that_keep_incidents_hear_of_the_end_after_the_beginning() {
    try (IncidentServices services = new IncidentServices(program.config())) {
      program.others(10).start().awaitJudged();

      Drill drill = drill("", AMPLE, "pager", "genie", "hub", "am");

      assertThat(drill.state()).as("%s", drill).isEqualTo(State.PASSED);
      assertNothingIsOpen(drill);
      assertThat(services.asked(IncidentServices.PAGERDUTY))
          .satisfiesExactly(
              it -> assertThat(it).contains("\"trigger\"").contains("DRILL"),
              it -> assertThat(it).contains("\"resolve\""));
      assertThat(services.asked(IncidentServices.OPSGENIE))
          .singleElement()
          .asString()
          .contains("DRILL: test signature");
      String closed = "/%s/close".formatted(drilled().getFirst().alert().uid());
      assertThat(services.asked(IncidentServices.OPSGENIE + closed)).singleElement();
      assertThat(services.asked(IncidentServices.GITHUB))
          .singleElement()
          .asString()
          .contains("DRILL: test signature");
      assertThat(services.asked(IncidentServices.GITHUB + "/7"))
          .singleElement()
          .asString()
          .contains("\"closed\"");
      assertThat(services.asked(IncidentServices.ALERTMANAGER)).hasSize(2);
    }
  }
}
