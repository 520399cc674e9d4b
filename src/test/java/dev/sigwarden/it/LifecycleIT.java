package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.alert.Matcher;
import dev.sigwarden.alert.Silence;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.sim.WebhookReceiver.Message;
import dev.sigwarden.store.HeldSilence;
import dev.sigwarden.store.Lifecycle;
import dev.sigwarden.store.QueueState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of findings after the first alert: who is reminded, who else is told, what people
/// and silences change, over restarts.
class LifecycleIT {
  private static final Duration HOUR = Duration.ofMinutes(61);

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void start(String route) {
    program.config().route(route);
    program.others(10).start().awaitJudged();
  }

  private Alert sign(String artifact) {
    long before = program.findings(Kind.UNEXPECTED_SIGNATURE).size();
    program.log().log().append(Entries.watched(artifact));
    program.log().log().publish();
    program.awaitJudged();
    program.until(
        "finding on " + artifact,
        () -> program.findings(Kind.UNEXPECTED_SIGNATURE).size() > before);
    long index = program.position() - 1;
    return program.findings(Kind.UNEXPECTED_SIGNATURE).stream()
        .filter(finding -> finding.index() == index)
        .findFirst()
        .orElseThrow()
        .alert();
  }

  private Lifecycle lifecycle() {
    return program.daemon().store().lifecycle();
  }

  /// Whether the webhook has that many tellings of an event of an alert.
  private long told(Alert alert, Alert.Event event) {
    return told(program.hook(), alert, event);
  }

  private static long told(WebhookReceiver hook, Alert alert, Alert.Event event) {
    return hook.messages().stream()
        .filter(Message::accepted)
        .filter(message -> message.id().startsWith(alert.uid()))
        .filter(message -> message.body().contains("\"event\":\"" + event.label() + "\""))
        .map(Message::id)
        .distinct()
        .count();
  }

  private void awaitTold(Alert alert, Alert.Event event, long times) {
    program.until(
        times + " of " + event.label() + " on " + alert.uid(), () -> told(alert, event) >= times);
  }

  @Test
  void reminders_go_on_over_a_restart_and_end_when_somebody_takes_it() {
    start("{receivers: [hook], repeat-interval: 1h}");
    Alert taken = sign("taken");
    Alert left = sign("left");
    awaitTold(left, Alert.Event.OPENED, 1);

    program.clock().pass(HOUR);
    awaitTold(taken, Alert.Event.REMINDER, 1);
    program.restart();
    program.clock().pass(HOUR);
    awaitTold(taken, Alert.Event.REMINDER, 2);

    lifecycle().acknowledge(taken.uid(), "jo", "mine");
    awaitTold(taken, Alert.Event.ACKNOWLEDGED, 1);
    awaitTold(left, Alert.Event.REMINDER, 2);
    program.clock().pass(HOUR);
    awaitTold(left, Alert.Event.REMINDER, 3);
    assertThat(told(taken, Alert.Event.REMINDER)).isEqualTo(2);

    lifecycle().close(left.uid(), "jo", ClosingVerdict.CONFIRMED, "stolen key");
    awaitTold(left, Alert.Event.CLOSED, 1);
    // What the log holds changes nothing of what a person said.
    program.restart().awaitJudged();
    assertThat(lifecycle().find(left.uid()).orElseThrow().verdict())
        .contains(ClosingVerdict.CONFIRMED);
  }

  @Test
  void others_are_told_of_what_nobody_takes_and_of_nothing_else() {
    try (WebhookReceiver boss =
        new WebhookReceiver(ConfigFile.SECRET, program.clock()::mayArrive)) {
      program.config().receiver("boss", boss.url().toString());
      start("{receivers: [hook], escalate: [{after: 30m, receiver: boss}]}");
      Alert taken = sign("taken");
      Alert left = sign("left");
      awaitTold(left, Alert.Event.OPENED, 1);
      lifecycle().acknowledge(taken.uid(), "jo", "");
      program.restart();
      program.clock().pass(Duration.ofMinutes(31));
      program.until("escalation", () -> told(boss, left, Alert.Event.ESCALATED) == 1);
      awaitTold(taken, Alert.Event.ACKNOWLEDGED, 1);
      program.awaitDelivered();
      assertThat(boss.acceptedIds()).singleElement().asString().startsWith(left.uid());
    }
  }

  @Test
  void a_silence_keeps_back_counts_and_gives_back_what_nobody_took() {
    start("{receivers: [hook]}");
    Silence silence =
        new Silence(
            List.of(Matcher.parse("watch=" + ConfigFile.RELEASES)),
            program.clock().instant(),
            program.clock().instant().plus(Duration.ofHours(1)),
            "jo",
            "release day",
            false);
    HeldSilence made = program.daemon().store().silences().add(silence).orElseThrow();
    Alert held = sign("held");
    program.log().inject(dev.sigwarden.sim.Histories.badSignature());
    Alert lie = program.awaitFinding(Kind.CHECKPOINT_INVALID).alert();
    awaitTold(lie, Alert.Event.OPENED, 1);
    assertThat(told(held, Alert.Event.OPENED)).isZero();
    assertThat(program.daemon().store().silences().find(made.id()).orElseThrow().held())
        .isEqualTo(1);
    program.clock().pass(HOUR);
    awaitTold(held, Alert.Event.OPENED, 1);
  }

