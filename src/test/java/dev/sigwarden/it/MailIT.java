package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.notify.email.ScriptedSmtp;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A mail server that does not do what it should, beside a webhook and a mail folder that do: they
/// are never delayed and tell of it, the log goes on being read, and nobody is left untold whom the
/// server would take a mail for.
class MailIT {
  private static final String ONCALL = "oncall@acme.example";
  private static final String SOC = "soc@acme.example";
  private static final String GONE = "gone@acme.example";

  @TempDir private Path folder;

  private WholeProgram program;
  private ReceiverTrials trials;
  private TestTls tls;

  @BeforeEach
  void create() throws Exception {
    program = new WholeProgram(folder);
    trials = new ReceiverTrials(program, "post");
    tls = new TestTls("localhost");
    program.config().write("ca.pem", tls.pem);
    program.config().write("smtp.secret", "s3cret");
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void start(int port, String more) {
    program
        .config()
        .receives(
            "post",
            """
            {channel: email, from: sigwarden@acme.example, to: [%s, %s, %s],\
             smtp: {host: localhost, port: %d, timeout: 1s, %s}}\
            """
                .formatted(ONCALL, SOC, GONE, port, more))
        .route("{receivers: [hook, mail, post]}");
    program.others(10).start().awaitJudged();
  }

  private void start(ScriptedSmtp server) {
    start(server.port(), "ca-file: ca.pem, user: sigwarden, password-file: smtp.secret");
  }

  private static String messageId(String mail) {
    return mail.lines().filter(line -> line.startsWith("Message-ID:")).findFirst().orElseThrow();
  }

  @Test
  void server_that_refuses_one_of_three_takes_the_mail_once_for_the_two_and_the_third_is_named()
      throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      server.answers.put("RCPT TO:<" + GONE + ">", "550 no such mailbox");
      start(server);
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      Alert failing =
          trials.awaitFailing(
              "2 of 3 recipients have it; localhost:%d refuses %s (550 no such mailbox)"
                  .formatted(server.port(), GONE));
      program.until("given up", () -> program.queue("post").dead() == 1);
      assertThat(server.recipients).containsExactly(List.of(ONCALL, SOC));
      assertThat(server.mails.getFirst()).contains(alert.uid());

      // Nobody is told twice, however long it lasts; the next alert goes to all again.
      server.answers.clear();
      Alert next = trials.sign();
      trials.awaitMended(failing);
      assertThat(server.recipients)
          .containsExactly(List.of(ONCALL, SOC), List.of(ONCALL, SOC, GONE));
      assertThat(server.mails.getLast()).contains(next.uid());
      trials.assertPositionAndNoOtherTrouble();
    }
  }

  @Test
  void server_that_puts_one_of_three_off_is_asked_again_for_that_one_only() throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      server.answers.put("RCPT TO:<" + GONE + ">", "450 greylisted");
      start(server);
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      program.until("first mail", () -> server.mails.size() == 1);
      assertThat(program.queue("post").dead()).isZero();
      server.answers.clear();

      trials.untilInTime("second mail", () -> program.queue("post").sent() == 1);
      assertThat(server.recipients).containsExactly(List.of(ONCALL, SOC), List.of(GONE));
      assertThat(messageId(server.mails.getLast())).isEqualTo(messageId(server.mails.getFirst()));
      trials.assertPositionAndNoOtherTrouble();
    }
  }

  @Test
  void server_without_starttls_hears_no_password_and_no_alert() throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      server.answers.put("EHLO", "250 me, in clear");
      start(server);
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      Alert failing = trials.awaitFailing("STARTTLS is required");
      assertThat(server.mails).isEmpty();
      assertThat(server.commands)
          .allSatisfy(command -> assertThat(command).matches("EHLO acme.example|QUIT"));
      assertThat(program.queue("post").pending()).isEqualTo(1);
      assertThat(program.queue("post").dead()).isZero();

      server.answers.clear();
      trials.awaitMended(failing);
      assertThat(server.mails).hasSize(1);
      trials.assertPositionAndNoOtherTrouble();
    }
  }

  @Test
  void mail_whose_acknowledgement_was_lost_is_sent_again_under_the_same_id() throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      server.losses.set(1);
      start(server);
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      trials.untilInTime("delivery", () -> program.queue("post").sent() == 1);

      assertThat(server.mails).hasSize(2);
      assertThat(messageId(server.mails.getLast()))
          .isEqualTo(messageId(server.mails.getFirst()))
          .contains(alert.uid());
      // The repeat is that receiver's own.
      assertThat(program.mailCount(alert)).isEqualTo(1);
      assertThat(program.hook().acceptedIds()).containsExactly(alert.eventId());
      trials.assertPositionAndNoOtherTrouble();
    }
  }

  @Test
  void server_that_refuses_the_account_is_told_without_the_password() throws IOException {
    try (ScriptedSmtp server = new ScriptedSmtp(tls.context)) {
      server.answers.put("AUTH", "535 go away");
      start(server);
      Alert alert = trials.sign();
      trials.awaitToldElsewhere(alert);
      Alert failing = trials.awaitFailing("535 go away");
      assertThat(failing.toString()).doesNotContain("s3cret");
      assertThat(program.queue("post").dead()).isZero();
      assertThat(server.mails).isEmpty();

      server.answers.clear();
      trials.awaitMended(failing);
      assertThat(server.mails).hasSize(1);
      trials.assertPositionAndNoOtherTrouble();
    }
  }

  @Test
  void server_that_never_says_a_word_delays_nobody() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(600_000))) {
      start(silent.port(), "security: plain, allow-insecure: true");
      for (int i = 0; i < 3; i++) {
        trials.awaitToldElsewhere(trials.sign());
      }
      trials.awaitFailing("localhost:" + silent.port());
      assertThat(program.queue("post").pending()).isEqualTo(3);
      assertThat(program.conditionKinds()).containsExactly(Kind.DELIVERY_FAILING);
      program.awaitPosition(13);
    }
  }

  @Test
  void server_with_tls_from_the_first_byte_takes_the_mail_for_all() throws Exception {
    Path keys = folder.resolve("keys.p12");
    tls.save(keys, "changeit");
    System.setProperty("greenmail.tls.keystore.file", keys.toString());
    System.setProperty("greenmail.tls.keystore.password", "changeit");
    GreenMail server = new GreenMail(ServerSetup.SMTPS.dynamicPort());
    try {
      server.start();
      start(server.getSmtps().getPort(), "security: tls, ca-file: ca.pem");
      Alert alert = trials.sign();
      program.awaitDelivered();

      assertThat(server.getReceivedMessages())
          .hasSize(3)
          .allSatisfy(mail -> assertThat(mail.getSubject()).contains(alert.uid()));
      assertThat(Arrays.stream(server.getReceivedMessages()).map(MailIT::messageId).distinct())
          .hasSize(1);
      trials.assertPositionAndNoOtherTrouble();
    } finally {
      server.stop();
      System.clearProperty("greenmail.tls.keystore.file");
      System.clearProperty("greenmail.tls.keystore.password");
    }
  }

  private static String messageId(MimeMessage mail) {
    try {
      return String.valueOf(mail.getMessageID());
    } catch (jakarta.mail.MessagingException e) {
      throw new AssertionError("a mail without an id", e);
    }
  }

  @Test
  void server_that_is_away_gets_everything_once_it_is_back() {
    GreenMail before = new GreenMail(ServerSetup.SMTP.dynamicPort());
    before.start();
    int port = before.getSmtp().getPort();
    before.stop();
    start(port, "security: plain, allow-insecure: true");
    Alert alert = trials.sign();
    trials.awaitToldElsewhere(alert);
    Alert failing = trials.awaitFailing("localhost:" + port);
    assertThat(program.queue("post").pending()).isEqualTo(1);

    GreenMail server = new GreenMail(new ServerSetup(port, "localhost", ServerSetup.PROTOCOL_SMTP));
    server.start();
    try {
      trials.awaitMended(failing);
      assertThat(server.getReceivedMessages()).hasSize(3);
      trials.assertPositionAndNoOtherTrouble();
    } finally {
      server.stop();
    }
  }
}
