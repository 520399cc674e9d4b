package dev.sigwarden.notify.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.text.HostileTexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real rsyslog takes what arrives over TLS and parses it. Skipped where it is not installed.
class RsyslogTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Path PROGRAM = Path.of("/usr/sbin/rsyslogd");

  @TempDir private static Path home;
  private static Process rsyslog;
  private static int port;
  @TempDir private Path dir;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Files.isExecutable(PROGRAM), "no rsyslog on this machine");
    Path driver;
    try (Stream<Path> files = Files.find(Path.of("/usr/lib"), 4, RsyslogTest::isOpenssl)) {
      driver = files.findFirst().orElse(Path.of(""));
    }
    assumeTrue(!driver.toString().isEmpty(), "no TLS for rsyslog on this machine");
    TestTls tls = new TestTls("localhost");
    Files.writeString(home.resolve("ca.pem"), tls.pem);
    Files.writeString(home.resolve("key.pem"), tls.keyPem);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      port = free.getLocalPort();
    }
    Files.writeString(
        home.resolve("rsyslog.conf"),
        """
        global(workDirectory="%1$s" maxMessageSize="16k" parser.escapeControlCharactersOnReceive="on"
          defaultNetstreamDriver="ossl" defaultNetstreamDriverCAFile="%1$s/ca.pem"
          defaultNetstreamDriverCertFile="%1$s/ca.pem" defaultNetstreamDriverKeyFile="%1$s/key.pem")
        module(load="imtcp" streamDriver.name="ossl" streamDriver.mode="1" streamDriver.authMode="anon")
        input(type="imtcp" address="127.0.0.1" port="%2$d")
        template(name="parsed" type="list" option.jsonf="on") {
          property(outname="severity" name="syslogseverity-text" format="jsonf")
          property(outname="facility" name="syslogfacility" format="jsonf")
          property(outname="host" name="hostname" format="jsonf")
          property(outname="app" name="app-name" format="jsonf")
          property(outname="id" name="msgid" format="jsonf")
          property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
          property(outname="data" name="structured-data" format="jsonf")
          property(outname="message" name="msg" format="jsonf")
        }
        action(type="omfile" file="%1$s/out.json" template="parsed" flushOnTXEnd="on")
        """
            .formatted(home, port));
    rsyslog =
        new ProcessBuilder(
                PROGRAM.toString(),
                "-n",
                "-f",
                home.resolve("rsyslog.conf").toString(),
                "-i",
                home.resolve("pid").toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("rsyslog.txt").toFile())
            .start();
    await().atMost(PATIENCE).until(RsyslogTest::listens);
  }

  private static boolean isOpenssl(Path file, Object attributes) {
    return file.endsWith("lmnsd_ossl.so");
  }

  private static boolean listens() throws IOException {
    assertThat(rsyslog.isAlive()).as(Files.readString(home.resolve("rsyslog.txt"))).isTrue();
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (rsyslog != null) {
      rsyslog.destroy();
      rsyslog.waitFor();
    }
  }

  @BeforeEach
  void copyAuthority() throws IOException {
    Files.copy(home.resolve("ca.pem"), dir.resolve("ca.pem"));
  }

  private void send(String format, List<Alert> alerts) {
    try (Notifier notifier =
        Opened.receiver(
            dir,
            "channel: syslog\nhost: localhost\nport: %d\nallow-private: true\nca-file: ca.pem\n"
                    .formatted(port)
                + "format: "
                + format
                + "\n")) {
      for (Alert alert : alerts) {
        assertThat(notifier.deliver(NotifierContract.first(alert)))
            .isInstanceOf(Delivery.Delivered.class);
      }
    }
  }

  private static List<JsonNode> taken(String uid) throws IOException {
    List<JsonNode> taken = new ArrayList<>();
    Path out = home.resolve("out.json");
    if (Files.exists(out)) {
      for (String line : Files.readAllLines(out)) {
        JsonNode parsed = JsonMapper.builder().build().readTree(line);
        if (parsed.path("data").asText("").contains(uid)) {
          taken.add(parsed);
        }
      }
    }
    return taken;
  }

  @Test
  void parses_each_part_of_a_message() throws IOException {
    Alert alert = TestAlerts.fork();
    send("text", List.of(alert));
    await().atMost(PATIENCE).until(() -> !taken(alert.uid()).isEmpty());
    JsonNode parsed = taken(alert.uid()).getFirst();
    assertThat(parsed.path("severity").textValue()).isEqualTo("crit");
    assertThat(parsed.path("facility").textValue()).isEqualTo("13");
    assertThat(parsed.path("host").textValue()).isEqualTo("prod-1");
    assertThat(parsed.path("app").textValue()).isEqualTo("sigwarden");
    assertThat(parsed.path("id").textValue()).isEqualTo("log-fork");
    assertThat(parsed.path("time").textValue()).startsWith("2026-09-01T12:00:05.123");
    assertThat(parsed.path("data").textValue())
        .startsWith("[sigwarden@32473 uid=\"" + alert.uid() + "\" ")
        .endsWith("]");
    assertThat(parsed.path("message").textValue()).contains("A log showed two histories");
  }

  @Test
  void sees_one_message_for_each_attack_whatever_a_log_holds() throws IOException {
    List<Alert> alerts = HostileTexts.all().stream().map(TestAlerts::hostile).toList();
    for (String format : List.of("text", "json", "cef")) {
      send(format, alerts);
    }
    for (Alert alert : alerts) {
      await().atMost(PATIENCE).until(() -> taken(alert.uid()).size() >= 3);
      assertThat(taken(alert.uid()))
          .allSatisfy(parsed -> {
            assertThat(parsed.path("app").textValue()).isEqualTo("sigwarden");
            assertThat(parsed.path("id").textValue()).isEqualTo("unexpected-signature");
            assertThat(parsed.path("severity").textValue()).isEqualTo("crit");
          });
    }
    assertThat(Files.readAllLines(home.resolve("out.json")))
        .allSatisfy(line -> assertThat(line).contains("\"app\":\"sigwarden\""));
  }
}
