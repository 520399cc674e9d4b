package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.TestTls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/// Mail through a server of others' making that wants STARTTLS and a password first: as a team's
/// relay does.
class StartTlsMailTest {
  private static final String PASSWORD = "pa55wordPa55wordPa55word";

  /// A mail as the server took it, for one recipient.
  private record Taken(String from, String to, String text) {}

  /// One for every address.
  private final class Mailboxes implements SimpleMessageListener {
    @Override
    public boolean accept(String from, String recipient) {
      return true;
    }

    @Override
    public void deliver(String from, String recipient, InputStream data) throws IOException {
      taken.add(
          new Taken(from, recipient, new String(data.readAllBytes(), StandardCharsets.UTF_8)));
    }
  }

  @TempDir private Path dir;
  private final List<Taken> taken = new CopyOnWriteArrayList<>();
  private SMTPServer server;

  @BeforeEach
  void start() throws Exception {
    TestTls tls = new TestTls("localhost");
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    server =
        SMTPServer.port(0)
            .hostName("localhost")
            .startTlsSocketFactory(tls.context)
            .requireTLS()
            .requireAuth()
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory((user, password, _) -> {
                  if (!user.equals("sigwarden") || !password.equals(PASSWORD)) {
                    throw new LoginFailedException();
                  }
                }))
            .simpleMessageListener(new Mailboxes())
            .build();
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private Delivery send(String password, Alert alert) throws Exception {
    Path file = Files.writeString(dir.resolve("password"), password + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (Notifier notifier =
        Opened.receiver(
            dir,
            """
            channel: email
            to: [oncall@acme.example, soc@acme.example]
            from: sigwarden@acme.example
            bounces: bounces+sigwarden@acme.example
            smtp:
              host: localhost
              port: %d
              ca-file: ca.pem
              user: sigwarden
              password-file: password
            """
                .formatted(server.getPortAllocated()),
            Map.of(),
            TestAlerts.CLOCK)) {
      return notifier.deliver(NotifierContract.first(alert));
    }
  }

  @Test
  void mail_arrives_whole_at_all_recipients_behind_tls_and_password() throws Exception {
    assertThat(send(PASSWORD, TestAlerts.fork())).isInstanceOf(Delivery.Delivered.class);

    assertThat(taken)
        .extracting(Taken::to)
        .containsExactlyInAnyOrder("oncall@acme.example", "soc@acme.example");
    assertThat(taken)
        .allSatisfy(it -> {
          assertThat(it.from()).isEqualTo("bounces+sigwarden@acme.example");
          assertThat(it.text())
              .contains("A log showed two histories", TestAlerts.fork().uid())
              .endsWith("--\r\n");
        });
  }

  @Test
  void wrong_password_is_named_as_such_and_nothing_is_sent() throws Exception {
    Delivery refused = send("another", TestAlerts.fork());

    assertThat(refused).isInstanceOf(Delivery.Unauthorized.class);
    assertThat(((Delivery.Unauthorized) refused).reason())
        .contains("535")
        .doesNotContain("another", PASSWORD);
    assertThat(taken).isEmpty();
  }
}
