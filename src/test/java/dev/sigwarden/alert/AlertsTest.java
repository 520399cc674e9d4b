package dev.sigwarden.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.text.HostileTexts;
import dev.sigwarden.text.Sanitizer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AlertsTest {
  static Stream<Alert> all() {
    return TestAlerts.all().values().stream();
  }

  static Stream<String> attacks() {
    return HostileTexts.all().stream();
  }

  @ParameterizedTest
  @MethodSource("all")
  void says_what_to_do_first_and_keeps_text_of_logs_out_of_title_and_reason(Alert alert) {
    assertThat(alert.uid()).matches("swf_[a-z2-7]{32}");
    boolean nothingToDo =
        alert.event() == Alert.Event.RESOLVED
            || alert.kind() == Kind.HEARTBEAT
            || alert.kind() == Kind.REPORT;
    assertThat(alert.steps().isEmpty()).isEqualTo(nothingToDo);
    for (Field field : fields(alert)) {
      assertThat(field.name()).matches("[a-z][a-z0-9-]*");
      if (field.fromLog()) {
        assertThat(alert.title() + alert.why()).doesNotContain(field.value());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void sanitises_and_bounds_every_text(String attack) throws MalformedAlertException {
    Alert alert = TestAlerts.hostile(attack);
    Stream.concat(
            fields(alert).stream().map(Field::value),
            Stream.concat(alert.check().stream(), Stream.of(alert.title(), alert.why())))
        .forEach(text -> {
          assertThat(text.codePoints().allMatch(Sanitizer::isShown)).isTrue();
          assertThat(text.length()).isLessThan(6000);
        });
    assertThat(AlertJson.read(AlertJson.write(alert))).isEqualTo(alert);
  }

  @Test
  void says_how_often_and_since_when_the_same_identity_was_seen() {
    Alert known = TestAlerts.around(new Surroundings(7, 3, Optional.of(TestAlerts.SEEN), ""));
    assertThat(value(known.scope(), "same-watch-24h")).isEqualTo("7 entries selected");
    assertThat(value(known.scope(), "same-identity-24h")).isEqualTo("3 entries selected");
    assertThat(value(known.scope(), "identity-first-seen")).isEqualTo(TestAlerts.SEEN.toString());
    Alert first = TestAlerts.around(new Surroundings(7, 1, Optional.empty(), ""));
    assertThat(value(first.scope(), "identity-first-seen")).isEqualTo("not selected before");
  }

  @Test
  void says_of_what_was_not_seen_before_since_when_it_was_looked_for() {
    String since = Surroundings.since("rekor", 1_200, TestAlerts.SEEN);
    Alert first = TestAlerts.around(new Surroundings(7, 1, Optional.empty(), since));
    assertThat(value(first.scope(), "identity-first-seen"))
        .isEqualTo(
            "not selected before, looked for since entry 1200 of rekor (%s)"
                .formatted(TestAlerts.SEEN));
  }

  @Test
  void names_no_command_for_a_list_that_is_a_file_only() {
    Alert alert =
        TestAlerts.around(
            new Surroundings(7, 1, Optional.empty(), "")
                .with(
                    List.of(),
                    List.of(
                        new Surroundings.ListState("reviewed", "3 lines", false),
                        new Surroundings.ListState("web/releases", "0 lines", true))));

    assertThat(alert.acts())
        .filteredOn(act -> act.contains("allow add"))
        .singleElement()
        .asString()
        .startsWith("sigwarden allow add 'web/releases' --digest 'sha256:");
  }

  @Test
  void says_that_nobody_checked_who_signed() {
    assertThat(value(TestAlerts.unexpected("x").who(), "verified")).contains("CLAIMED");
  }

  @Test
  void names_the_ci_run_that_the_certificate_claims() {
    List<Field> who = TestAlerts.unexpected("x").who();
    assertThat(value(who, "repository")).isEqualTo("https://github.com/acme/app");
    assertThat(value(who, "commit")).isEqualTo("1f3c0000000000000000000000000000000000aa");
    assertThat(value(who, "run")).endsWith("/runs/123456");
    assertThat(value(who, "runner")).isEqualTo("github-hosted");
  }

  @Test
  void shows_20_of_10000_names_and_the_hash_of_a_name_that_is_cut() {
    String[] names = new String[10_000];
    java.util.Arrays.fill(names, "x".repeat(1_000_000));
    List<Field> who = TestAlerts.unexpected(names).who();
    assertThat(who.stream().filter(field -> field.name().equals("identity"))).hasSize(21);
    assertThat(value(who, "identity-sha256")).matches("[0-9a-f]{64}");
  }

  @Test
  void shows_the_name_that_matched_behind_however_many_others() {
    String[] names = new String[10_000];
    java.util.Arrays.setAll(names, number -> "decoy-" + number);
    names[9_999] = "release@acme.example";

    assertThat(value(TestAlerts.unexpected(names).who(), "matched"))
        .isEqualTo("release@acme.example");
    assertThat(TestAlerts.unexpected("alone").who())
        .noneMatch(field -> field.name().equals("matched"));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void prints_no_command_with_an_argument_that_is_not_harmless(String attack) {
    assertThat(TestAlerts.hostile(attack).check())
        .allSatisfy(line -> assertThat(line).matches("(sigwarden|curl|rekor-cli) [^\n]*|#[^\n]*"))
        .noneSatisfy(line -> assertThat(line).contains(attack));
  }

  @Test
  void quotes_what_it_prints() {
    assertThat(TestAlerts.unexpected("x").check())
        .containsExactly(
            "sigwarden explain 'rekor-2025:123456789'",
            "curl -sS 'https://log2025-1.rekor.sigstore.dev/api/v2/tile/entries/x482/253'"
                + " -o entry.bin");
    assertThat(Commands.quote("a'b")).isEqualTo("'a'\\''b'");
  }

  @Test
  void names_the_configuration_that_commands_would_not_find_by_themselves() {
    WhereSeen where = new WhereSeen("l", "tiles", "o", "00", 0, 7, "ab", 9, "");
    assertThat(undecodable("/etc/sigwarden/acme.yaml", where))
        .containsExactly("sigwarden explain --config '/etc/sigwarden/acme.yaml' 'l:7'");
    assertThat(undecodable("/etc/$(reboot).yaml", where)).containsExactly(Commands.LEFT_OUT);
  }

  private static List<String> undecodable(String config, WhereSeen where) {
    return new Alerts("acme", Optional.of(Path.of(config)), TestAlerts.CLOCK)
        .undecodable(where, "cut off", List.of(), TestAlerts.SEEN)
        .check();
  }

  @Test
  void gives_the_same_id_for_the_same_facts_and_another_for_others() {
    LogAlerts logs = new LogAlerts("acme", TestAlerts.CLOCK);
    WhereSeen where = WhereSeen.log("l", "tiles", "o", "00", 0, "");
    Instant day = Instant.parse("2026-09-01T00:00:01Z");
    String uid = logs.checkpointInvalid(where, "signature", "a", day).uid();
    assertThat(
            logs.checkpointInvalid(where, "signature", "a", day.plus(Duration.ofHours(23))).uid())
        .isEqualTo(uid);
    assertThat(logs.checkpointInvalid(where, "signature", "b", day).uid()).isNotEqualTo(uid);
    assertThat(logs.checkpointInvalid(where, "signature", "a", day.plus(Duration.ofDays(1))).uid())
        .isNotEqualTo(uid);
    assertThat(logs.checkpointInvalid(where, "malformed", "a", day).uid()).isNotEqualTo(uid);
  }

  @Test
  void bounds_the_findings_a_day_on_checkpoints_that_cannot_be_believed() {
    LogAlerts logs = new LogAlerts("acme", TestAlerts.CLOCK);
    WhereSeen where = WhereSeen.log("l", "tiles", "o", "00", 0, "");
    Instant day = Instant.parse("2026-09-01T00:00:01Z");
    assertThat(
            java.util.stream.IntStream.range(0, 5_000)
                .mapToObj(i -> logs.checkpointInvalid(where, "signature", "lie " + i, day).uid())
                .distinct())
        .hasSize(LogAlerts.REASONS_A_DAY);
  }

  @Test
  void keeps_an_id_over_a_key_rotation_and_a_new_name_of_the_log() {
    LogAlerts logs = new LogAlerts("acme", TestAlerts.CLOCK);
    WhereSeen before = WhereSeen.log("l", "tiles", "o", "00", 0, "");
    WhereSeen after = WhereSeen.log("m", "tiles", "o", "11", 0, "");
    Instant day = Instant.parse("2026-09-01T00:00:01Z");
    assertThat(logs.checkpointInvalid(after, "signature", "a", day).uid())
        .isEqualTo(logs.checkpointInvalid(before, "signature", "a", day).uid());
  }

  @Test
  void pages_tampering_as_critical_and_trouble_as_operational() {
    assertThat(TestAlerts.fork().kind().family()).isEqualTo(Family.INTEGRITY);
    assertThat(TestAlerts.fork().severity()).isEqualTo(dev.sigwarden.watch.Severity.CRITICAL);
    assertThat(TestAlerts.unreachable().kind().family()).isEqualTo(Family.OPERATIONAL);
  }

  @Test
  void ends_a_condition_under_its_own_id() {
    Alert over = new Conditions("acme", TestAlerts.CLOCK).resolved(TestAlerts.unreachable());
    assertThat(over.uid()).isEqualTo(TestAlerts.unreachable().uid());
    assertThat(over.event()).isEqualTo(Alert.Event.RESOLVED);
  }

  private static List<Field> fields(Alert alert) {
    return Stream.of(alert.who(), alert.what(), alert.when(), alert.where(), alert.scope())
        .flatMap(List::stream)
        .toList();
  }

  private static String value(List<Field> fields, String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .orElseThrow()
        .value();
  }
}
