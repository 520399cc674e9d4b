package dev.sigwarden.watch;

import static dev.sigwarden.watch.Samples.GITHUB;
import static dev.sigwarden.watch.Samples.RUNNER;
import static dev.sigwarden.watch.Samples.certificate;
import static dev.sigwarden.watch.Samples.event;
import static dev.sigwarden.watch.Samples.selecting;
import static dev.sigwarden.watch.Samples.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.settings.Problem;
import dev.sigwarden.settings.Section;
import dev.sigwarden.settings.SettingsFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Watches and allowlists as the configuration file writes them.
final class WatchTest {
  /// A file with watches and allowlists and nothing else.
  static Watches root(Section root) {
    Allowlists allowlists = Allowlists.read(root);
    Map<String, Watch> watches =
        root.sections("watches", "watches", section -> Watch.read(section, allowlists));
    return Watches.of(List.copyOf(watches.values()), allowlists);
  }

  @TempDir Path folder;

  @BeforeEach
  void start() throws Exception {
    Files.writeString(folder.resolve("good.txt"), sha256("artifact") + "\n");
    Files.writeString(
        folder.resolve("acme.pub"),
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n");
  }

  private SettingsFile.Loaded<Watches> load(String yaml) throws Exception {
    Path file = Files.writeString(folder.resolve("sigwarden.yaml"), yaml);
    return SettingsFile.load(file, WatchTest::root, Map.of());
  }

  private static final String FULL =
      """
      allowlists:
        good: {file: good.txt}
      watches:
        acme-release:
          severity: critical
          owner: release-team@acme.example
          runbook: https://wiki.acme.example/key
          identities:
            - {subject: "https://github.com/acme/app/*", issuer: https://token.actions.githubusercontent.com}
            - subject: "re:release-[0-9]+@acme\\\\.example"
              issuer: "*"
              extensions: {runner-environment: self-hosted, 1.3.6.1.4.1.57264.1.12: "https://x/*"}
            - {key-file: acme.pub}
            - {key-sha256: "sha256:9F86D081884C7D659A2FEAA0C55AD015A3BF4F1B2B0B822CD15D6C15B0F00A08"}
            - certificate-sha256: "9f:86:d0:81:88:4c:7d:65:9a:2f:ea:a0:c5:5a:d0:15:a3:bf:4f:1b:2b:0b:82:2c:d1:5d:6c:15:b0:f0:0a:08"
            - {text: "*acme release*"}
            - pointer: {/kind: release, "/who/0": "acme*"}
          expect:
            allowlists: good
            require: {runner-environment: github-hosted}
            grace: 15m
        other:
          identities: [{subject: "x@acme.example", issuer: GitHub}]
      """;

  @Test
  void reads_everything_that_a_watch_can_say() throws Exception {
    SettingsFile.Loaded<Watches> loaded = load(FULL);
    assertThat(loaded.problems()).isEmpty();
    Watches watches = loaded.value().orElseThrow();
    Watch watch = watches.named("acme-release").orElseThrow();
    assertThat(watch.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(watch.owner()).isEqualTo("release-team@acme.example");
    assertThat(watch.runbook()).isEqualTo("https://wiki.acme.example/key");
    assertThat(watch.warnings()).isEmpty();
    assertThat(watches.named("other").orElseThrow().severity()).isEqualTo(Severity.HIGH);
    assertThat(watches.all()).hasSize(2);

    Map<String, String> hosted = Map.of(RUNNER, "github-hosted");
    var release = event(certificate(GITHUB, hosted, "https://github.com/acme/app/x"));
    assertThat(selecting(watches, release)).containsExactly("acme-release");
    Hit hit = watches.select(release).getFirst();
    assertThat(hit.selector())
        .isEqualTo("subject: https://github.com/acme/app/*, issuer: " + GITHUB);
    Instant seen = Instant.EPOCH;
    assertThat(watches.judge(hit, release, seen, seen)).isInstanceOf(Verdict.Pending.class);
    assertThat(watches.judge(hit, release, seen, seen.plusSeconds(15 * 60)))
        .isInstanceOf(Verdict.Unexpected.class);
    Map<String, String> self = Map.of(RUNNER, "self-hosted", Samples.REPOSITORY, "https://x/y");
    assertThat(selecting(watches, event(certificate("i", self, "release-12@acme.example"))))
        .containsExactly("acme-release");
    assertThat(selecting(watches, event("{\"kind\":\"release\",\"who\":[\"acme inc\"]}")))
        .containsExactly("acme-release");
  }

  private Watch asking(String severities, String subject) throws Exception {
    SettingsFile.Loaded<Watches> loaded =
        load(
            """
            watches:
              w:
                %s
                lookalikes: true
                identities: [{subject: "%s", issuer: i}]
            """
                .formatted(severities, subject));
    assertThat(loaded.problems()).isEmpty();
    return loaded.value().orElseThrow().all().getFirst();
  }

  @Test
  void lookalikes_are_told_if_asked_for_and_never_above_the_watch_s_own_severity()
      throws Exception {
    String subject = "https://github.com/acme/*";
    assertThat(load(FULL).value().orElseThrow().all())
        .extracting(Watch::lookalikes)
        .containsOnly(Optional.empty());
    assertThat(asking("severity: critical", subject).lookalikes()).contains(Severity.MEDIUM);
    assertThat(asking("severity: low", subject).lookalikes()).contains(Severity.LOW);
    assertThat(asking("lookalike-severity: info", subject).lookalikes()).contains(Severity.INFO);
    assertThat(asking("lookalike-severity: critical", subject).lookalikes())
        .contains(Severity.HIGH);
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/acme/*,true",
    "*@acme.example,true",
    "release-*!acme.example,true",
    "packages.acme.example,true",
    "https://github.com/acme*,false",
    "https://*/acme/app,false",
    "release@*,false",
    "*.acme.example,false",
    "re:https://github.com/acme/.*,false",
  })
  void subject_that_no_lookalike_can_be_told_from_is_warned_of(String subject, boolean good)
      throws Exception {
    if (good) {
      assertThat(asking("severity: high", subject).warnings()).isEmpty();
    } else {
      assertThat(asking("severity: high", subject).warnings())
          .hasSize(2)
          .anySatisfy(it ->
              assertThat(it).startsWith("watches.w.identities[0]: no look-alikes can be told"))
          .contains("watches.w.lookalikes: no identity has a subject to resemble");
    }
  }

  @Test
  void an_artifact_on_the_allowlist_is_expected() throws Exception {
    Watches watches =
        load("""
        allowlists: {good: {file: good.txt}}
        watches: {w: {identities: [{text: "art*"}], expect: {allowlists: [good]}}}
        """)
            .value()
            .orElseThrow();
    var event = event("artifact");
    assertThat(watches.judge(watches.select(event).getFirst(), event, Instant.EPOCH, Instant.EPOCH))
        .isEqualTo(new Verdict.Expected(sha256("artifact") + " is in allowlist good"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|watches.w.identities|at least one item",
        "{identities: []}|watches.w.identities|at least one item",
        "{identities: [{}]}|watches.w.identities[0].subject|subject, issuer, did",
        "{identities: [{subject: ''}]}|watches.w.identities[0].subject|",
        "{identities: [{subject: '*'}]}|watches.w.identities[0].subject|something narrower",
        "{identities: [{subject: 're:.*', issuer: '**'}]}|watches.w.identities[0].subject|something narrower",
        "{identities: [{subject: 're:('}]}|watches.w.identities[0].subject|RE2",
        "{identities: [{subjekt: x}]}|watches.w.identities[0].subjekt|",
        "{identities: [{extensions: {runner-enviroment: x}}]}|watches.w.identities[0].extensions|did you mean \"runner-environment\"?",
        "{identities: [{extensions: {1.2.3: x}}]}|watches.w.identities[0].extensions|OID under 1.3.6.1.4.1.57264.1",
        "{identities: [{extensions: {runner-environment: ''}}]}|watches.w.identities[0].extensions|",
        "{identities: [{key-sha256: abc}]}|watches.w.identities[0].key-sha256|64 hex digits",
        "{identities: [{key-file: none.pub}]}|watches.w.identities[0].key-file|",
        "{identities: [{key-file: good.txt}]}|watches.w.identities[0].key-file|one public key",
        "{identities: [{pointer: {a: x}}]}|watches.w.identities[0].pointer|JSON pointer",
        "{identities: [{pointer: {/~2: x}}]}|watches.w.identities[0].pointer|JSON pointer",
        "{identities: [{text: x}], expect: {}}|watches.w.expect.allowlists|allowlists, require, or both",
        "{identities: [{text: x}], expect: {allowlists: [godo]}}|watches.w.expect.allowlists|did you mean \"good\"?",
        "{identities: [{text: x}], expect: {require: {runner: x}}}|watches.w.expect.require|Fulcio extension",
        "{identities: [{text: x}], expect: {require: {runner-environment: 're:['}}}|watches.w.expect.require|RE2",
        "{identities: [{text: x}], expect: {require: {issuer-v2: x}, grace: 1m}}|watches.w.expect.grace|allowlists beside it",
        "{identities: [{text: x}], expect: {allowlists: good, grace: 31d}}|watches.w.expect.grace|",
        "{severity: urgent, identities: [{text: x}]}|watches.w.severity|",
        "{identities: [{key-file: acme.pub, key-sha256: 0000000000000000000000000000000000000000000000000000000000000000}]}|watches.w.identities[0].key-file|one of them",
      })
  void says_what_is_wrong_where(String watch, String path, String expected) throws Exception {
    SettingsFile.Loaded<Watches> loaded =
        load("allowlists: {good: {file: good.txt}}\nwatches: {w: " + watch + "}\n");
    assertThat(loaded.value()).isEmpty();
    assertThat(loaded.problems())
        .as("%s", loaded.problems())
        .anySatisfy(problem -> {
          assertThat(problem.path()).startsWith(path);
          assertThat(problem.format()).contains(expected == null ? "" : expected);
        });
  }

  @Test
  void a_pattern_that_is_none_is_one_problem() throws Exception {
    assertThat(load("watches: {w: {identities: [{subject: 're:['}]}}\n").problems())
        .singleElement()
        .satisfies(problem -> assertThat(problem.path()).endsWith("identities[0].subject"));
  }

  @Test
  void takes_a_pointer_of_up_to_1024_characters() throws Exception {
    String longest = "/" + "a".repeat(1_023);
    assertThat(load("watches: {w: {identities: [{pointer: {" + longest + ": x}}]}}\n").problems())
        .isEmpty();
    assertThat(load("watches: {w: {identities: [{pointer: {" + longest + "a: x}}]}}\n").problems())
        .hasSize(1);
  }

  @Test
  void an_allowlist_that_is_missing_or_broken_is_a_problem_at_the_start() throws Exception {
    Files.writeString(folder.resolve("bad.txt"), "nonsense\n");
    List<Problem> problems =
        load("allowlists: {none: {file: none.txt}, bad: {file: bad.txt}, empty: {}}\n").problems();
    assertThat(problems)
        .extracting(Problem::path)
        .containsExactlyInAnyOrder(
            "allowlists.none.file", "allowlists.bad.file", "allowlists.empty.file");
    assertThat(problems.toString()).contains("no such file", "line 1: nonsense");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{identities: [{subject: a@acme.example}]}|watches.w.identities[0]: subject without issuer",
        "{identities: [{subject: 're:[ab]+', issuer: '*'}]}|every entry is tried on it",
        "{identities: [{text: x}], expect: {require: {runner-environment: x}}}|this never holds",
      })
  void warns_of_what_is_hardly_meant(String watch, String warning) throws Exception {
    SettingsFile.Loaded<Watches> loaded = load("watches: {w: " + watch + "}\n");
    assertThat(loaded.problems()).allMatch(Problem::warning);
    assertThat(loaded.value().orElseThrow().all().getFirst().warnings())
        .anyMatch(said -> said.contains(warning));
  }

  @Test
  void a_subject_with_an_issuer_extension_or_a_key_needs_no_warning() throws Exception {
    Watches watches =
        load("""
        watches:
          w:
            identities:
              - {subject: a@acme.example, extensions: {issuer-v2: x}}
              - {subject: a@acme.example, key-file: acme.pub}
              - {subject: "*", issuer: x.example}
        """)
            .value()
            .orElseThrow();
    assertThat(watches.all().getFirst().warnings()).isEmpty();
  }

  @Test
  void the_schema_describes_the_keys() {
    String schema = SettingsFile.schema("test", WatchTest::root).toString();
    assertThat(schema)
        .contains("identities", "subject", "certificate-sha256", "key-file", "grace", "require");
  }

  @Tag("slow")
  @Test
  void changed_files_are_read_or_refused() throws Exception {
    long seed = 23L;
    Random random = new Random(seed);
    byte[] valid = FULL.getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 2_000; round++) {
      String changed = new String(Mutation.of(valid, random), StandardCharsets.UTF_8);
      SettingsFile.Loaded<Watches> loaded = load(changed);
      assertThat(loaded.value().isPresent() || !loaded.problems().isEmpty())
          .as("seed %d, round %d", seed, round)
          .isTrue();
    }
  }
}
