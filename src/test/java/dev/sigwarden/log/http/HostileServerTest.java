package dev.sigwarden.log.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LogUnavailableException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The HTTP client against servers that do not end, do not begin, or do not speak HTTP.
class HostileServerTest {
  private static final Limits KILO = new Limits(1_000, 1_000, "*/*");

  private PoliteHttp http;

  @BeforeEach
  void open() {
    http = client(Duration.ofSeconds(30));
  }

  @AfterEach
  void close() {
    http.close();
  }

  private static PoliteHttp client(Duration deadline) {
    // Random 0 makes every backoff 0.
    return new PoliteHttp(
        new HttpPolicy("", 4, 1_000_000, Duration.ofSeconds(5), deadline),
        Clock.systemUTC(),
        () -> 0);
  }

  private LogUnavailableException unavailable(URI uri) {
    return catchThrowableOfType(LogUnavailableException.class, () -> http.get(uri, KILO));
  }

  private BadAnswerException bad(URI uri) {
    return catchThrowableOfType(BadAnswerException.class, () -> http.get(uri, KILO));
  }

  @Test
  void an_endless_body_ends_at_its_bound() throws Exception {
    try (var endless =
        new RawServer(out -> {
          out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          byte[] more = new byte[65_536];
          while (true) {
            out.write(more);
          }
        })) {
      assertThat(bad(endless.uri())).hasMessageContaining("more than 1000 bytes");
    }
  }

  @Test
  void an_endless_error_is_cut() throws Exception {
    try (var endless =
        new RawServer(out -> {
          out.write("HTTP/1.1 403 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          byte[] more = new byte[65_536];
          Arrays.fill(more, (byte) 'n');
          while (true) {
            out.write(more);
          }
        })) {
      assertThat(unavailable(endless.uri())).hasMessageContaining("status 403: nnn");
    }
  }

  @Test
  void a_server_that_never_answers_is_given_up_at_the_deadline() throws Exception {
    http.close();
    http = client(Duration.ofMillis(300));
    try (var silent = new RawServer(_ -> Thread.sleep(Duration.ofHours(1)))) {
      assertThat(unavailable(silent.uri())).hasMessageEndingWith("no complete answer within 0.3 s");
    }
  }

  @Test
  void a_trickling_body_does_not_outlast_the_deadline() throws Exception {
    http.close();
    http = client(Duration.ofMillis(500));
    try (var trickle =
        new RawServer(out -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          while (true) {
            out.write('x');
            out.flush();
            Thread.sleep(50);
          }
        })) {
      assertThat(unavailable(trickle.uri()))
          .hasMessageEndingWith("no complete answer within 0.5 s");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ncut",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: ten\r\n\r\n0123456789",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx",
        "HTTP/1.1 99999999999 OK\r\n\r\n",
      })
  void what_is_not_http_is_unavailable(String bytes) throws Exception {
    try (var broken =
        new RawServer(out -> out.write(bytes.getBytes(StandardCharsets.ISO_8859_1)))) {
      assertThatThrownBy(() -> http.get(broken.uri(), Limits.of(10)))
          .isInstanceOfAny(LogUnavailableException.class, BadAnswerException.class)
          .hasMessageStartingWith(broken.uri() + ": ");
    }
  }

  @Test
  void an_overlong_declared_length_is_a_bad_answer() throws Exception {
    try (var broken =
        new RawServer(out ->
            out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nx"
                    .getBytes(StandardCharsets.ISO_8859_1)))) {
      assertThat(bad(broken.uri())).hasMessageContaining("9223372036854775807 bytes declared");
    }
  }

  @Test
  void a_port_without_a_server_is_unavailable() throws Exception {
    RawServer gone = new RawServer(_ -> {});
    gone.close();
    assertThat(unavailable(gone.uri())).hasMessageContaining("cannot connect: refused");
  }

  @Test
  void no_more_requests_run_at_a_host_than_the_policy_allows() throws Exception {
    var running = new AtomicInteger();
    var most = new AtomicInteger();
    try (var counting =
            new RawServer(out -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              Thread.sleep(20);
              running.decrementAndGet();
              out.write(
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
            });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(() -> http.get(counting.uri(), KILO)));
      }
      for (Future<Answer> answer : answers) {
        assertThat(answer.get().found()).isTrue();
      }
      assertThat(most.get()).isBetween(1, 4);
    }
  }
}
