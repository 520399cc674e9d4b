package dev.sigwarden.it;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.ClosingVerdict;
import dev.sigwarden.alert.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An Alertmanager is told again what is open for as long as it is, over a restart, and its end.
class AlertmanagerIT {
  private final WireMockServer alertmanager =
      new WireMockServer(options().bindAddress("127.0.0.1").dynamicPort());
  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    alertmanager.start();
    alertmanager.stubFor(any(anyUrl()).willReturn(ok()));
    program = new WholeProgram(folder);
    program
        .config()
        .receives(
            "am",
            "{channel: alertmanager, instances: [{url: \"%s\"}], allow-insecure: true, allow-private: true}"
                .formatted(alertmanager.baseUrl()))
        .route("{receivers: [am]}");
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
    alertmanager.stop();
  }

  /// Every time that Alertmanager was told of it, in order: when it ends.
  private List<Instant> ends(Alert alert) {
    List<Instant> ends = new ArrayList<>();
    alertmanager
        .getAllServeEvents()
        .reversed()
        .forEach(event -> {
          for (JsonNode told : json(event.getRequest().getBody())) {
            if (told.at("/labels/finding_uid").asText("").equals(alert.uid())) {
              ends.add(Instant.parse(told.path("endsAt").asText("")));
            }
          }
        });
    return ends;
  }

  private static JsonNode json(byte[] body) {
    try {
      return JsonMapper.builder().build().readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lets the time of an interval go by and waits until it is told again.
  private void awaitToldAgain(Alert alert) {
    int before = ends(alert).size();
    program.clock().pass(Duration.ofSeconds(61));
    program.until("telling again", () -> ends(alert).size() > before);
  }

  @Test
  void open_finding_is_told_again_over_a_restart_until_it_is_closed() {
    program.log().append(Entries.watched("stolen"));
    Alert alert = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
    program.awaitDelivered();
    awaitToldAgain(alert);
    awaitToldAgain(alert);
    List<Instant> ends = ends(alert);
    assertThat(ends).isSorted();
    assertThat(Duration.between(ends.getFirst(), ends.getLast()))
        .isGreaterThanOrEqualTo(Duration.ofMinutes(2));
    program.restart();
    awaitToldAgain(alert);
    assertThat(program.queue("am").sent()).as("no row for what is no news").isEqualTo(1);

    program
        .daemon()
        .store()
        .lifecycle()
        .close(alert.uid(), "jo", ClosingVerdict.CONFIRMED, "key revoked");
    program.awaitDelivered();
    Instant closed = Instant.ofEpochMilli(program.clock().millis());
    awaitToldAgain(alert);
    assertThat(ends(alert).getLast()).isBeforeOrEqualTo(closed);
    program.clock().pass(Duration.ofMinutes(16));
    int told = ends(alert).size();
    program.log().append(Entries.watched("stolen again"));
    program.until("another finding", () -> program.findings().size() == 2);
    program.awaitDelivered();
    awaitToldAgain(program.findings().getFirst().alert());
    awaitToldAgain(program.findings().getFirst().alert());
    assertThat(ends(alert).size()).isLessThanOrEqualTo(told + 1);
  }
}
