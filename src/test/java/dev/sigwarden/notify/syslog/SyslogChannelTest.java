package dev.sigwarden.notify.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sigwarden.Golden;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.AlertJson;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Delivery;
import dev.sigwarden.notify.Notifier;
import dev.sigwarden.notify.NotifierContract;
import dev.sigwarden.notify.Opened;
import dev.sigwarden.notify.RawServer;
import dev.sigwarden.notify.Shows;
import dev.sigwarden.notify.Shows.Part;
import dev.sigwarden.notify.TestTls;
import dev.sigwarden.text.HostileTexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SyslogChannelTest extends NotifierContract {
  /// RFC 5424 section 6, with one element of structured data.
  private static final Pattern MESSAGE =
      Pattern.compile(
          "<(\\d{1,3})>1 (\\S+) ([!-~]{1,255}) sigwarden - ([!-~]{1,32}) "
              + "\\[sigwarden@32473((?: [a-z]+=\"(?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*\")*)] \uFEFF(.*)");

  private static final Pattern PARAM =
      Pattern.compile(" ([a-z]+)=\"((?:[^\"\\\\\\]]|\\\\[\"\\\\\\]])*)\"");

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final AtomicInteger talking = new AtomicInteger();
  private RawServer server;
  @TempDir private Path dir;

  @BeforeEach
  void start() throws Exception {
    TestTls tls = new TestTls("localhost");
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    server =
        new RawServer(socket -> {
          talking.incrementAndGet();
          try {
            SSLSocket secure =
                (SSLSocket) tls.context.getSocketFactory().createSocket(socket, null, 0, true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            take(secure);
          } finally {
            talking.decrementAndGet();
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /// One frame and nothing behind it.
  private void take(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    int length = 0;
    for (int next = in.read(); next != ' '; next = in.read()) {
      assertThat(next).isBetween((int) '0', (int) '9');
      length = length * 10 + next - '0';
    }
    byte[] message = in.readNBytes(length);
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    rest.writeBytes(in.readAllBytes());
    if (message.length == length && rest.size() == 0) {
      messages.add(new String(message, StandardCharsets.UTF_8));
    }
  }

  /// What the server has taken, once it has ended every conversation: the client does not wait for
  /// that for ever.
  private List<String> taken() {
    await().atMost(Duration.ofMinutes(1)).until(() -> talking.get() == 0);
    return List.copyOf(messages);
  }

  private Notifier open(int port, String more) {
    return Opened.receiver(
        dir,
        "channel: syslog\nhost: localhost\nport: %d\n".formatted(port)
            + (more.contains("allow-private") ? "" : "allow-private: true\n")
            + (more.contains("security") ? "" : "ca-file: ca.pem\n")
            + (more.contains("timeout") ? "" : "timeout: 60s\n")
            + more);
  }

  @Override
  protected Notifier open() {
    return open(server.port(), "");
  }

  @Override
  protected Set<String> secrets() {
    return Set.of();
  }

  @Override
  protected List<Received> received() {
    List<Received> received = new ArrayList<>();
    for (String message : taken()) {
      Matcher parsed = MESSAGE.matcher(message);
      assertThat(parsed.matches()).as(message).isTrue();
      String id = param(message, "uid") + "-" + param(message, "revision");
      received.add(new Received(id, message.replace("\uFEFF", "")));
    }
    return received;
  }

  @Override
  protected void takeAway() throws IOException {
    server.close();
  }

  private static String param(String message, String name) {
    Matcher parsed = MESSAGE.matcher(message);
    assertThat(parsed.matches()).as(message).isTrue();
    Matcher params = PARAM.matcher(parsed.group(5));
    while (params.find()) {
      if (params.group(1).equals(name)) {
        return params.group(2).replaceAll("\\\\(.)", "$1");
      }
    }
    return "";
  }

  private Delivery deliver(Notifier opened) {
    try (Notifier notifier = opened) {
      return notifier.deliver(first(TestAlerts.fork()));
    }
  }

  private static SyslogMessage.Style style(SyslogChannel.Format format) {
    return new SyslogMessage.Style(format, 13, 32_473, Optional.empty());
  }

  @ParameterizedTest
  @EnumSource
  void says_every_kind_in_the_agreed_form(SyslogChannel.Format format) {
    StringBuilder all = new StringBuilder();
    TestAlerts.all()
        .forEach((name, alert) ->
            all.append("=== ")
                .append(name)
                .append('\n')
                .append(SyslogMessage.of(alert, style(format), "prod-1"))
                .append('\n'));
    Golden.check(getClass(), format.name() + ".txt", all.toString());
  }

  static Stream<String> attacks() {
    return HostileTexts.all().stream();
  }

  @Shows(Part.HOSTILE)
  @ParameterizedTest
  @MethodSource("attacks")
  void keeps_text_of_a_log_inside_its_parameter_and_its_line(String attack) {
    Alert alert = TestAlerts.hostile(attack);
    for (SyslogChannel.Format format : SyslogChannel.Format.values()) {
      String message = SyslogMessage.of(alert, style(format), "prod-1");
      assertThat(message).doesNotContain("\n").doesNotContain("\r");
      assertThat(param(message, "uid")).isEqualTo(alert.uid());
      assertThat(param(message, "severity")).isEqualTo("critical");
    }
    String shown =
        alert.who().stream()
            .filter(field -> field.name().equals("identity"))
            .findFirst()
            .orElseThrow()
            .value();
    String line = CefLine.of(alert, "prod-1");
    assertThat(cef(line, "suser")).isNotEmpty();
    assertThat(shown.strip()).startsWith(cef(line, "suser"));
    assertThat(cef(line, "externalId")).isEqualTo(alert.uid());
    assertThat(cef(line, "act")).isEqualTo("opened");
  }

  /// The value of a key as a parser of CEF reads it: up to the next key that is not escaped.
  private static String cef(String line, String key) {
    String[] parts = line.split("(?<!\\\\)\\|", -1);
    String extension = String.join("|", List.of(parts).subList(7, parts.length));
    Matcher pair =
        Pattern.compile("(?:^| )" + key + "=(.*?)(?= [A-Za-z0-9]+=|$)").matcher(extension);
    assertThat(pair.find()).as(line).isTrue();
    return pair.group(1).replaceAll("\\\\([=\\\\])", "$1");
  }

  @Test
  void carries_the_whole_alert_as_json_if_asked() {
    deliver(open(server.port(), "format: json\n"));
    assertThat(taken())
        .singleElement()
        .asString()
        .endsWith("\uFEFF" + AlertJson.write(TestAlerts.fork()));
  }

  @Test
  void puts_facility_and_severity_into_the_priority() {
    deliver(open(server.port(), "facility: 10\n"));
    assertThat(taken()).singleElement().asString().startsWith("<82>1 2026-09-01T12:00:05.123Z ");
  }

  @Test
  void shortens_a_message_that_is_larger_than_receivers_take() {
    Field large = new Field("identity", "\u20ac".repeat(500), true);
    Alert huge = TestAlerts.unexpected("x").withGroups((_, _) -> Collections.nCopies(300, large));
    for (SyslogChannel.Format format : SyslogChannel.Format.values()) {
      byte[] frame = SyslogMessage.framed(huge, style(format), "prod-1");
      assertThat(frame).hasSizeLessThanOrEqualTo(SyslogMessage.MAX_BYTES + 5);
    }
  }

  @Shows(Part.CERTIFICATE)
  @Test
  void says_nothing_to_a_server_whose_certificate_is_not_trusted() throws Exception {
    Files.writeString(dir.resolve("other.pem"), new TestTls("localhost").pem);
    assertThat(deliver(open(server.port(), "ca-file: other.pem\nsecurity: tls\n")))
        .isInstanceOf(Delivery.TryAgain.class);
    assertThat(taken()).isEmpty();
  }

  @Shows(Part.CERTIFICATE)
  @Test
  void says_nothing_to_a_server_whose_certificate_has_another_name() throws Exception {
    TestTls other = new TestTls("other.example");
    Files.writeString(dir.resolve("other.pem"), other.pem);
    List<Integer> heard = new CopyOnWriteArrayList<>();
    try (RawServer wrong =
        new RawServer(socket -> {
          SSLSocket secure =
              (SSLSocket) other.context.getSocketFactory().createSocket(socket, null, 0, true);
          secure.setUseClientMode(false);
          secure.startHandshake();
          heard.add(secure.getInputStream().read());
        })) {
      assertThat(deliver(open(wrong.port(), "ca-file: other.pem\nsecurity: tls\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
    assertThat(heard).noneMatch(octet -> octet >= 0);
  }

  @Shows(Part.HANG)
  @Test
  void gives_up_on_a_server_that_never_shakes_hands() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(60_000))) {
      assertThat(deliver(open(silent.port(), "timeout: 1s\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Shows(Part.ENDLESS)
  @Test
  void listens_to_no_server_that_talks_without_end() throws IOException {
    try (RawServer talker =
        new RawServer(socket -> {
          while (true) {
            socket.getOutputStream().write(new byte[65536]);
          }
        })) {
      assertThat(deliver(open(talker.port(), "security: plain\nallow-insecure: true\n")))
          .isInstanceOf(Delivery.Delivered.class);
      assertThat(deliver(open(talker.port(), "security: tls\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void takes_a_connection_that_was_reset_for_not_delivered() throws IOException {
    try (RawServer rude =
        new RawServer(socket -> {
          socket.setSoLinger(true, 0);
          socket.close();
        })) {
      assertThat(deliver(open(rude.port(), "security: plain\nallow-insecure: true\n")))
          .isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Test
  void connects_to_no_private_address_unless_allowed() {
    assertThat(deliver(open(server.port(), "allow-private: false\n")))
        .isInstanceOf(Delivery.Unauthorized.class);
    assertThat(taken()).isEmpty();
  }

  @Test
  void refuses_a_configuration_that_is_not_safe() {
    assertThat(
            Opened.problems(
                dir, "channel: syslog\nhost: 'a b'\nsecurity: plain\nhostname: 'x y'\n"))
        .hasSize(3);
  }
}
