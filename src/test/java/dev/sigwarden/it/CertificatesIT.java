package dev.sigwarden.it;

import static dev.sigwarden.entry.ct.CtForge.ascii;
import static dev.sigwarden.entry.ct.CtForge.hosts;
import static dev.sigwarden.entry.ct.CtForge.tlv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.entry.ct.CtForge;
import dev.sigwarden.sim.SimulatedLog;
import dev.sigwarden.watch.AllowedCertificate;
import dev.sigwarden.watch.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Certificates of watched hosts in two logs: what is told, how often, and what was meant.
class CertificatesIT {
  private static final String HOSTS = "acme-hosts";

  @TempDir private Path folder;

  private WholeProgram program;
  private SimulatedLog second;

  @BeforeEach
  void create() {
    program = new WholeProgram(folder);
    second = new SimulatedLog(program.clock(), 0, "second.simulated.example");
    program.config().log("entries", "ct").secondLog(second.url().toString(), second.vkey());
    program
        .config()
        .watches(
            """
            acme-hosts:
              severity: critical
              identities:
                - dns: .acme.example
              expect: {allowlists: [acme-releases]}
            """);
  }

  @AfterEach
  void close() {
    program.close();
    second.close();
  }

  private Map<String, Long> verdicts() {
    return program.daemon().store().verdicts(HOSTS);
  }

  private static CtForge stolen() {
    return hosts("login.acme.example").keyIdentifier(new byte[20]);
  }

  @Test
  void a_precertificate_and_its_certificate_in_two_logs_are_one_finding() {
    program.log().append(hosts("www.load.example").leaf());
    program.log().append(stolen().precertLeaf());
    second.append(stolen().timestamps(new byte[119]).leaf());
    second.append(stolen().timestamps(new byte[240]).leaf());
    program.start().awaitJudged();
    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    program.awaitTurns(6);

    assertThat(program.findings()).hasSize(1);
    assertThat(verdicts()).isEqualTo(Map.of("unexpected", 1L));
    assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
    assertThat(finding.alert().title())
        .isEqualTo("Unexpected certificate selected by watch " + HOSTS);
    assertThat(finding.alert().why()).contains("tbs:").contains("not in allowlist acme-releases");
    assertThat(program.mail(finding.alert())).contains("login[.]acme[.]example");
    program.restart().awaitTurns(6);
    assertThat(program.findings()).hasSize(1);
    program.assertToldOf(finding.alert());
  }

  @Test
  void what_was_meant_is_expected_in_each_form_and_by_each_way_to_say_so() throws Exception {
    String line = AllowedCertificate.certificate(stolen().certificate()).line();
    byte[] authority = CtForge.keys().getPublic().getEncoded();
    program.config().allow(line + "\n");
    program.log().append(stolen().precertLeaf());
    program.log().append(stolen().timestamps(new byte[90]).leaf());
    // The same names by somebody else.
    program.log().append(stolen().key(authority).leaf());
    program.start().awaitJudged();

    program.until("both judged", () -> verdicts().equals(Map.of("expected", 1L, "unexpected", 1L)));
    assertThat(program.findings()).singleElement().extracting(Finding::index).isEqualTo(2L);
  }

  @Test
  void a_later_copy_is_judged_by_what_is_meant_then() throws Exception {
    String line = AllowedCertificate.certificate(stolen().certificate()).line();
    program.config().allow(line + "\n");
    program.log().append(stolen().precertLeaf());
    program.start().awaitJudged();
    program.until("expected", () -> verdicts().equals(Map.of("expected", 1L)));

    program.config().allow("");
    program.clock().pass(Duration.ofSeconds(5));
    program.awaitTurns(10);
    second.append(stolen().timestamps(new byte[90]).leaf());

    Finding finding = program.awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.alert().log()).isEqualTo(ConfigFile.SECOND);
  }

  @Test
  void a_certificate_that_cannot_be_read_to_its_end_names_the_watch_that_it_may_concern() {
    byte[] unread = tlv(0x30, tlv(CtForge.DNS, ascii("x.test")), tlv(0xa2, ascii("ACME.example")));
    program.log().append(new CtForge().nameExtension(unread).leaf());
    program.log().append(new byte[40]);
    program.start().awaitJudged();

    program.until("both are told", () -> program.findings(Kind.ENTRY_UNDECODABLE).size() == 2);
    List<Finding> findings = program.findings(Kind.ENTRY_UNDECODABLE);
    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.alert().watch()).isEqualTo(HOSTS);
          assertThat(finding.alert().severity()).isEqualTo(Severity.CRITICAL);
        })
        .anySatisfy(finding -> assertThat(finding.alert().watch()).isEmpty());
  }
}
