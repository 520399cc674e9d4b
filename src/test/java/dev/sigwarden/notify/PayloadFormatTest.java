package dev.sigwarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sigwarden.Golden;
import dev.sigwarden.Vectors;
import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.TestAlerts;
import dev.sigwarden.text.HostileTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayloadFormatTest {
  private static final String INSTANCE = "prod-1";

  @ParameterizedTest
  @EnumSource
  void says_every_kind_in_the_agreed_form(PayloadFormat format) {
    StringBuilder all = new StringBuilder();
    TestAlerts.all()
        .forEach((name, alert) ->
            all.append("=== ")
                .append(name)
                .append('\n')
                .append(format.of(alert, INSTANCE).toPrettyString())
                .append('\n'));
    Golden.check(
        PayloadFormatTest.class, format.name().toLowerCase(Locale.ROOT) + ".txt", all.toString());
  }

  @Test
  void is_what_the_schema_of_ocsf_asks_whatever_a_log_holds() throws IOException {
    for (Alert alert : TestAlerts.all().values()) {
      Schemas.check(
          "ocsf/detection_finding-1.8.0.schema.json", PayloadFormat.OCSF.of(alert, INSTANCE));
    }
    for (String attack : HostileTexts.all()) {
      Schemas.check(
          "ocsf/detection_finding-1.8.0.schema.json",
          PayloadFormat.OCSF.of(TestAlerts.hostile(attack), INSTANCE));
    }
  }

  @Test
  void closes_in_ocsf_what_is_over_under_the_same_id() {
    JsonNode open = PayloadFormat.OCSF.of(TestAlerts.unreachable(), INSTANCE);
    JsonNode over = PayloadFormat.OCSF.of(TestAlerts.all().get("log-unreachable-over"), INSTANCE);
    assertThat(open.path("type_uid").intValue()).isEqualTo(200401);
    assertThat(over.path("type_uid").intValue()).isEqualTo(200403);
    assertThat(over.at("/finding_info/uid")).isEqualTo(open.at("/finding_info/uid"));
    Alert next = TestAlerts.again(TestAlerts.unreachable(), Alert.Event.UPDATED);
    JsonNode updated = PayloadFormat.OCSF.of(next, INSTANCE);
    assertThat(updated.path("type_uid").intValue()).isEqualTo(200402);
    assertThat(updated.at("/metadata/uid")).isNotEqualTo(open.at("/metadata/uid"));
  }

  /// Elastic publishes a list of fields and no schema: each has a type, and is an array or not.
  @Test
  void has_only_fields_of_ecs_beside_its_own() throws IOException {
    Map<String, String[]> fields = new HashMap<>();
    for (String line :
        Files.readAllLines(Vectors.dir("alert-schemas").resolve("ecs/fields-9.4.0.csv"))) {
      String[] columns = line.split(",", 8);
      if (columns.length > 6) {
        fields.put(columns[3], columns);
      }
    }
    assertThat(fields).hasSizeGreaterThan(1000);
    for (Alert alert : TestAlerts.all().values()) {
      walk("", PayloadFormat.ECS.of(alert, INSTANCE), fields);
    }
    walk("", PayloadFormat.ECS.of(TestAlerts.hostile("x"), INSTANCE), fields);
  }

  private static void walk(String path, JsonNode node, Map<String, String[]> fields) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      String name = path + entry.getKey();
      if (name.equals("sigwarden")) {
        continue;
      }
      if (entry.getValue().isObject()) {
        walk(name + ".", entry.getValue(), fields);
        continue;
      }
      String[] columns = fields.get(name);
      assertThat(columns).as("%s is a field of ECS", name).isNotNull();
      assertThat(entry.getValue().isArray()).as(name).isEqualTo(columns[6].equals("array"));
      if (columns[4].equals("long")) {
        assertThat(entry.getValue().isIntegralNumber()).as(name).isTrue();
      }
    }
  }
}
