package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.it.Program.Outcome;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.practice.PracticeRekor;
import dev.sigwarden.sim.Corruptions;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.trust.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of the packaged program, by their exit codes and by what they say.
class CommandsIT {
  private static final JsonMapper JSON = new JsonMapper();

  /// Of the recorded log of Tessera's tests; its README has it.
  private static final String TESSERA =
      "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";

  @TempDir private Path folder;

  private Outcome run(String... args) {
    return Program.run(folder, args);
  }

  private static List<JsonNode> json(List<String> lines) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : lines) {
      nodes.add(JSON.readTree(line));
    }
    return nodes;
  }

  private ConfigFile config(String url, String vkey) {
    return new ConfigFile(folder, url, vkey, "http://127.0.0.1:9/hook");
  }

  private static String fixture() {
    return RekorFixtureIT.FIXTURE.toAbsolutePath().toUri().toString();
  }

  @Test
  void scan_of_a_log_without_anything_watched_is_clean() {
    Path log = Vectors.dir("tessera-testlog").resolve("log").toAbsolutePath();

    Outcome scan = run("scan", "--log", log.toString(), "--key", TESSERA, "--json");

    assertThat(scan.exit()).as(scan.err()).isZero();
    assertThat(scan.lastLine())
        .contains("\"origin\":\"example.com/log/testdata\"")
        .contains("\"treeSize\":15")
        .contains("\"proven\":true")
        .contains("\"findings\":0");
  }

  @Test
  void scan_of_a_range_proves_that_range() {
    Path log = Vectors.dir("tessera-testlog").resolve("log").toAbsolutePath();

    Outcome scan =
        run("scan", "--log", log.toString(), "--key", TESSERA, "--from", "5", "--to", "9");

    assertThat(scan.exit()).as(scan.err()).isZero();
    assertThat(scan.lastLine())
        .startsWith("example.com/log/testdata: entries [5, 9) are proven")
        .contains("signed tree of 15 entries");
  }

  @Test
  void scan_of_an_altered_log_names_log_range_and_what_did_not_match() throws IOException {
    Path source = Vectors.dir("tessera-testlog").resolve("log");
    Path copy = folder.resolve("altered");
    try (var files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(source.relativize(file).toString()));
      }
    }
    Path bundle = copy.resolve("tile/entries/000.p/15");
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[2] ^= 1;
    Files.write(bundle, bytes);

    Outcome scan = run("scan", "--log", copy.toString(), "--key", TESSERA);

    assertThat(scan.exit()).isEqualTo(3);
    assertThat(scan.err())
        .contains("sigwarden: log " + copy + " misbehaved")
        .contains("entries [0, 15)")
        .contains("first at index 0")
        .doesNotContain("\tat ");
  }

  @Test
  void scan_with_another_key_says_that_the_log_cannot_be_believed() throws IOException {
    Path log = Vectors.dir("tessera-testlog").resolve("log").toAbsolutePath();

    Outcome scan =
        run(
            "scan",
            "--log",
            log.toString(),
            "--key",
            RekorFixtureIT.vkey(),
            "--origin",
            "example.com/log/testdata");

    assertThat(scan.exit()).isEqualTo(3);
    assertThat(scan.err()).contains("its checkpoint cannot be believed").contains("signed by:");
  }

  @Test
  void scan_of_a_rekor_log_tells_each_entry_that_a_watch_selects() throws IOException {
    config(fixture(), RekorFixtureIT.vkey()).save();
    List<Long> watched =
        RekorFixtureIT.watched().stream().map(entry -> entry.path("index").asLong()).toList();

    Outcome scan =
        run(
            "scan",
            "--log",
            fixture(),
            "--key",
            RekorFixtureIT.vkey(),
            "--entries",
            "rekor",
            "--config",
            "sigwarden.yaml",
            "--json");

    assertThat(scan.exit()).as(scan.err()).isEqualTo(1);
    List<JsonNode> lines = json(scan.out().lines().toList());
    JsonNode summary = lines.removeLast();
    assertThat(summary.path("findings").asLong()).isEqualTo(watched.size());
    assertThat(summary.path("treeSize").asLong()).isEqualTo(300);
    assertThat(lines)
        .allSatisfy(line -> {
          assertThat(line.path("watch").asText()).isEqualTo(ConfigFile.RELEASES);
          assertThat(line.path("verdict").asText()).isEqualTo("unexpected");
          assertThat(line.path("because").asText()).contains("not in allowlist acme-releases");
        })
        .extracting(line -> line.path("index").asLong())
        .containsExactlyElementsOf(watched);
  }

  @Test
  void scan_of_a_log_over_http_that_serves_another_entry_ends_with_3() {
    try (SimulatedLog log = new SimulatedLog(Clock.systemUTC())) {
      log.growTo(600).inject(Corruptions.alteredEntry(400, 0));

      Outcome scan =
          run(
              "scan",
              "--log",
              log.url().toString(),
              "--key",
              log.vkey(),
              "--contact",
              "it@sigwarden.invalid");

      assertThat(scan.exit()).isEqualTo(3);
      assertThat(scan.err())
          .contains(log.url().toString())
          .contains("entries [0, 600)")
          .contains("first at index 400");
    }
  }

  @Test
  void scan_of_what_is_not_there_is_operational_and_of_nonsense_is_usage() {
    assertThat(run("scan", "--log", folder.resolve("nothing") + "/", "--key", TESSERA))
        .satisfies(scan -> assertThat(scan.exit()).isEqualTo(4))
        .satisfies(scan -> assertThat(scan.err()).contains("no checkpoint there"));
    assertThat(
            run("scan", "--log", folder.toString(), "--key", TESSERA, "--from", "9", "--to", "5"))
        .satisfies(scan -> assertThat(scan.exit()).isEqualTo(2))
        .satisfies(scan -> assertThat(scan.err()).contains("expected: 0 <= from <= to"));
    assertThat(run("scan", "--log", folder.toString()))
        .satisfies(scan -> assertThat(scan.exit()).isEqualTo(2))
        .satisfies(scan -> assertThat(scan.err()).contains("--key is missing"));
    assertThat(run("scan", "--log", folder.toString(), "--key", "no-vkey").exit()).isEqualTo(2);
  }

  @Test
  void explain_says_who_and_what_and_which_watch_would_say_what_and_why() throws IOException {
    config(fixture(), RekorFixtureIT.vkey()).log("protocol", "rekor-tiles").save();
    JsonNode entry = RekorFixtureIT.watched().getFirst();

    Outcome explain =
        run("explain", "simulated:" + entry.path("index"), "--config", "sigwarden.yaml");

    assertThat(explain.exit()).as(explain.err()).isZero();
    JsonNode answer = JSON.readTree(explain.out());
    assertThat(answer.path("proven").asBoolean()).isTrue();
    assertThat(answer.path("kind").asText()).isEqualTo("hashedrekord");
    assertThat(answer.at("/signers/0/subjects/0/value").asText())
        .isEqualTo(entry.path("subject").asText());
    assertThat(answer.at("/artifacts/0/digest").asText())
        .isEqualTo("sha256:" + entry.path("digest").asText());
    assertThat(answer.at("/watches/0/watch").asText()).isEqualTo(ConfigFile.RELEASES);
    assertThat(answer.at("/watches/0/verdict").asText()).isEqualTo("unexpected");
  }

  @Test
  void explain_of_a_file_needs_no_configuration() throws IOException {
    Files.write(folder.resolve("entry.json"), Entries.watched("something"));

    Outcome explain = run("explain", "entry.json");

    assertThat(explain.exit()).as(explain.err()).isZero();
    assertThat(JSON.readTree(explain.out()).at("/artifacts/0/digest").asText())
        .isEqualTo("sha256:" + Entries.digest("something"));
  }

  @Test
  void explain_takes_what_the_command_in_an_alert_fetched_from_rekor() throws IOException {
    PracticeRekor rekor = new PracticeRekor("rekor.example", new SecureRandom(), Clock.systemUTC());
    rekor.append(Entries.watched("something"));
    rekor.publish();
    String saved = rekor.entry(0).orElseThrow();
    Files.writeString(folder.resolve("entry.bin"), saved);
    Files.writeString(
        folder.resolve("altered.bin"), saved.replaceFirst("\"body\":\"....", "\"body\":\"AAAA"));

    Outcome explain = run("explain", "entry.bin");
    Outcome altered = run("explain", "altered.bin");

    assertThat(explain.exit()).as(explain.err()).isZero();
    assertThat(JSON.readTree(explain.out()).at("/artifacts/0/digest").asText())
        .isEqualTo("sha256:" + Entries.digest("something"));
    assertThat(altered.exit()).isEqualTo(1);
    assertThat(altered.out()).contains("leaf hash");
  }

  @Test
  void options_that_could_not_count_are_refused_and_not_passed_over() throws IOException {
    Files.write(folder.resolve("entry.json"), Entries.watched("something"));
    Outcome explain = run("explain", "entry.json", "--trust", "own");
    Outcome verify = run("verify", "--bundle", "entry.json");

    assertThat(explain.exit()).isEqualTo(2);
    assertThat(explain.err()).contains("--trust own (expected: with --config");
    assertThat(verify.exit()).isEqualTo(2);
    assertThat(verify.err()).contains("(expected: --trusted-root, or --config of a daemon)");
  }

  @Test
  void explain_says_what_the_certificate_is_worth() throws IOException {
    Instant now = Instant.now();
    TestAuthority authority = new TestAuthority(now.minus(Duration.ofDays(1)));
    Files.write(folder.resolve("trusted.json"), authority.trustedRoot());
    config(fixture(), RekorFixtureIT.vkey())
        .trust("{own: {source: trusted-root, file: trusted.json}}")
        .save();
    PracticeIdentity acme =
        PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");
    byte[] issued = authority.issue(acme, authority.shape(now));
    byte[] forged = CertificateForge.fulcio(acme.subject(), acme.issuer()).der();
    Files.write(folder.resolve("issued.json"), Entries.certified(issued, "theft"));
    Files.write(folder.resolve("forged.json"), Entries.certified(forged, "theft"));

    JsonNode good =
        JSON.readTree(run("explain", "issued.json", "--config", "sigwarden.yaml").out());
    JsonNode bad = JSON.readTree(run("explain", "forged.json", "--config", "sigwarden.yaml").out());

    assertThat(good.at("/signers/0/trust").asText()).isEqualTo("verified");
    assertThat(good.at("/watches/0/trust").asText()).isEqualTo("verified");
    assertThat(bad.at("/signers/0/trust").asText()).isEqualTo("unverified-claim");
    assertThat(bad.at("/watches/0/trustReason").asText()).startsWith("no trusted authority");
    assertThat(run("explain", "issued.json", "--config", "sigwarden.yaml", "--trust", "x").exit())
        .isEqualTo(2);
  }

  @Test
  void check_and_run_name_file_and_line_of_each_problem_and_end_with_2() throws IOException {
    ConfigFile config = config(fixture(), RekorFixtureIT.vkey());
    assertThat(run("check", "--config", config.save().toString()))
        .satisfies(check -> assertThat(check.exit()).as(check.err()).isZero())
        .satisfies(check -> assertThat(check.out()).contains("1 logs, 2 watches, 2 receivers"));

    String good = Files.readString(config.path());
    List<String> lines = good.lines().toList();
    int poll = lines.indexOf("    poll: 100ms") + 1;
    int severity = lines.indexOf("    severity: critical") + 1;
    assertThat(List.of(poll, severity)).doesNotContain(0);
    config.write(
        "sigwarden.yaml",
        good.replace("    poll: 100ms", "    pol: 100ms")
            .replace("    severity: critical", "    severity: huge"));

    for (String command : List.of("check", "run")) {
      Outcome outcome = run(command, "--config", config.path().toString());
      assertThat(outcome.exit()).as(command).isEqualTo(2);
      assertThat(outcome.err())
          .contains("sigwarden.yaml:" + poll + ": ")
          .contains("poll")
          .contains("sigwarden.yaml:" + severity + ": ")
          .contains("huge")
          .doesNotContain("\tat ");
    }
    assertThat(config.database()).doesNotExist();
  }

  @Test
  void run_without_a_configuration_ends_with_2() {
    Outcome run = run("run", "--config", "nowhere.yaml");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("nowhere.yaml").doesNotContain("\tat ");
  }

  @Test
  void version_is_one_line() {
    Outcome version = run("version");

    assertThat(version.exit()).isZero();
    assertThat(version.out()).matches("sigwarden [0-9]+\\.[0-9]+\\.[0-9]+[A-Z-]*\\R");
  }

  @Test
  void demo_delivers_the_one_unexpected_signature_to_every_receiver() throws IOException {
    Outcome demo = run("demo", "--once", "--json");

    assertThat(demo.exit()).as(demo.err()).isZero();
    JsonNode outcome = JSON.readTree(demo.lastLine());
    assertThat(outcome.path("findings").asLong()).isEqualTo(1);
    assertThat(outcome.path("expected").asLong()).isEqualTo(1);
    assertThat(outcome.path("webhookSignatureVerified").asBoolean()).isTrue();
    for (String receiver : List.of("console", "hook", "mail")) {
      assertThat(outcome.at("/delivered/" + receiver).asLong()).as(receiver).isEqualTo(1);
    }
    assertThat(outcome.path("entriesProven").asLong()).isEqualTo(502);
  }

  @Test
  void import_of_rekor_monitor_s_file_makes_one_that_check_takes() throws IOException {
    Files.writeString(
        folder.resolve("monitor.yaml"),
        """
        monitoredValues:
          certIdentities:
            - certSubject: ^https://github\\.com/acme/app/.*$
              issuers: ['^https://token\\.actions\\.githubusercontent\\.com$']
        """);

    Outcome made = run("import", "rekor-monitor", "monitor.yaml", "--out", "imported.yaml");
    Outcome again = run("import", "rekor-monitor", "monitor.yaml", "--out", "imported.yaml");
    Outcome json = run("import", "rekor-monitor", "monitor.yaml", "--json");
    Outcome check = run("check", "--config", "imported.yaml");

    assertThat(made.exit()).as(made.err()).isZero();
    assertThat(made.out()).isEmpty();
    assertThat(made.err()).contains("1 watches; all that is monitored was carried over");
    assertThat(again.exit()).isEqualTo(4);
    assertThat(run("import", "rekor-monitor", "monitor.yaml", "--out", "absent/imported.yaml"))
        .satisfies(absent -> assertThat(absent.exit()).isEqualTo(4))
        .satisfies(absent -> assertThat(absent.err()).contains("its folder is not there"));
    assertThat(JSON.readTree(json.out()).path("configuration").asText())
        .isEqualTo(Files.readString(folder.resolve("imported.yaml")));
    assertThat(check.exit()).as(check.err()).isZero();
    assertThat(check.out()).contains("1 watches");
    assertThat(run("import", "certspotter", "monitor.yaml").exit()).isEqualTo(2);
    assertThat(run("import", "rekor-monitor", "absent.yaml").exit()).isEqualTo(4);
  }
}
