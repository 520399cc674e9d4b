package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.it.Serving.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What callers with a token, and nobody in particular, may try to bring the daemon down with or to
/// make it do something else than they were allowed.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiAttacksIT {
  private static final String LISTS = "/api/v1/allowlists/acme-releases";

  @TempDir private static Path folder;

  private Serving serving;
  private Program program;
  private String release;
  private String responder;

  @BeforeAll
  void start() throws IOException {
    serving = new Serving(folder);
    program = serving.start();
    release = serving.token("release", "release", "acme-releases");
    responder = serving.token("responder", "responder");
  }

  @AfterAll
  void stop() {
    serving.close();
  }

  private Answer silence(String matchers) throws IOException {
    return serving.post(
        "/api/v1/silences",
        responder,
        "{\"matchers\":%s,\"endsAt\":\"%s\",\"reason\":\"r\"}"
            .formatted(matchers, Instant.now().plusSeconds(600)));
  }

  @Test
  void silences_that_would_take_all_memory_or_hold_nothing_back_are_refused() throws IOException {
    for (String matchers :
        List.of(
            "[\"kind=~\\\"(((a{1000}){1000}){1000}){10}\\\"\"]",
            "[\"watch=\\\"a\\nb\\\"\"]",
            "[null]",
            "[\"watch=a\", null]",
            "[1]",
            "[\"kind=~\\\"log-fork|log-rollback\\\"\"]",
            "[\"kind=unexpected-signatur\"]")) {
      Answer answer = silence(matchers);
      assertThat(answer.status()).as("%s: %s", matchers, answer.body()).isEqualTo(400);
      assertThat(answer.json().path("error").asText()).contains("(expected: ");
    }
    assertThat(serving.get("/api/v1/silences", responder).body()).isEqualTo("[]");
  }

  @Test
  void bodies_that_could_be_read_in_two_ways_are_refused_with_a_word_on_where() throws IOException {
    String made = "{\"name\":\"two\",\"role\":\"viewer\",\"reason\":\"r\"";
    for (String body :
        List.of(
            made + ",\"role\":\"admin\"}",
            made + "} {\"role\":\"admin\"}",
            made + ",\"days\":1.9}",
            made + ",\"days\":\"\"}",
            made + ",\"days\":\"5\"}",
            made + ",\"day\":5}",
            "{\"name\":5,\"role\":\"viewer\",\"reason\":\"r\"}",
            "{\"name\":\"r\",\"role\":\"release\",\"allowlists\":[null],\"reason\":\"r\"}",
            "[\"two\",\"viewer\"]",
            "\"two\"")) {
      Answer answer = serving.post("/api/v1/tokens", serving.local(), body);
      assertThat(answer.status()).as("%s: %s", body, answer.body()).isEqualTo(400);
      assertThat(answer.json().path("error").asText()).as(body).startsWith("body");
    }
    assertThat(serving.post("/api/v1/tokens", serving.local(), made + ",\"day\":5}").body())
        .contains("body.day: unknown key");
    assertThat(serving.get("/api/v1/tokens", serving.local()).body()).doesNotContain("\"two\"");
  }

  @Test
  void filters_that_are_misspelt_repeated_or_of_another_type_are_refused() throws IOException {
    for (String query :
        List.of(
            "findings?sevrity=critical",
            "findings?state=open&state=closed",
            "findings?limit=1e3",
            "findings?limit=99999999999",
            "audit?below=x",
            "whoami?access_token=x")) {
      Answer answer = serving.get("/api/v1/" + query, serving.local());
      assertThat(answer.status()).as("%s: %s", query, answer.body()).isEqualTo(400);
      assertThat(answer.json().path("error").asText()).contains("(expected: ");
    }
  }

  @Test
  void large_bodies_all_at_once_wait_or_are_refused_and_the_daemon_lives() throws IOException {
    String body = "{\"reason\":\"r\",\"lines\":\"" + "a".repeat(5_900_000) + "\"}";
    List<Integer> statuses =
        IntStream.range(0, 60)
            .parallel()
            .mapToObj(_ -> {
              try {
                return serving.post(LISTS + "/lines", release, body).status();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
            .toList();
    assertThat(statuses).isSubsetOf(400, 429).contains(400);
    assertThat(serving.post(LISTS + "/lines", release, body).status()).isEqualTo(400);
    String line = "{\"reason\":\"r\",\"lines\":\"sha256:%s\"}".formatted("12".repeat(32));
    assertThat(serving.post(LISTS + "/lines", release, line).json().path("changed").asInt())
        .isEqualTo(1);
    assertThat(program.isAlive()).isTrue();
  }
}
