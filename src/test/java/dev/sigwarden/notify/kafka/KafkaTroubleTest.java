package dev.sigwarden.notify.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Leaks;
import dev.sigwarden.notify.Listener;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.PeerWords;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.notify.Shows;
import dev.sigwarden.notify.Shows.Part;
import dev.sigwarden.notify.TestTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Brokers that are none, and one that lets nobody in.
class KafkaTroubleTest {
  private static final String PASSWORD = "pa55wordPa55wordPa55word";
  private static final String ROTATED = "r0tatedR0tatedR0tatedR0t";
  private static final String PLAIN = "security: plain\nallow-insecure: true\n";

  private final Leaks leaks = new Leaks(Set.of(PASSWORD, ROTATED));
  @TempDir private Path dir;

  @BeforeEach
  void keep() throws IOException {
    keep(PASSWORD);
  }

  private void keep(String password) throws IOException {
    Files.writeString(dir.resolve("password"), password + "\n");
    Files.setPosixFilePermissions(
        dir.resolve("password"), PosixFilePermissions.fromString("rw-------"));
  }

  private Notifier open(int port, String more) {
    return Opened.receiver(
        dir,
        """
        channel: kafka
        bootstrap: "localhost:%d"
        topic: findings
        timeout: 2s
        sasl: {mechanism: plain, user: sigwarden, password-file: password}
        """
                .formatted(port)
            + more);
  }

  private static Delivery deliver(Notifier opened) {
    try (Notifier notifier = opened) {
      return notifier.deliver(NotifierContract.first(TestAlerts.fork()));
    }
  }

  @Shows(Part.HANG)
  @Test
  void gives_up_on_a_broker_that_never_answers() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(60_000))) {
      assertThat(deliver(open(silent.port(), PLAIN))).isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Shows(Part.ENDLESS)
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 400 Bad Request\r\n\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002\u0046",
        "\u007f\u007f\u007f\u007f"
      })
  void takes_no_harm_from_a_service_that_is_no_broker(String says) throws IOException {
    try (RawServer other =
        new RawServer(socket -> {
          byte[] said = says.getBytes(StandardCharsets.ISO_8859_1);
          while (true) {
            socket.getOutputStream().write(said);
          }
        })) {
      Delivery delivery = deliver(open(other.port(), PLAIN));
      assertThat(delivery).isInstanceOf(Delivery.Unauthorized.class);
      assertThat(delivery.toString()).contains("does not speak Kafka");
    }
  }

  @Shows(Part.CERTIFICATE)
  @ParameterizedTest
  @ValueSource(strings = {"localhost", "other.example"})
  void says_nothing_to_a_broker_whose_certificate_is_not_right(String name) throws Exception {
    TestTls tls = new TestTls(name);
    Files.writeString(
        dir.resolve("ca.pem"), (name.equals("localhost") ? new TestTls(name) : tls).pem);
    List<Integer> heard = new CopyOnWriteArrayList<>();
    try (RawServer wrong =
        new RawServer(socket -> {
          SSLSocket secure =
              (SSLSocket) tls.context.getSocketFactory().createSocket(socket, null, 0, true);
          secure.setUseClientMode(false);
          secure.startHandshake();
          heard.add(secure.getInputStream().read());
        })) {
      assertThat(deliver(open(wrong.port(), "ca-file: ca.pem\n")))
          .isNotInstanceOf(Delivery.Delivered.class);
    }
    assertThat(heard).noneMatch(octet -> octet >= 0);
  }

  @Shows({Part.ROTATED, Part.ANSWERS})
  @Test
  void uses_a_password_that_was_rotated_while_running() throws IOException {
    try (ScriptedKafka broker = new ScriptedKafka(_ -> "no");
        Notifier notifier = open(broker.port(), PLAIN)) {
      assertThat(notifier.deliver(NotifierContract.first(TestAlerts.fork())))
          .isInstanceOf(Delivery.Unauthorized.class);
      assertThat(broker.logins).isNotEmpty().containsOnly("\0sigwarden\0" + PASSWORD);
      broker.logins.clear();
      keep(ROTATED);
      assertThat(notifier.deliver(NotifierContract.first(TestAlerts.fork())))
          .isInstanceOf(Delivery.Unauthorized.class);
      assertThat(broker.logins).isNotEmpty().containsOnly("\0sigwarden\0" + ROTATED);
      Files.delete(dir.resolve("password"));
      assertThat(notifier.deliver(NotifierContract.first(TestAlerts.fork())))
          .isInstanceOf(Delivery.Unauthorized.class);
    }
  }

  @Shows(Part.SECRET)
  @Test
  void never_shows_its_password_even_if_the_broker_does() throws IOException {
    String base64 = Base64.getEncoder().encodeToString(PASSWORD.getBytes(StandardCharsets.UTF_8));
    for (String echo :
        List.of(PASSWORD, "x".repeat(PeerWords.MAX - 60) + PASSWORD, base64, "\u0000" + PASSWORD)) {
      String login64 =
          Base64.getEncoder()
              .encodeToString(("\0sigwarden\0" + PASSWORD).getBytes(StandardCharsets.UTF_8));
      try (ScriptedKafka broker = new ScriptedKafka(login -> login + " " + login64 + " " + echo);
          Listener log = new Listener(line -> line.startsWith("org.apache.kafka"))) {
        Delivery delivery = deliver(open(broker.port(), PLAIN));
        assertThat(delivery).isInstanceOf(Delivery.Unauthorized.class);
        assertThat(leaks.in(delivery.toString())).isEmpty();
        assertThat(log.heard())
            .anySatisfy(line -> assertThat(line).contains("failed authentication", "(secret)"))
            .allSatisfy(line -> assertThat(leaks.in(line)).isEmpty());
      }
    }
  }
}
