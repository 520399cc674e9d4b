package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.sigwarden.Vectors;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CloudEventTest {
  static Stream<Alert> alerts() {
    return TestAlerts.all().values().stream();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void is_what_the_official_schema_asks(Alert alert) throws IOException {
    Path file = Vectors.dir("alert-schemas").resolve("cloudevents/cloudevents.json");
    var schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
            .getSchema(Files.readString(file), InputFormat.JSON);
    String event =
        new String(
            new CloudEvent(alert, "a b", PayloadFormat.NATIVE).structured(),
            StandardCharsets.UTF_8);
    assertThat(schema.validate(event, InputFormat.JSON)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("alerts")
  void has_attributes_of_plain_text_under_plain_names(Alert alert) {
    new CloudEvent(alert, "prod-1", PayloadFormat.OCSF)
        .attributes()
        .forEach((name, value) -> {
          assertThat(name).matches("[a-z0-9]{1,20}");
          assertThat(value).matches("[!-~]+");
        });
  }

  @Test
  void keeps_findings_and_operational_trouble_apart() {
    assertThat(new CloudEvent(TestAlerts.fork(), "i", PayloadFormat.OCSF).attributes())
        .containsEntry("type", "dev.sigwarden.finding.opened.v1")
        .containsEntry("severitynumber", "21")
        .containsEntry("id", TestAlerts.fork().uid() + "-1");
    assertThat(CloudEvent.shortType(TestAlerts.unreachable())).isEqualTo("health.degraded");
    assertThat(CloudEvent.shortType(TestAlerts.all().get("log-unreachable-over")))
        .isEqualTo("health.recovered");
    assertThat(CloudEvent.shortType(TestAlerts.all().get("test"))).isEqualTo("finding.test");
  }
}
