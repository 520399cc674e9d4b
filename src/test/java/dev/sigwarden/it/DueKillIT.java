package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.sim.WebhookReceiver;
import dev.sigwarden.sim.WebhookReceiver.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What falls due while the program is dead, killed and not stopped, is told once it lives again,
/// and once only however often it is killed after.
class DueKillIT {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  @TempDir private Path folder;

  /// What a receiver was told: its event, what of, and its own id.
  private record Told(String event, String uid, String id) {}

  private static Stream<Told> told(WebhookReceiver receiver) {
    return receiver.messages().stream().filter(Message::accepted).map(DueKillIT::told);
  }

  private static Told told(Message message) {
    try {
      JsonNode data = MAPPER.readTree(message.body()).path("data");
      return new Told(data.path("event").asText(""), data.path("uid").asText(""), message.id());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long count(WebhookReceiver receiver, String event) {
    return told(receiver).filter(it -> it.event().equals(event)).count();
  }

  /// Has the time go by for what waits, as it does while a machine is off.
  private static void pass(Path database, Duration time) throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement change = c.createStatement()) {
      assertThat(change.executeUpdate("UPDATE duty SET due_at = due_at - " + time.toMillis()))
          .as("a reminder, two of a digest, three escalations")
          .isEqualTo(6);
      assertThat(
              change.executeUpdate(
                  "UPDATE last_done SET at = at - %d WHERE task LIKE 'report%%'"
                      .formatted(time.toMillis())))
          .isEqualTo(1);
    }
  }

  @Test
  void reminder_escalation_digest_and_report_that_fell_due_while_dead_are_told_once()
      throws Exception {
    try (Serving serving = new Serving(folder);
        WebhookReceiver hook = new WebhookReceiver(ConfigFile.SECRET, Clock.systemUTC());
        WebhookReceiver lead = new WebhookReceiver(ConfigFile.SECRET, Clock.systemUTC())) {
      serving
          .config()
          .receiver("hook", hook.url().toString())
          .receiver("lead", lead.url().toString())
          .more("reports:\n  daily: {cron: \"0 0 0 * * ?\", receivers: [lead]}\n")
          .route(
              """
              {receiver: mail, routes: [{matchers: kind="unexpected-signature", receiver: hook,\
               per-hour: 1, group-interval: 12h, repeat-interval: 12h,\
               escalate: [{after: 12h, receiver: lead}]}]}\
              """);
      Path database = serving.config().database();
      Program program = serving.start();
      // At once, so that all are of one hour.
      for (int i = 0; i < 3; i++) {
        serving.log().log().append(Entries.watched("signed " + i));
      }
      serving.log().log().publish();
      serving.until("the findings", program, () -> count(database, "finding") == 3);
      serving.until("the first", program, () -> count(hook, "opened") > 0);
      serving.until(
          "the report's first look",
          program,
          () -> count(database, "last_done WHERE task LIKE 'report%'") == 1);
      program.close();
      assertThat(told(lead)).isEmpty();
      pass(database, Duration.ofDays(2));

      program = serving.restart();
      serving.until(
          "all that was due",
          program,
          () ->
              count(hook, "reminder") > 0
                  && told(hook).anyMatch(it -> it.event().equals("digest"))
                  && count(lead, "escalated") > 0
                  && count(lead, "digest") >= 2);
      for (int i = 0; i < 2; i++) {
        program = serving.restart();
        serving.append(Entries.other(i));
        int size = 4 + i;
        serving.until(
            "an entry more",
            program,
            () -> count(database, "log_view WHERE pos_size = " + size) == 1);
      }

      for (WebhookReceiver receiver : List.of(hook, lead)) {
        assertThat(told(receiver).distinct().map(it -> it.event() + " " + it.uid()))
            .doesNotHaveDuplicates();
      }
      assertThat(told(hook).distinct().map(Told::event))
          .containsExactlyInAnyOrder("opened", "reminder", "digest");
      assertThat(told(lead).distinct().map(Told::event))
          .as("the first by itself, the others together, and the report")
          .containsExactlyInAnyOrder("escalated", "digest", "digest");

      String digest =
          told(hook).filter(it -> it.event().equals("digest")).findAny().orElseThrow().uid();
      String address = "/api/v1/findings/" + digest;
      Serving.Answer taken =
          serving.post(address + "/acknowledge", serving.local(), "{\"reason\":\"both ours\"}");
      assertThat(taken.status()).as(taken.body()).isEqualTo(200);
      assertThat(serving.get(address, serving.local()).json().at("/finding/state").asText())
          .isEqualTo("acknowledged");
      assertThat(count(database, "finding WHERE state = 'acknowledged'")).isEqualTo(2);
      serving.until("who was told hears so", program, () -> count(hook, "acknowledged") > 0);
      serving.until("the lead too", program, () -> count(lead, "acknowledged") > 0);
    }
  }

  private static int count(Path database, String rows) throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:sqlite:" + database);
        Statement question = c.createStatement()) {
      return question.executeQuery("SELECT count(*) FROM " + rows).getInt(1);
    }
  }
}
