package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Field;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.store.Untold;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Signers whose names are easily taken for watched ones.
class LookalikesIT {
  private static final String REF = "refs/tags/v1.0.0";
  private static final String RELEASE =
      "https://github.com/acme/tool/.github/workflows/release.yml@" + REF;

  /// What is told one by one in an hour.
  private static final int TOLD = 20;

  @TempDir private Path folder;

  private WholeProgram program;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    program
        .config()
        .watches(
            """
            acme-tool:
              severity: critical
              owner: tool-team@acme.example
              identities:
                - {subject: "%s", issuer: "%s"}
                - {subject: release@acme.example, issuer: "%s"}
                - {subject: octocat!acme.example, issuer: "%s"}
              expect: {allowlists: [acme-releases]}
              lookalikes: true
              lookalike-severity: low
            """
                .formatted(RELEASE, Entries.ISSUER, Entries.ISSUER, Entries.ISSUER))
        .allow(Entries.allowed("artifact"));
    // Whatever the wall clock says: the hour begins with the test.
    long minute = Duration.ofMillis(program.clock().millis()).toMinutes() % 60;
    program.clock().pass(Duration.ofMinutes(61).minusMinutes(minute));
    program.others(10).start().awaitJudged();
  }

  @AfterEach
  void close() {
    program.close();
  }

  private void sign(PracticeIdentity... identities) {
    for (PracticeIdentity identity : identities) {
      program.log().log().append(Entries.signed(identity, "artifact"));
    }
    program.log().log().publish();
    program.awaitJudged();
  }

  private static PracticeIdentity workflow(String repository) {
    return PracticeIdentity.githubWorkflow(repository, "release.yml", REF);
  }

  private static String way(Finding finding) {
    return finding.alert().who().stream()
        .filter(field -> field.name().equals("way"))
        .map(Field::value)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void each_way_to_resemble_a_watched_name_is_a_finding_and_the_name_itself_is_none() {
    sign(
        workflow("acme/tool"),
        workflow("Acme/Tool"),
        PracticeIdentity.email("release@xn--cme-5cd.example", Entries.ISSUER),
        new PracticeIdentity(
            PracticeIdentity.Kind.OTHER_NAME,
            "octocat!\u0430cme.example",
            Entries.ISSUER,
            Map.of()),
        workflow("acrne/tool"),
        workflow("acne/tool"),
        workflow("acme/tools"),
        PracticeIdentity.uri(RELEASE.replace("github.com", "github.example"), Entries.ISSUER),
        PracticeIdentity.uri(RELEASE, "https://issuer.example"),
        workflow("somebody/tool"));

    List<Finding> findings = program.findings(Kind.LOOKALIKE).reversed();
    assertThat(findings)
        .extracting(Finding::index, LookalikesIT::way)
        .containsExactlyInAnyOrder(
            tuple(11L, "other-case"),
            tuple(12L, "punycode"),
            tuple(13L, "mixed-scripts"),
            tuple(14L, "confusable"),
            tuple(15L, "one-edit"),
            tuple(16L, "one-edit"),
            tuple(17L, "other-host"),
            tuple(18L, "other-issuer"));
    assertThat(findings)
        .allSatisfy(finding -> {
          assertThat(finding.alert().severity()).isEqualTo(Severity.LOW);
          assertThat(finding.alert().watch()).isEqualTo("acme-tool");
          assertThat(WholeProgram.evidence(finding, "inclusion.json"))
              .contains("\"leafIndex\" : \"%d\"".formatted(finding.index()));
        });
    assertThat(program.findings()).hasSize(findings.size());

    Alert mixed =
        findings.stream().filter(it -> it.index() == 13).findFirst().orElseThrow().alert();
    assertThat(program.mail(mixed))
        .contains("Look-alike of an identity of watch acme-tool")
        .contains("mixes scripts; what differs is the domain")
        .contains("U+0430 CYRILLIC SMALL LETTER A in place of U+0061 LATIN SMALL LETTER A")
        .contains("tool-team@acme.example");
    program.awaitDelivered();
    assertThat(program.hook().messages())
        .filteredOn(message -> message.body().contains("\"kind\":\"lookalike\""))
        .hasSize(findings.size());
  }

  @Test
  void flood_of_lookalikes_is_told_in_measure_and_the_theft_beside_it_at_once() {
    for (int i = 0; i < 100; i++) {
      program.log().log().append(Entries.signed(workflow("acmee/tool"), "artifact"));
    }
    program.log().log().append(Entries.signed(workflow("acme/tool"), "stolen"));
    program.log().log().publish();
    program.awaitJudged();

    assertThat(program.findings(Kind.LOOKALIKE)).hasSize(TOLD);
    assertThat(program.findings(Kind.UNEXPECTED_SIGNATURE))
        .extracting(Finding::index)
        .containsExactly(110L);
    assertThat(program.daemon().store().untold(ConfigFile.LOG, 0, 1_000))
        .hasSize(100 - TOLD)
        .allSatisfy(it -> assertThat(it.kind()).isEqualTo(Kind.LOOKALIKE.label()))
        .extracting(Untold::reason)
        .first()
        .asString()
        .startsWith("one-edit: https://github.com/acmee/tool/");
    program.awaitCondition(Kind.ALERT_FLOOD);
  }

  @Test
  void restart_doubles_no_lookalike() {
    sign(workflow("acne/tool"));
    program.restart();
    sign(workflow("acnes/tool"), workflow("acme/tol"));

    assertThat(program.findings(Kind.LOOKALIKE))
        .extracting(Finding::index)
        .containsExactlyInAnyOrder(10L, 12L);
  }

  @Test
  void certificate_of_a_lookalike_is_checked_like_any_other() throws IOException {
    TestAuthority authority =
        new TestAuthority(program.clock().instant().minus(Duration.ofDays(1)));
    Files.write(folder.resolve("root.json"), authority.trustedRoot());
    program.stop();
    program.config().trust("{own: {source: trusted-root, file: root.json}}").log("trust", "own");
    program.start();
    byte[] issued =
        authority.issue(workflow("acmee/tool"), authority.shape(program.clock().instant()));
    byte[] forged = CertificateForge.fulcio(workflow("acme/t00l").subject(), Entries.ISSUER).der();
    program
        .log()
        .append(Entries.certified(issued, "artifact"), Entries.certified(forged, "artifact"));
    program.awaitJudged();

    program.until("both", () -> program.findings(Kind.LOOKALIKE).size() == 2);
    assertThat(program.findings(Kind.LOOKALIKE))
        .extracting(finding -> WholeProgram.field(finding.alert().who(), "verified"))
        .satisfiesExactly(
            claim -> assertThat(claim).startsWith("NO, ANYBODY CAN HAVE MADE IT"),
            verified ->
                assertThat(verified)
                    .startsWith("yes: the certificate chains to a trusted authority"));
  }
}