  @Test
  void of_ten_thousand_in_a_minute_the_pager_gets_the_first_and_a_digest_and_the_feed_all() {
    int many = 10_000;
    program
        .config()
        .route(
            "{receivers: [hook], per-hour: 0, routes: ["
                + "{matchers: family=identity, receivers: [mail], per-hour: 10, group-interval: 12h,"
                + " continue: true},"
                + " {receivers: [hook]}]}");
    program.config().receives("mail", pager()).grace("0s");
    beginAnHour();
    program.others(10).start().awaitJudged();
    byte[] entry = Entries.watched("flooded");
    for (int i = 0; i < many; i++) {
      program.log().log().append(entry);
    }
    program.log().log().publish();
    org.awaitility.Awaitility.await("all judged")
        .atMost(Duration.ofMinutes(10))
        .until(() -> program.position() == 10L + many);

    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE)).hasSize(many);
    Alert flood = program.awaitCondition(Kind.ALERT_FLOOD);
    QueueState feed = program.queue("hook");
    // The flood itself is an alert too.
    assertThat(feed.pending() + feed.sent() + feed.dead()).isEqualTo(many + 1L);
    program.until("the first mails", () -> program.queue("mail").sent() >= 10);
    // However long judging took, it was less than the interval.
    program.clock().pass(Duration.ofHours(13));
    program.until(
        "the digest",
        () -> program.queue("mail").sent() == 11 && program.queue("mail").pending() == 0);
    assertThat(program.mailsSaying("9990 findings: Unexpected signature")).isEqualTo(1);
    assertThat(told(flood, Alert.Event.OPENED) + feed.pending()).isPositive();
  }

  @Test
  void services_that_keep_incidents_have_one_for_a_digest_until_none_of_it_is_open() {
    try (IncidentServices services = new IncidentServices(program.config())) {
      beginAnHour();
      start(
          "{receivers: [hook], routes: [{matchers: family=identity,"
              + " receivers: [pager, genie, hub, am], per-hour: 1, group-interval: 12h}]}");
      Alert first = sign("first");
      List<Alert> others = List.of(sign("second"), sign("third"));
      program.until("the first", () -> services.asked(IncidentServices.PAGERDUTY).size() == 1);
      program.clock().pass(Duration.ofHours(13));
      program.until("the digest", () -> services.asked(IncidentServices.PAGERDUTY).size() == 2);
      String told = services.asked(IncidentServices.PAGERDUTY).getLast();
      assertThat(told).contains("\"trigger\"").contains("2 findings").doesNotContain(first.uid());
      String digest = told.replaceAll("(?s).*\"dedup_key\":\"([^\"]+)\".*", "$1");
      others.forEach(
          alert -> lifecycle().close(alert.uid(), "jo", ClosingVerdict.BENIGN, "our build"));
      program.until("its end", () -> services.asked(IncidentServices.PAGERDUTY).size() == 3);
      assertThat(services.asked(IncidentServices.PAGERDUTY).getLast())
          .contains("\"resolve\"")
          .contains(digest);
      program.until(
          "Opsgenie's",
          () -> services.paths().stream().anyMatch(it -> it.matches("/v2/alerts/swf_.*/close.*")));
      program.until(
          "GitHub's",
          () ->
              services.asked(IncidentServices.GITHUB + "/7").stream()
                  .anyMatch(it -> it.contains("\"closed\"")));
      program.until(
          "Alertmanager's",
          () ->
              services.asked(IncidentServices.ALERTMANAGER).stream()
                  .anyMatch(it -> it.contains("[RESOLVED] 2 findings")));
    }
  }

  /// Whatever the wall clock says: the hour begins with the test.
  private void beginAnHour() {
    long minute = Duration.ofMillis(program.clock().millis()).toMinutes() % 60;
    program.clock().pass(Duration.ofMinutes(61).minusMinutes(minute));
  }

  private static String pager() {
    return "{channel: email, from: sigwarden@acme.example, to: [oncall@acme.example], pickup:"
        + " mail}";
  }

  @Test
  void a_heartbeat_comes_steadily_and_asks_the_dead_man_s_switch_and_reports_come_in_time()
      throws IOException {
    AtomicInteger pings = new AtomicInteger();
    AtomicInteger status = new AtomicInteger(500);
    HttpServer dead = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    dead.createContext(
        "/",
        exchange -> {
          pings.incrementAndGet();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    dead.start();
    try {
      program
          .config()
          .more(
              """
              heartbeat: {interval: 10s, receivers: [hook], ping: {url: "http://127.0.0.1:%d/key", allow-insecure: true, allow-private: true}}
              reports:
                daily: {cron: "0 0 0 * * ?", receivers: [mail]}
              """
                  .formatted(dead.getAddress().getPort()));
      start("{receivers: [hook]}");
      program.until(
          "a heartbeat",
          () ->
              program.hook().messages().stream()
                  .anyMatch(message -> message.body().contains("\"type\":\"heartbeat\"")));
      program.awaitCondition(Kind.DELIVERY_FAILING);
      status.set(200);
      program.awaitOver(Kind.DELIVERY_FAILING);
      assertThat(pings.get()).isGreaterThan(1);
      sign("reported");
      // Its time is counted from the first look on.
      program.daemon().store().timetable().lastReport("daily");
      program.restart();
      program.clock().pass(Duration.ofDays(1));
      program.until(
          "the report",
          () -> program.mailsSaying("1 identity critical unexpected-signature, open") > 0);
    } finally {
      dead.stop(0);
    }
  }
}
