package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.practice.PracticeIdentity;
import dev.sigwarden.trust.TestAuthority;
import dev.sigwarden.tuf.TestRepository;
import dev.sigwarden.tuf.TufServer;
import dev.sigwarden.watch.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose certificates are believed, and what becomes of the others.
class TrustIT {
  private static final String TARGET = "trusted_root.json";
  private static final PracticeIdentity ACME =
      PracticeIdentity.githubWorkflow("acme/app", "release.yml", "refs/tags/v1.0.0");

  @TempDir private Path folder;

  private WholeProgram program;
  private TestAuthority authority;
  private TestRepository repository;
  private TufServer server;

  @BeforeEach
  void create() throws IOException {
    program = new WholeProgram(folder);
    authority = new TestAuthority(program.clock().instant().minus(Duration.ofDays(1)));
    repository = new TestRepository(TARGET, authority.trustedRoot());
    server = new TufServer(repository);
    Files.write(folder.resolve("root.json"), repository.anchor());
    program
        .config()
        .log("trust", "own")
        .trust(
            ("{own: {source: tuf, url: \"%s\", root-file: root.json, refresh: 200ms,"
                    + " unverified: {severity: medium, per-hour: 3}}}")
                .formatted(server.url()))
        .allow(Entries.allowed("release 1"));
    program.others(10);
  }

  @AfterEach
  void close() {
    program.close();
    server.close();
  }

  private void start() {
    program.start().awaitJudged();
  }

  /// The watched identity signs with a certificate of the authority.
  private void sign(String artifact) {
    byte[] certificate = authority.issue(ACME, authority.shape(program.clock().instant()));
    program.log().append(Entries.certified(certificate, artifact));
    program.awaitJudged();
  }

  /// Somebody writes the watched identity into a certificate.
  private void claim(String artifact) {
    program.log().append(Entries.certified(forged(), artifact));
    program.awaitJudged();
  }

  private static byte[] forged() {
    return CertificateForge.fulcio(ACME.subject(), ACME.issuer()).der();
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(ConfigFile.RELEASES);
  }

  private static String verified(Finding finding) {
    return WholeProgram.field(finding.alert().who(), "verified");
  }

  @Test
  void signature_with_a_certificate_of_the_authority_is_told_as_what_it_is() {
    start();
    sign("release 1");
    assertThat(verdicts()).isEqualTo(Map.of("expected", 1L));

    sign("theft");

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(program.findings()).hasSize(1);
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(verified(finding))
        .startsWith("yes: the certificate chains to a trusted authority")
        .contains("CN=test-intermediate")
        .contains("https://ct.authority.example");
  }

  @Test
  void certificate_that_anybody_made_is_told_apart_and_lower() {
    start();
    claim("theft");

    Finding finding = program.awaitFinding(Kind.UNVERIFIED_CLAIM);
    assertThat(program.findings()).hasSize(1);
    assertThat(finding.alert().severity()).isEqualTo(Severity.MEDIUM);
    assertThat(finding.alert().watch()).isEqualTo(ConfigFile.RELEASES);
    assertThat(verified(finding)).startsWith("NO, ANYBODY CAN HAVE MADE IT: no trusted authority");
    assertThat(WholeProgram.evidence(finding, "inclusion.json")).contains("leafIndex");
    assertThat(program.mail(finding.alert()))
        .contains("Unverified claim of an identity of watch acme-release")
        .contains("nobody vouches for the certificate")
        .contains("acme/app");
    assertThat(program.mailed(Kind.UNEXPECTED_SIGNATURE)).isFalse();
  }

  @Test
  void claim_is_told_whatever_is_expected_of_the_identity() {
    program.config().grace("1h");
    start();
    claim("release 1");
    claim("release 2");

    program.until("both claims", () -> program.findings(Kind.UNVERIFIED_CLAIM).size() == 2);
    assertThat(verdicts()).isEqualTo(Map.of("unexpected", 2L));
  }

