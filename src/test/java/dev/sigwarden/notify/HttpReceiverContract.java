package dev.sigwarden.notify;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.sigwarden.Golden;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.notify.Shows.Part;
import dev.sigwarden.text.HostileTexts;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every channel over HTTP promises besides: the right decision for each answer, and a secret
/// that is read anew and never shown. The peer is a stand-in that answers as its service does.
public abstract class HttpReceiverContract extends NotifierContract {
  /// A secret that has every channel's form but a webhook's.
  protected static final String SECRET = "s3cretS3cretS3cretS3cretS3cret32";

  protected static final String ROTATED = "r0tatedR0tatedR0tatedR0tatedR0t2";

  @Override
  protected Set<String> secrets() {
    return Set.of(SECRET, ROTATED);
  }

  protected static final JsonMapper MAPPER = JsonMapper.builder().build();

  protected final WireMockServer server =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());

  @TempDir protected Path dir;

  /// The channel's own lines of configuration, the service at `base` and the secret in the file
  /// `secret`.
  protected abstract String yaml(String base);

  /// Has the service take everything.
  protected abstract void takeEverything();

  /// Whether a request was made with that secret.
  protected abstract boolean carries(LoggedRequest request, String secret);

  /// By what the service knows what a request tells.
  protected abstract String id(JsonNode body);

  /// What the service may take for markup, mentions, links or keys.
  protected abstract List<String> acting(JsonNode body);

  /// What the secret's file holds.
  protected String secretFile(String base, String secret) {
    return secret;
  }

  /// Whether an answer 2xx that makes no sense is a failure.
  protected boolean readsAnswers() {
    return false;
  }

  @BeforeEach
  void start() throws IOException {
    server.start();
    keep(server.baseUrl(), SECRET);
    takeEverything();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  /// Puts a secret into its file, which nobody else may read.
  protected void keep(String base, String secret) throws IOException {
    Path file = dir.resolve("secret");
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(file, secretFile(base, secret) + "\n");
  }

  @Override
  protected Notifier open() {
    return open(server.baseUrl(), "");
  }

  protected Notifier open(String base, String more) {
    String usual =
        (more.contains("allow-private") ? "" : "allow-private: true\n")
            + (more.contains("timeout") ? "" : "timeout: 60s\n");
    return Opened.receiver(
        dir, yaml(base) + "allow-insecure: true\n" + usual + more, Map.of(), TestAlerts.CLOCK);
  }

  /// The requests that told something, in order.
  protected List<LoggedRequest> requests() {
    List<LoggedRequest> requests = new ArrayList<>();
    server.getAllServeEvents().reversed().forEach(event -> requests.add(event.getRequest()));
    return requests;
  }

  /// The documents of a body; it has one in most.
  protected JsonNode body(LoggedRequest request) {
    try {
      return MAPPER.readTree(request.getBody());
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + request.getBodyAsString(), e);
    }
  }

  @Override
  protected List<Received> received() {
    List<Received> received = new ArrayList<>();
    for (LoggedRequest request : requests()) {
      received.add(new Received(id(body(request)), request.getBodyAsString()));
    }
    return received;
  }

  @Override
  protected void takeAway() {
    server.stop();
  }

  protected void answer(int status, String body, String... header) {
    var answer = aResponse().withStatus(status).withBody(body);
    server.stubFor(
        any(anyUrl())
            .atPriority(1)
            .willReturn(header.length == 2 ? answer.withHeader(header[0], header[1]) : answer));
  }

  protected Delivery deliver(Notifier opened) {
    return deliver(opened, TestAlerts.fork());
  }

  protected Delivery deliver(Notifier opened, Alert alert) {
    try (Notifier notifier = opened) {
      return notifier.deliver(first(alert));
    }
  }

  @Shows({Part.ANSWERS, Part.PAUSE})
  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void tries_again_after_trouble_that_passes(int status) {
    answer(status, "", "Retry-After", "17");
    assertThat(deliver(open()))
        .isInstanceOfSatisfying(
            Delivery.TryAgain.class,
            again -> assertThat(again.pause()).isEqualTo(Optional.of(Duration.ofSeconds(17))));
  }

  @Shows(Part.ANSWERS)
  @ParameterizedTest
  @ValueSource(ints = {301, 302, 307, 308, 401, 403, 404, 405, 407, 410})
  void says_that_the_address_refuses_and_not_the_message(int status) {
    answer(status, "", "Location", server.baseUrl() + "/other");
    assertThat(deliver(open())).isInstanceOf(Delivery.Unauthorized.class);
    assertThat(server.getAllServeEvents()).as("redirects are not followed").hasSize(1);
  }

  @Shows(Part.ANSWERS)
  @ParameterizedTest
  @ValueSource(ints = {400, 413, 415, 422})
  void says_that_the_message_is_refused(int status) {
    answer(status, "no \u001b[2J" + "x".repeat(500));
    assertThat(deliver(open()))
        .isInstanceOfSatisfying(
            Delivery.Refused.class,
            refused -> assertThat(refused.reason()).contains("\\u{1B}").hasSizeLessThan(300));
  }

  /// Ways to repeat a secret.
  static Stream<String> echoes() {
    byte[] bytes = SECRET.getBytes(StandardCharsets.UTF_8);
    return Stream.of(
        "bad key " + SECRET + " in /services/" + SECRET,
        // Half of it stands where words are cut.
        "x".repeat(PeerWords.MAX - 15) + SECRET,
        "\u0000" + SECRET + "\u202e",
        "{\"message\": \"" + SECRET + "\", \"number\": \"" + SECRET + "\", \"code\": 0}",
        Base64.getEncoder().encodeToString(bytes),
        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  @Shows(Part.SECRET)
  @ParameterizedTest
  @MethodSource("echoes")
  void never_shows_its_secret_even_if_the_service_does(String echo) {
    for (int status : new int[] {200, 302, 400, 401, 403, 404, 429, 500}) {
      answer(status, echo, "Location", "/" + SECRET);
      assertThat(new Leaks(secrets()).in(deliver(open()).toString())).isEmpty();
    }
  }

  @Shows(Part.SECRET)
  @ParameterizedTest
  @ValueSource(strings = {"%s\r\n", "HTTP/1.1 %s\r\n\r\n", "HTTP/1.1 200 OK\r\n%s\r\n\r\n"})
  void never_shows_its_secret_even_if_the_service_repeats_the_request_as_its_answer(String answer)
      throws IOException {
    try (RawServer parrot =
        new RawServer(socket -> {
          byte[] request = new byte[65536];
          int read = Math.max(0, socket.getInputStream().read(request));
          String said = new String(request, 0, read, StandardCharsets.UTF_8);
          for (String line : said.split("\r\n", -1)) {
            socket
                .getOutputStream()
                .write(answer.formatted(line + SECRET).getBytes(StandardCharsets.UTF_8));
          }
        })) {
      String base = "http://127.0.0.1:" + parrot.port();
      keep(base, SECRET);
      assertThat(new Leaks(secrets()).in(deliver(open(base, "timeout: 5s\n")).toString()))
          .isEmpty();
    }
  }

  @Test
  void never_shows_its_secret_when_the_service_is_away() {
    Notifier notifier = open();
    takeAway();
    assertThat(deliver(notifier).toString()).contains("http://localhost").doesNotContain(SECRET);
  }

  @Shows(Part.ROTATED)
  @Test
  void uses_a_secret_that_was_rotated_while_running() throws IOException {
    try (Notifier notifier = open()) {
      notifier.deliver(first(TestAlerts.fork()));
      assertThat(requests()).allMatch(request -> carries(request, SECRET));
      keep(server.baseUrl(), ROTATED);
      server.resetRequests();
      notifier.deliver(first(TestAlerts.unreachable()));
      assertThat(requests()).isNotEmpty().allMatch(request -> carries(request, ROTATED));
    }
  }

  @Test
  void sends_nothing_without_its_secret() throws IOException {
    try (Notifier notifier = open()) {
      Files.writeString(dir.resolve("secret"), "not a secret of any\tform: \u00e9\n");
      assertThat(notifier.deliver(first(TestAlerts.fork())))
          .isInstanceOf(Delivery.Unauthorized.class);
      Files.delete(dir.resolve("secret"));
      assertThat(notifier.deliver(first(TestAlerts.fork())))
          .isInstanceOf(Delivery.Unauthorized.class);
    }
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  @Shows(Part.ENDLESS)
  @Test
  void takes_no_harm_from_an_answer_of_ten_megabytes() throws IOException {
    try (RawServer huge =
        new RawServer(socket -> {
          OutputStream out = socket.getOutputStream();
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 10485760\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
          for (int i = 0; i < 160; i++) {
            out.write(new byte[65536]);
          }
        })) {
      String base = "http://127.0.0.1:" + huge.port();
      keep(base, SECRET);
      Delivery delivery = deliver(open(base, ""));
      assertThat(delivery instanceof Delivery.Delivered).isEqualTo(!readsAnswers());
    }
  }

  @Shows(Part.HANG)
  @Test
  void gives_up_on_a_service_that_never_answers() throws IOException {
    try (RawServer silent = new RawServer(_ -> Thread.sleep(60_000))) {
      String base = "http://127.0.0.1:" + silent.port();
      keep(base, SECRET);
      assertThat(deliver(open(base, "timeout: 1s\n"))).isInstanceOf(Delivery.TryAgain.class);
    }
  }

  @Shows(Part.CERTIFICATE)
  @ParameterizedTest
  @ValueSource(strings = {"localhost", "other.example"})
  void says_nothing_to_a_server_whose_certificate_is_for_another_name(String name)
      throws Exception {
    TestTls tls = new TestTls(name);
    Files.writeString(dir.resolve("ca.pem"), tls.pem);
    List<String> seen = new CopyOnWriteArrayList<>();
    try (RawServer secure = new RawServer(socket -> converse(tls, socket, seen))) {
      String base = "https://localhost:" + secure.port();
      keep(base, SECRET);
      assertThat(deliver(open(base, "ca-file: ca.pem\n"))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(seen.isEmpty()).isEqualTo(!name.equals("localhost"));
      seen.clear();
      assertThat(deliver(open(base, ""))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(seen).as("of no authority that is trusted").isEmpty();
    }
  }

  private static void converse(TestTls tls, Socket socket, List<String> seen) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.context.getSocketFactory().createSocket(socket, null, 0, true);
    secure.setUseClientMode(false);
    secure.startHandshake();
    byte[] head = new byte[4096];
    int read = secure.getInputStream().read(head);
    seen.add(new String(head, 0, Math.max(0, read), StandardCharsets.UTF_8));
    secure
        .getOutputStream()
        .write("HTTP/1.1 503 busy\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void goes_through_a_proxy_if_asked() throws IOException {
    List<String> seen = new CopyOnWriteArrayList<>();
    try (RawServer proxy =
        new RawServer(socket -> {
          byte[] head = new byte[4096];
          int read = socket.getInputStream().read(head);
          seen.add(new String(head, 0, Math.max(0, read), StandardCharsets.UTF_8));
          socket
              .getOutputStream()
              .write(
                  "HTTP/1.1 503 busy\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.UTF_8));
        })) {
      String base = "http://service.example";
      keep(base, SECRET);
      String more = "proxy: http://localhost:%d\nallow-private: false\n".formatted(proxy.port());
      assertThat(deliver(open(base, more))).isInstanceOf(Delivery.TryAgain.class);
      assertThat(seen).singleElement().asString().contains(" http://service.example/");
    }
  }

  @Test
  void connects_to_no_private_address_unless_allowed() {
    assertThat(deliver(open(server.baseUrl(), "allow-private: false\n")))
        .isInstanceOf(Delivery.Unauthorized.class);
    assertThat(server.getAllServeEvents()).isEmpty();
  }

  @Test
  void asks_for_https() throws IOException {
    keep("http://service.example", SECRET);
    assertThat(Opened.problems(dir, yaml("http://service.example")))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).contains("https").doesNotContain(SECRET));
  }

  @Test
  void is_told_of_no_alert_below_its_severity_but_of_tests() {
    assertThat(
            deliver(open(server.baseUrl(), "min-severity: critical\n"), TestAlerts.unreachable()))
        .isInstanceOf(Delivery.LeftOut.class);
    assertThat(server.getAllServeEvents()).isEmpty();
    assertThat(
            deliver(
                open(server.baseUrl(), "min-severity: critical\n"), TestAlerts.all().get("test")))
        .isInstanceOf(Delivery.Delivered.class);
  }

  @Test
  void says_what_the_operator_adds() {
    deliver(open(server.baseUrl(), "fields: {data-center: zurich-7}\n"));
    assertThat(requests())
        .anySatisfy(request -> assertThat(request.getBodyAsString()).contains("zurich-7"));
  }

  static Stream<String> attacks() {
    return HostileTexts.all().stream();
  }

  @Shows(Part.HOSTILE)
  @ParameterizedTest
  @MethodSource("attacks")
  void puts_text_of_a_log_only_where_nothing_acts_on_it(String attack) {
    assertThat(acting(TestAlerts.hostile(attack))).isEqualTo(acting(TestAlerts.hostile("x")));
  }

  private List<String> acting(Alert alert) {
    server.resetRequests();
    assertThat(deliver(open(), alert)).isInstanceOf(Delivery.Delivered.class);
    List<String> acting = new ArrayList<>();
    for (LoggedRequest request : requests()) {
      acting.add(request.getMethod() + " " + request.getUrl().replace(alert.uid(), "UID"));
      acting(body(request)).forEach(text -> acting.add(text.replace(alert.uid(), "UID")));
    }
    return acting;
  }

  @Test
  void says_every_kind_in_the_agreed_form() {
    StringBuilder all = new StringBuilder();
    TestAlerts.all()
        .forEach((name, alert) -> {
          server.resetRequests();
          assertThat(deliver(open(), alert)).isInstanceOf(Delivery.Delivered.class);
          all.append("=== ").append(name).append('\n');
          for (LoggedRequest request : requests()) {
            all.append(request.getMethod()).append(' ').append(request.getUrl()).append('\n');
            all.append(pretty(body(request))).append('\n');
          }
        });
    Golden.check(
        getClass(), "requests.txt", all.toString().replace(SECRET, "SECRET").replace("\r", ""));
  }

  private static String pretty(JsonNode json) {
    try {
      return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
