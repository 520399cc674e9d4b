package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.store.StoredMessage;
import com.icegreen.greenmail.user.GreenMailUser;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.notify.TestTls;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmtpNotifierTest extends NotifierContract {
  private static final String ONCALL = "oncall@acme.example";
  private static final String SOC = "soc@acme.example";

  private final GreenMail greenMail = new GreenMail(ServerSetup.SMTP.dynamicPort());
  @TempDir private Path dir;

  @BeforeEach
  void start() {
    greenMail.start();
  }

  @AfterEach
  void stop() {
    greenMail.stop();
  }

  @Override
  protected Notifier open() {
    return open(greenMail.getSmtp().getPort(), "security: plain, allow-insecure: true");
  }

  private Notifier open(int port, String more) {
    return Opened.receiver(
        dir,
        """
        channel: email
        to: [%s, %s]
        from: sigwarden@acme.example
        bounces: bounces+sigwarden@acme.example
        smtp: {host: localhost, port: %d, timeout: 1s, %s}
        """
            .formatted(ONCALL, SOC, port, more),
        Map.of("SMTP", "s3cret"),
        TestAlerts.CLOCK);
  }

  @Override
  protected List<Received> received() throws Exception {
    List<Received> received = new ArrayList<>();
    GreenMailUser oncall = greenMail.getUserManager().getUserByEmail(ONCALL);
    for (StoredMessage stored :
        greenMail.getManagers().getImapHostManager().getInbox(oncall).getMessages()) {
      MimeMessage mail = stored.getMimeMessage();
      received.add(new Received(mail.getMessageID(), PickupNotifierTest.text(mail)));
    }
    return received;
  }

  @Override
  protected void takeAway() {
    greenMail.stop();
  }

  private static Delivery deliver(Notifier opened) {
    try (Notifier notifier = opened) {
      return notifier.deliver(first(TestAlerts.fork()));
    }
  }

  private ScriptedSmtp scripted(String host) throws Exception {
    TestTls tls = new TestTls(host);
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    return new ScriptedSmtp(tls.context);
  }

  private static final String TRUSTED = "ca-file: ca.pem, user: sigwarden, password: \"${SMTP}\"";

  @Test
  void uses_tls_before_it_says_anything() throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      assertThat(deliver(open(server.port(), TRUSTED))).isInstanceOf(Delivery.Delivered.class);
      assertThat(server.commands.subList(0, 3))
          .containsExactly("EHLO acme.example", "STARTTLS", "EHLO acme.example");
      assertThat(server.commands)
          .anySatisfy(command -> assertThat(command).startsWith("AUTH PLAIN"))
          .contains("MAIL FROM:<bounces+sigwarden@acme.example>")
          .contains("RCPT TO:<" + ONCALL + ">", "RCPT TO:<" + SOC + ">");
      assertThat(server.mails).hasSize(1);
    }
  }

  @Test
  void sends_nothing_to_a_server_whose_certificate_is_not_trusted() throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      assertThat(deliver(open(server.port(), ""))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(server.mails).isEmpty();
    }
  }

  @Test
  void sends_nothing_to_a_server_whose_certificate_has_another_name() throws Exception {
    try (ScriptedSmtp server = scripted("other.example")) {
      assertThat(deliver(open(server.port(), TRUSTED))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(server.mails).isEmpty();
    }
  }

  @Test
  void sends_nothing_to_a_server_without_tls() {
    assertThat(deliver(open(greenMail.getSmtp().getPort(), "")))
        .isInstanceOf(Delivery.Unauthorized.class);
    assertThat(greenMail.getReceivedMessages()).isEmpty();
  }

  @Test
  void says_that_the_account_is_refused() throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      server.answers.put("AUTH", "535 no");
      Delivery delivery = deliver(open(server.port(), TRUSTED));
      assertThat(delivery).isInstanceOf(Delivery.Unauthorized.class);
      assertThat(delivery.toString()).doesNotContain("s3cret");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 451, TryAgain",
    "MAIL, 550, Unauthorized",
    "RCPT, 450, TryAgain",
    "RCPT, 550, Refused",
    "DATA, 451, TryAgain",
    "., 452, TryAgain",
    "., 550, Refused",
    "., 554, Refused",
  })
  void tells_what_passes_from_what_stays(String command, String code, String outcome)
      throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      server.answers.put(command, code + " because");
      assertThat(deliver(open(server.port(), TRUSTED)).getClass().getSimpleName())
          .isEqualTo(outcome);
      assertThat(server.mails).hasSize(code.equals("554") ? 2 : command.equals(".") ? 1 : 0);
    }
  }

  @Test
  void sends_a_minimal_mail_when_the_content_was_refused() throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      server.answers.put(".", "554 spam");
      deliver(open(server.port(), TRUSTED));
      assertThat(server.mails.getLast())
          .contains(TestAlerts.fork().uid())
          .doesNotContain("text/html", "finding.json");
    }
  }

  @Test
  void leaves_nobody_untold_and_tells_nobody_twice() throws Exception {
    try (ScriptedSmtp server = scripted("localhost");
        Notifier notifier = open(server.port(), TRUSTED)) {
      server.answers.put("RCPT TO:<" + SOC + ">", "450 later");
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(server.mails).hasSize(1);
      server.answers.clear();
      server.commands.clear();
      assertThat(notifier.deliver(first(TestAlerts.fork()))).isInstanceOf(Delivery.Delivered.class);
      assertThat(server.commands)
          .contains("RCPT TO:<" + SOC + ">")
          .doesNotContain("RCPT TO:<" + ONCALL + ">");
    }
  }

  @Test
  void says_who_was_refused_for_good_after_telling_the_others() throws Exception {
    try (ScriptedSmtp server = scripted("localhost")) {
      server.answers.put("RCPT TO:<" + SOC + ">", "550 unknown");
      assertThat(deliver(open(server.port(), TRUSTED)))
          .isInstanceOfSatisfying(
              Delivery.Refused.class,
              refused ->
                  assertThat(refused.reason())
                      .startsWith("1 of 2 recipients have it")
                      .endsWith("refuses " + SOC + " (550 unknown)"));
      assertThat(server.mails).hasSize(1);
    }
  }

  @Test
  void gives_up_on_a_server_that_is_silent() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(60_000))) {
      assertThat(deliver(open(silent.port(), ""))).isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void gives_up_on_a_server_that_never_ends_its_greeting() throws IOException {
    AtomicLong said = new AtomicLong();
    byte[] lines = "220-welcome\r\n".repeat(5_000).getBytes(StandardCharsets.US_ASCII);
    try (RawServer chatty =
        new RawServer(socket -> {
          while (said.get() < 1L << 30) {
            socket.getOutputStream().write(lines);
            said.addAndGet(lines.length);
          }
        })) {
      assertThat(deliver(open(chatty.port(), "")))
          .isInstanceOfSatisfying(
              Delivery.TryAgain.class,
              again -> assertThat(again.reason()).contains("no end of answers"));
    }
    // What was read and what the network took besides.
    assertThat(said.get()).isLessThan(64L << 20);
  }

  @Test
  void gives_up_on_a_server_that_says_a_letter_at_a_time() throws IOException {
    try (RawServer slow =
        new RawServer(socket -> {
          while (true) {
            socket.getOutputStream().write('2');
            socket.getOutputStream().flush();
            Thread.sleep(50);
          }
        })) {
      assertThat(deliver(open(slow.port(), "")))
          .isInstanceOfSatisfying(
              Delivery.TryAgain.class,
              again -> assertThat(again.reason()).contains("no end within"));
    }
  }
}
