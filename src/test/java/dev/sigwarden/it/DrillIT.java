package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.store.FindingQuery;
import dev.sigwarden.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `sigwarden drill` of the packaged program, beside a daemon and without one.
class DrillIT {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private Serving serving;
  private GreenMail mail;
  private WebhookReceiver pager;

  @BeforeEach
  void create() {
    serving = new Serving(folder);
    mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    pager = new WebhookReceiver(ConfigFile.SECRET, Clock.systemUTC());
    serving
        .config()
        .receives(
            "mail",
            """
            {channel: email, from: sigwarden@acme.example, to: [oncall@acme.example],\
             smtp: {host: 127.0.0.1, port: %d, security: plain, allow-insecure: true, timeout: 5s}}\
            """
                .formatted(mail.getSmtp().getPort()))
        .receiver("pager", pager.url().toString())
        .route("{receivers: [hook, mail]}");
  }

  @AfterEach
  void close() {
    serving.close();
    mail.stop();
    pager.close();
  }

  private Outcome drill(String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "drill";
    args[1] = "--config";
    args[2] = serving.config().path().toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return Program.run(folder, args);
  }

  private List<String> subjects() {
    return java.util.Arrays.stream(mail.getReceivedMessages())
        .map(message -> {
          try {
            return message.getSubject();
          } catch (jakarta.mail.MessagingException e) {
            throw new AssertionError("a mail without a subject", e);
          }
        })
        .toList();
  }

  private static long told(WebhookReceiver receiver, String event) {
    return receiver.messages().stream()
        .filter(WebhookReceiver.Message::accepted)
        .filter(message -> message.body().contains("\"event\":\"" + event + "\""))
        .count();
  }

  @Test
  void drill_says_what_each_step_took_and_who_did_not_take_it() throws IOException {
    Program program = serving.start();

    Outcome good = drill("--watch", ConfigFile.RELEASES);
    assertThat(good.exit()).as(good.out() + good.err()).isZero();
    assertThat(good.out())
        .containsPattern("logged +0 ms +ok")
        .containsPattern("judged +[0-9]+ ms +ok +selected by subject: ")
        .containsPattern("delivered +hook +[0-9]+ ms +ok")
        .containsPattern("delivered +mail +[0-9]+ ms +ok");
    assertThat(good.lastLine()).matches("drill swd_[a-z2-7]{16}: passed");
    serving.until("both mails", program, () -> subjects().size() == 2);
    assertThat(subjects())
        .allSatisfy(
            subject -> assertThat(subject).contains("[Sigwarden][DRILL] " + ConfigFile.RELEASES));
    assertThat(told(serving.hook(), "opened")).isEqualTo(1);

    pager.down();
    Outcome dead = drill("--within", "2", "--json");
    assertThat(dead.exit()).as(dead.out() + dead.err()).isEqualTo(4);
    JsonNode said = JSON.readTree(dead.lastLine());
    assertThat(said.path("state").asText()).isEqualTo("failed");
    assertThat(said.path("steps").findValuesAsText("receiver")).contains("hook", "mail", "pager");
    pager.up();

    Outcome unrouted = drill("--watch", ConfigFile.RELEASES, "--receiver", "pager");
    assertThat(unrouted.exit()).isEqualTo(4);
    assertThat(unrouted.out()).contains("no route leads to it");
    assertThat(unrouted.lastLine()).endsWith("failed: receiver pager");

    assertThat(drill("--watch", "acme").exit()).isEqualTo(2);
    assertThat(drill("--receiver", "nobody").err()).contains("receivers of the configuration");
    String metrics = serving.get("/q/metrics", "").body();
    assertThat(metrics)
        .contains("sigwarden_drill_passed{drill=\"(asked for)\"} 0.0")
        .contains("sigwarden_drill_duration_seconds")
        .contains("sigwarden_drill_timestamp_seconds");
  }

  @Test
  void what_a_kill_cut_off_is_over_at_the_next_start_and_without_a_daemon_this_process_drills()
      throws IOException {
    pager.answerWith(Answer.of(200).in(new Answer.Manner.Silence()));
    Program program = serving.start();
    String body = "{\"reason\":\"test\",\"withinSeconds\":600}";
    String id = serving.post("/api/v1/drills", serving.local(), body).json().path("id").asText();
    serving.until("the drill's alert", program, () -> told(serving.hook(), "opened") == 1);
    assertThat(serving.post("/api/v1/drills", serving.local(), body).status()).isEqualTo(409);
    program.kill();
    pager.answerWith(Answer.of(200));

    Program again = serving.restart();
    assertThat(serving.get("/api/v1/drills/" + id, serving.local()).json().path("state").asText())
        .isEqualTo("interrupted");
    serving.until("its end at the webhook", again, () -> told(serving.hook(), "closed") == 1);
    again.terminate();
    assertThat(again.end().exit()).isZero();

    Outcome alone = drill("--within", "30");
    assertThat(alone.exit()).as(alone.out() + alone.err()).isZero();
    assertThat(alone.err()).contains("no daemon runs with");
    assertThat(alone.out()).containsPattern("delivered +pager +[0-9]+ ms +ok");
    try (Store store =
        Store.open("sqlite:" + folder.resolve("state/sigwarden.db"), Clock.systemUTC())) {
      assertThat(store.lifecycle().list(FindingQuery.ALL, Optional.empty(), 10))
          .hasSize(2)
          .allSatisfy(it -> assertThat(it.state().label()).isEqualTo("closed"));
      assertThat(store.queues()).allSatisfy(queue -> assertThat(queue.dead()).isZero());
    }
  }
}
