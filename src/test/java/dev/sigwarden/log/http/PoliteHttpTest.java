package dev.sigwarden.log.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliteHttpTest {
  private static final Limits KILO = new Limits(1_000, 1_000, "*/*");
  private static final Instant NOW = Instant.parse("2026-10-21T07:28:00Z");

  private static WireMockServer server;

  private PoliteHttp http;

  @BeforeAll
  static void start() {
    server =
        new WireMockServer(
            WireMockConfiguration.options()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .gzipDisabled(true));
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void open() {
    server.resetAll();
    http = client(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    http.close();
  }

  private static PoliteHttp client(Duration deadline) {
    // Random 0 makes every backoff 0.
    return new PoliteHttp(
        new HttpPolicy("ops@acme.example", 4, 1_000_000, Duration.ofSeconds(5), deadline),
        Clock.fixed(NOW, ZoneOffset.UTC),
        () -> 0);
  }

  private static URI uri() {
    return URI.create(server.baseUrl() + "/resource");
  }

  private static void answer(ResponseDefinitionBuilder response) {
    server.stubFor(get(anyUrl()).willReturn(response));
  }

  private static void assertAsked(int times) {
    assertThat(server.getAllServeEvents()).hasSize(times);
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private LogUnavailableException unavailable(URI uri) {
    return catchThrowableOfType(LogUnavailableException.class, () -> http.get(uri, KILO));
  }

  private BadAnswerException bad(URI uri) {
    return catchThrowableOfType(BadAnswerException.class, () -> http.get(uri, KILO));
  }

  @Test
  void what_is_known_by_its_entity_tag_is_not_sent_again() throws Exception {
    answer(aResponse().withBody("hello").withHeader("ETag", "W/\"one\""));
    Answer first = http.getUnlessKnown(uri(), Optional.empty(), KILO);
    assertThat(first.found()).isTrue();
    assertThat(first.entityTag()).contains("W/\"one\"");
    answer(aResponse().withStatus(304));
    Answer second = http.getUnlessKnown(uri(), first.entityTag(), KILO);
    assertThat(second.unchanged()).isTrue();
    assertThat(second.body()).isEmpty();
    assertThat(server.getAllServeEvents().getFirst().getRequest().getHeader("If-None-Match"))
        .isEqualTo("W/\"one\"");
  }

  @Test
  void unchanged_is_no_answer_to_who_knows_nothing() {
    answer(aResponse().withStatus(304));
    assertThat(unavailable(uri())).hasMessageContaining("304");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "\"", "\"on\"e\"", "\"one\" x", "\"o ne\"", "\"\u00e9\""})
  void what_is_no_entity_tag_is_not_sent_back(String tag) throws Exception {
    answer(aResponse().withBody("hello").withHeader("ETag", tag));
    assertThat(http.getUnlessKnown(uri(), Optional.empty(), KILO).entityTag()).isEmpty();
  }

  @Test
  void brings_the_resource_and_says_who_asks() throws Exception {
    answer(aResponse().withBody("hello").withHeader("Content-Type", "text/plain"));
    Answer answer = http.get(uri(), new Limits(10, 10, "text/plain"));
    assertThat(answer.found()).isTrue();
    assertThat(answer.body()).asString().isEqualTo("hello");
    assertThat(answer.contentType()).contains("text/plain");
    server.verify(
        getRequestedFor(anyUrl())
            .withHeader("User-Agent", matching("sigwarden/\\S+ \\(\\+ops@acme\\.example\\)"))
            .withHeader("Accept", equalTo("text/plain"))
            .withHeader("Accept-Encoding", equalTo("gzip"))
            .withoutHeader("Cookie")
            .withoutHeader("Authorization"));
  }

  @Test
  void a_query_may_be_posted() throws Exception {
    server.stubFor(post(anyUrl()).willReturn(aResponse().withBody("found")));
    Answer answer =
        http.post(
            "line",
            uri(),
            "application/json",
            "{}".getBytes(StandardCharsets.UTF_8),
            Limits.of(10));
    assertThat(answer.body()).asString().isEqualTo("found");
    server.verify(
        postRequestedFor(anyUrl())
            .withHeader("Content-Type", equalTo("application/json"))
            .withRequestBody(equalTo("{}")));
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void a_resource_that_is_not_there_is_an_answer(int status) throws Exception {
    answer(aResponse().withStatus(status).withBody("no such thing"));
    Answer answer = http.get(uri(), KILO);
    assertThat(answer.found()).isFalse();
    assertThat(answer.body()).isEmpty();
    assertAsked(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 206, 400, 401, 403, 405, 451})
  void any_other_status_is_unavailable_at_once(int status) {
    answer(aResponse().withStatus(status));
    assertThat(unavailable(uri())).hasMessage(uri() + ": status " + status);
    assertAsked(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504})
  void what_may_pass_is_asked_again_a_bounded_number_of_times(int status) {
    answer(aResponse().withStatus(status));
    assertThat(unavailable(uri())).hasMessageContaining("status " + status);
    assertAsked(PoliteHttp.MAX_ATTEMPTS);
  }

  @Test
  void an_error_is_quoted_in_part_and_made_printable() {
    answer(aResponse().withStatus(500).withBody("down\r\n\u001b[2J" + "x".repeat(100_000)));
    assertThat(unavailable(uri()).getMessage())
        .startsWith(uri() + ": status 500: down\\u{D}\\u{A}\\u{1B}[2Jxxx")
        .endsWith("]")
        .hasSizeLessThan(300);
  }

  @Test
  void a_failure_that_passes_leaves_no_trace() throws Exception {
    server.stubFor(
        get(anyUrl())
            .inScenario("recovery")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("up")
            .willReturn(aResponse().withFault(Fault.CONNECTION_RESET_BY_PEER)));
    server.stubFor(
        get(anyUrl())
            .inScenario("recovery")
            .whenScenarioStateIs("up")
            .willReturn(aResponse().withBody("up")));
    assertThat(http.get(uri(), KILO).body()).asString().isEqualTo("up");
  }

  @ParameterizedTest
  @CsvSource({"429, 3600", "503, 7200", "429, 'Wed, 21 Oct 2026 08:00:00 GMT'"})
  void nobody_asks_a_host_that_asked_to_be_left_alone(int status, String retryAfter) {
    answer(aResponse().withStatus(status).withHeader("Retry-After", retryAfter));
    assertThat(unavailable(uri()))
        .hasMessageContaining("asked to be left alone for another")
        .hasMessageEndingWith("; before: status " + status);
    assertThat(unavailable(uri().resolve("/other")))
        .hasMessageContaining("asked to be left alone for another");
    assertAsked(1);
  }

  @Test
  void a_pause_that_ends_before_the_deadline_is_waited_for() throws Exception {
    server.stubFor(
        get(anyUrl())
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willSetStateTo("free")
            .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "0")));
    server.stubFor(
        get(anyUrl())
            .inScenario("busy")
            .whenScenarioStateIs("free")
            .willReturn(aResponse().withBody("free")));
    assertThat(http.get(uri(), KILO).body()).asString().isEqualTo("free");
    assertAsked(2);
  }

  @ParameterizedTest
  @CsvSource({
    "http://169.254.169.254/latest/meta-data, 169.254.169.254",
    "//evil.example/x, evil.example",
    "/elsewhere, localhost",
    "'http://[', no valid URL",
    "mailto:a@b.example, no host",
  })
  void redirects_are_not_followed(String location, String host) {
    answer(aResponse().withStatus(302).withHeader("Location", location));
    assertThat(unavailable(uri()))
        .hasMessageEndingWith("status 302: redirects are not followed; it points to " + host);
    assertAsked(1);
  }

  @Test
  void gzip_is_undone_within_its_bound() throws Exception {
    byte[] text = new byte[1_000];
    Arrays.fill(text, (byte) 'x');
    answer(aResponse().withBody(gzip(text)).withHeader("Content-Encoding", "gzip"));
    assertThat(http.get(uri(), KILO).body()).isEqualTo(text);
    assertThatThrownBy(() -> http.get(uri(), new Limits(1_000, 999, "*/*")))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("inflates to more than 999 bytes");
  }

  @Test
  void a_gzip_bomb_is_a_bad_answer() throws Exception {
    answer(aResponse().withBody(gzip(new byte[50_000_000])).withHeader("Content-Encoding", "gzip"));
    assertThatThrownBy(() -> http.get(uri(), new Limits(100_000, 1_000_000, "*/*")))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("inflates to more than 1000000 bytes");
    assertAsked(1);
  }

  @Test
  void broken_gzip_is_a_bad_answer() throws Exception {
    byte[] whole = gzip("hello".getBytes(StandardCharsets.UTF_8));
    byte[] wrongSum = whole.clone();
    wrongSum[whole.length - 8] ^= 1;
    for (byte[] body :
        List.of(
            new byte[0],
            new byte[] {0x1f},
            Arrays.copyOf(whole, whole.length - 1),
            wrongSum,
            "plain".getBytes(StandardCharsets.UTF_8))) {
      answer(aResponse().withBody(body).withHeader("Content-Encoding", "gzip"));
      assertThat(bad(uri())).hasMessageContaining("gzip body: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "gzip, gzip", "gzip,br", "zstd\u00ff"})
  void another_content_coding_is_a_bad_answer(String coding) {
    answer(aResponse().withBody("x").withHeader("Content-Encoding", coding));
    assertThat(bad(uri())).hasMessageContaining("(expected: gzip or none)");
  }

  @Test
  void a_body_over_its_bound_is_a_bad_answer_and_asked_for_once() {
    answer(aResponse().withBody(new byte[1_001]));
    assertThat(bad(uri())).hasMessage(uri() + ": body of more than 1000 bytes (expected: no more)");
    assertAsked(1);
  }

  @Test
  void a_query_is_not_shown() {
    answer(aResponse().withStatus(500));
    assertThat(unavailable(URI.create(uri() + "?token=secret")).getMessage())
        .startsWith(uri() + "?...: status 500")
        .doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://user:secret@127.0.0.1/",
        "http://user@127.0.0.1/",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http:///nowhere",
        "relative",
      })
  void other_urls_are_the_callers_mistake_and_not_repeated(String url) {
    URI uri = URI.create(url);
    assertThat(PoliteHttp.objection(uri)).isPresent();
    assertThatThrownBy(() -> http.get(uri, KILO))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  @Test
  void an_interrupted_caller_learns_nothing_and_stays_interrupted() {
    answer(aResponse().withBody("x"));
    Thread.currentThread().interrupt();
    assertThat(unavailable(uri())).hasMessageEndingWith("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void a_closed_client_is_unavailable() {
    http.close();
    assertThat(unavailable(uri())).isNotNull();
    http.close();
  }

  @Test
  void a_contact_that_would_break_the_header_is_refused() {
    for (String contact : List.of("a\r\nX: y", "a(b", "ü@acme.example", "x".repeat(201))) {
      assertThatThrownBy(() -> HttpPolicy.standard(contact))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("contact");
    }
    assertThat(HttpPolicy.standard("").contact()).isEmpty();
  }

  @Test
  void less_urgent_work_goes_at_its_share_of_the_pace_and_ends_nothing_of_the_others() {
    answer(aResponse().withBody("ok"));
    HttpPolicy policy = new HttpPolicy("", 4, 50, Duration.ofSeconds(5), Duration.ofSeconds(30));
    try (PoliteHttp whole = new PoliteHttp(policy, Clock.systemUTC(), () -> 0)) {
      long began = System.nanoTime();
      try (PoliteHttp paced = whole.paced("scan", () -> 0.25)) {
        for (int i = 0; i < 5; i++) {
          assertThat(ask(paced).found()).isTrue();
        }
      }
      // 50 a second by a quarter: five requests begin 80 ms apart.
      assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(4 * 80_000_000L);
      assertThat(ask(whole).found()).isTrue();
    }
  }

  private static Answer ask(PoliteHttp client) {
    try {
      return client.get(uri(), KILO);
    } catch (LogUnavailableException | BadAnswerException e) {
      throw new AssertionError(e);
    }
  }
}
