package dev.sigwarden.daemon;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Conditions;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Routes;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.Limits;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.outbox.ConditionBoard;
import dev.sigwarden.store.Store;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether the machine's clock is wrong, by the hosts that are asked.
class ClockworkTest {
  private static final Limits SMALL = new Limits(1_000, 1_000, "*/*");

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();

  @Test
  void clock_that_all_hosts_contradict_is_told_until_they_agree_and_not_until_they_are_silent()
      throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("sigwarden.yaml"),
            """
            contact: it@sigwarden.invalid
            receivers: {console: {channel: console}}
            route: {receiver: console}
            """);
    Configuration configuration = Configuration.load(file, Map.of()).value().orElseThrow();
    WireMockServer server =
        new WireMockServer(WireMockConfiguration.options().bindAddress("127.0.0.1").dynamicPort());
    server.start();
    Conditions conditions = new Conditions("acme", clock);
    try (Store store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
        PoliteHttp http =
            new PoliteHttp(
                HttpPolicy.standard("it@sigwarden.invalid"), clock, new SecureRandom())) {
      ConditionBoard board =
          new ConditionBoard(store, Routes.all(List.of("console")), conditions, () -> {});
      try (Clockwork clockwork = new Clockwork(configuration, store, conditions, board, clock)) {
        ask(server, http, Duration.ofHours(1));
        clockwork.compare(http.skew());
        assertThat(board.open())
            .singleElement()
            .satisfies(it -> assertThat(clock(it)).startsWith("3599 s behind"));

        clock.advance(Duration.ofHours(1));
        assertThat(http.skew()).isEmpty();
        clockwork.compare(http.skew());
        assertThat(board.open()).hasSize(1);

        ask(server, http, Duration.ofSeconds(2));
        clockwork.compare(http.skew());
        assertThat(board.open()).isEmpty();
      }
    } finally {
      server.stop();
    }
  }

  private static String clock(Alert alert) {
    return alert.what().stream()
        .filter(it -> it.name().equals("clock"))
        .map(Field::value)
        .findFirst()
        .orElseThrow();
  }

  /// Asks two hosts, whose clocks are that much ahead.
  private void ask(WireMockServer server, PoliteHttp http, Duration ahead) throws Exception {
    String date =
        DateTimeFormatter.RFC_1123_DATE_TIME.format(
            ZonedDateTime.ofInstant(clock.instant().plus(ahead), clock.getZone()));
    server.stubFor(get(anyUrl()).willReturn(aResponse().withHeader("Date", date)));
    for (String host : List.of("127.0.0.1", "localhost")) {
      http.get(URI.create("http://%s:%d/".formatted(host, server.port())), SMALL);
    }
  }
}