  @Test
  void claims_beyond_the_budget_are_recorded_and_not_told_and_hide_no_signature() {
    start();
    for (int i = 0; i < 10; i++) {
      program.log().append(Entries.certified(forged(), "flood " + i));
    }
    program.awaitJudged();
    sign("theft");

    program.until("all claims", () -> program.findings(Kind.UNVERIFIED_CLAIM).size() == 10);
    Finding theft = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    program.awaitDelivered();
    List<Finding> claims = program.findings(Kind.UNVERIFIED_CLAIM);
    assertThat(claims.stream().filter(it -> program.mailCount(it.alert()) > 0)).hasSize(3);
    program.awaitCondition(Kind.ALERT_FLOOD);
    assertThat(program.daemon().store().untoldSum(ConfigFile.LOG, Instant.EPOCH))
        .hasValueSatisfying(untold -> assertThat(untold.entries()).isEqualTo(7));
    assertThat(program.mailCount(theft.alert())).isEqualTo(1);

    program.clock().pass(Duration.ofHours(2));
    claim("later");
    program.until("11 claims", () -> program.findings(Kind.UNVERIFIED_CLAIM).size() == 11);
    program.awaitDelivered();
    assertThat(
            program.findings(Kind.UNVERIFIED_CLAIM).stream()
                .filter(it -> program.mailCount(it.alert()) > 0))
        .hasSize(4);
  }

  @Test
  void repository_that_lies_is_told_and_the_last_good_root_goes_on_counting() {
    repository.publish().publish();
    start();
    repository.backTo(2).publish();

    Alert stale = program.awaitCondition(Kind.TRUST_STALE);
    assertThat(WholeProgram.field(stale.what(), "last-error"))
        .isEqualTo("timestamp.json: version 2 (expected: >= 3, which was seen before)");
    sign("theft");
    assertThat(verified(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE))).startsWith("yes");
    assertThat(program.mail(stale)).contains("the last good one stays in force");

    repository.backTo(4).publish();
    program.awaitOver(Kind.TRUST_STALE);
  }

  @Test
  void trusted_root_that_was_altered_is_told_and_the_last_good_one_goes_on_counting() {
    start();
    byte[] next =
        new TestAuthority(program.clock().instant().minus(Duration.ofDays(1))).trustedRoot();
    String altered =
        new String(next, StandardCharsets.UTF_8).replace("authority.example", "authority.EXAMPLE");
    repository.content(next).publishAltered(altered.getBytes(StandardCharsets.UTF_8));

    Alert stale = program.awaitCondition(Kind.TRUST_STALE);
    assertThat(WholeProgram.field(stale.what(), "last-error"))
        .startsWith("trusted_root.json: sha256 ");
    sign("theft");
    assertThat(verified(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE))).startsWith("yes");
    claim("claim");
    program.awaitFinding(Kind.UNVERIFIED_CLAIM);
  }

  @Test
  void start_without_network_checks_by_what_was_verified_last() {
    repository.timestampExpires(program.clock().instant().plus(Duration.ofDays(7))).publish();
    start();
    program.stop();
    repository.down(true);

    start();
    sign("theft");
    claim("claim");

    assertThat(verified(program.awaitFinding(Kind.UNEXPECTED_SIGNATURE))).startsWith("yes");
    program.awaitFinding(Kind.UNVERIFIED_CLAIM);
    assertThat(program.daemon().conditions()).isEmpty();

    program.clock().pass(Duration.ofDays(8));
    Alert stale = program.awaitCondition(Kind.TRUST_STALE);
    assertThat(WholeProgram.field(stale.what(), "last-error")).contains("in force expired at");
  }

  @Test
  void without_any_root_every_signature_is_told_in_full_and_that_is_said() {
    repository.down(true);
    start();
    claim("theft");

    Alert stale = program.awaitCondition(Kind.TRUST_STALE);
    assertThat(stale.why()).contains("certificates are not checked");
    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(verified(finding))
        .isEqualTo(
            "no: CLAIMED; certificate chain not checked:"
                + " no trusted root of own was ever verified here");
    assertThat(program.findings(Kind.UNVERIFIED_CLAIM)).isEmpty();
  }
}
