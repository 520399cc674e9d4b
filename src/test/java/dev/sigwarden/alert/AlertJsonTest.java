package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sigwarden.watch.Severity;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static Alert alert(Alert.Event event, Kind kind, Severity severity) {
    return new Alert(
        "swf_aaaaaaaabbbbbbbbccccccccdddddddd",
        3,
        event,
        kind,
        severity,
        "Unexpected signature by acme-release",
        "not on allowlist acme-releases",
        "rekor-2025",
        "acme-release",
        "release-team@acme.example",
        "",
        Instant.parse("2026-11-22T10:00:00.120Z"),
        Instant.parse("2026-11-22T10:00:05Z"),
        List.of(
            new Field("identity", "https://evil.example/\"<script>", true),
            new Field("issuer", "https://token.actions.githubusercontent.com", true)),
        List.of(
            new Field("sha256", "00ff", true),
            new Field("sha256", "11ee", true),
            new Field("sha256", "22dd", true),
            new Field("format", "hashedrekord", false)),
        List.of(new Field("integrated", "2026-11-22T09:59:00Z", false)),
        List.of(new Field("index", "9223372036854775807", false)),
        List.of(),
        List.of("sigwarden verify 'it''s'"),
        List.of("Ask the release team.", "Revoke the key."));
  }

  private static Alert sample() {
    return alert(Alert.Event.OPENED, Kind.UNEXPECTED_SIGNATURE, Severity.CRITICAL);
  }

  @Test
  void has_the_documented_form() throws Exception {
    try (InputStream golden = getClass().getResourceAsStream("alert.json")) {
      assertThat(golden).isNotNull();
      assertThat(AlertJson.toTree(sample())).isEqualTo(MAPPER.readTree(golden));
    }
    assertThat(AlertJson.write(sample())).doesNotContain("\n");
  }

  @Test
  void reads_what_it_wrote() throws Exception {
    assertThat(AlertJson.read(AlertJson.write(sample()))).isEqualTo(sample());
  }

  @ParameterizedTest
  @EnumSource
  void reads_every_kind(Kind kind) throws Exception {
    Alert alert = alert(Alert.Event.UPDATED, kind, kind.severity());
    assertThat(AlertJson.read(AlertJson.write(alert))).isEqualTo(alert);
    assertThat(AlertJson.toTree(alert).path("family").textValue()).isEqualTo(kind.family().label());
  }

  @ParameterizedTest
  @EnumSource
  void reads_every_event(Alert.Event event) throws Exception {
    Alert alert = alert(event, Kind.LOG_FORK, Severity.INFO);
    assertThat(AlertJson.read(AlertJson.write(alert))).isEqualTo(alert);
  }

  @ParameterizedTest
  @EnumSource
  void reads_every_severity(Severity severity) throws Exception {
    Alert alert = alert(Alert.Event.TEST, Kind.LOG_FORK, severity);
    assertThat(AlertJson.read(AlertJson.write(alert))).isEqualTo(alert);
  }

  @Test
  void a_name_with_one_value_from_a_log_is_marked_as_from_a_log() throws Exception {
    ObjectNode json = AlertJson.toTree(sample());
    assertThat(json.path("fromLog"))
        .extracting(JsonNode::textValue)
        .containsExactly("who.identity", "who.issuer", "what.sha256");
    json.withArray("fromLog").add("where.index");
    assertThat(AlertJson.read(json.toString()).where().getFirst().fromLog()).isTrue();
  }

  @Test
  void ignores_keys_of_later_versions_and_fills_in_those_that_are_optional() throws Exception {
    ObjectNode json = AlertJson.toTree(sample());
    json.put("later", 7).putObject("nested").put("deep", true);
    assertThat(AlertJson.read(json.toString())).isEqualTo(sample());
    json.remove(
        List.of(
            "why", "log", "watch", "owner", "runbook", "who", "what", "when", "where", "scope",
            "fromLog", "check", "steps", "family"));
    Alert bare = AlertJson.read(json.toString());
    assertThat(bare.log()).isEmpty();
    assertThat(bare.who()).isEmpty();
    assertThat(bare.uid()).isEqualTo(sample().uid());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "null", "[]", "7", "{", "{}", "\"x\"", "{\"uid\":\"x\"}"})
  void refuses_what_is_no_alert(String text) {
    assertThatThrownBy(() -> AlertJson.read(text)).isInstanceOf(MalformedAlertException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uid | 7",
        "uid | \"\"",
        "revision | 0",
        "revision | -1",
        "revision | 1.5",
        "revision | \"1\"",
        "revision | 99999999999",
        "event | \"exploded\"",
        "event | null",
        "kind | \"unknown-kind\"",
        "kind | {}",
        "severity | \"CRITICAL\"",
        "title | \"\"",
        "title | [\"x\"]",
        "why | 7",
        "log | {}",
        "firstSeen | \"yesterday\"",
        "firstSeen | 1732269600",
        "at | \"2026-11-22\"",
        "at | \"+1000000001-01-01T00:00:00Z\"",
        "who | []",
        "who | \"x\"",
        "who | {\"identity\": 7}",
        "who | {\"identity\": [[\"x\"]]}",
        "who | {\"identity\": null}",
        "fromLog | [1]",
        "check | [null]",
        "steps | [{}]",
      })
  void refuses_a_wrong_value_and_names_its_key(String key, String value) throws Exception {
    ObjectNode json = AlertJson.toTree(sample());
    json.set(key, MAPPER.readTree(value));
    assertThatThrownBy(() -> AlertJson.read(json.toString()))
        .isInstanceOf(MalformedAlertException.class)
        .hasMessageContaining(key)
        .hasMessageContaining("expected");
  }

  @Test
  void refuses_a_text_beyond_the_limit_before_parsing_it() {
    String text = " ".repeat(AlertJson.MAX_LENGTH + 1);
    assertThatThrownBy(() -> AlertJson.read(text))
        .isInstanceOf(MalformedAlertException.class)
        .hasMessageContaining("characters");
  }

  @Test
  void survives_any_damage() {
    byte[] sound = AlertJson.write(sample()).getBytes(StandardCharsets.UTF_8);
    long seed = 4_711;
    Random random = new Random(seed);
    for (int round = 0; round < 5_000; round++) {
      byte[] damaged = sound.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(5) == 0 ? random.nextInt(damaged.length) : damaged.length;
      String text = new String(damaged, 0, length, StandardCharsets.UTF_8);
      try {
        Alert read = AlertJson.read(text);
        assertThat(AlertJson.read(AlertJson.write(read)))
            .as("seed %d: %s", seed, text)
            .isEqualTo(read);
      } catch (MalformedAlertException e) {
        assertThat(e).hasMessageStartingWith("alert: ");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round + ": " + text, e);
      }
    }
  }
}
