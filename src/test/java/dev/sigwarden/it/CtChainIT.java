package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.sim.Answer;
import dev.sigwarden.sim.Fault;
import dev.sigwarden.sim.SimulatedCt;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a log of certificates keeps above a selected entry goes with its finding, as far as it has
/// it, and never keeps the finding.
class CtChainIT {
  private static final String ISSUER = base64("the issuer of everything");

  @TempDir private Path folder;

  /// The finding of one watched entry among others, in a log with that fault.
  private Finding finding(String protocol, Fault fault) {
    try (CtProgram ct = new CtProgram(folder, protocol)) {
      ct.startedAt(300);
      ct.simulated().inject(fault);
      ct.watched("of a chain");
      ct.others(310);
      Finding finding = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
      ct.program().awaitPosition(310);
      assertThat(ct.program().findings()).hasSize(1);
      return finding;
    }
  }

  private static Fault issuers(Answer answer) {
    return (path, honest) -> path.startsWith("issuer/") ? answer : honest;
  }

  private static Answer renamed(Answer honest, String from, String to) {
    String text = new String(honest.body(), StandardCharsets.US_ASCII).replace(from, to);
    return honest.withBody(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static List<String> names(Finding finding) {
    return finding.evidence().stream().map(Evidence::name).toList();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct", "static-ct"})
  void evidence_has_the_certificate_and_its_issuers(String protocol) {
    Finding finding = finding(protocol, (_, honest) -> honest);

    assertThat(WholeProgram.evidence(finding, "chain.pem"))
        .containsSubsequence(
            "-----BEGIN CERTIFICATE-----\n" + base64("stolen words of a chain") + "\n-----END",
            "-----BEGIN CERTIFICATE-----\n" + ISSUER + "\n-----END");
    assertThat(names(finding)).contains("inclusion.json").doesNotContain("chain.txt");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct", "static-ct"})
  void chain_comes_with_what_was_read_anyway(String protocol) {
    try (CtProgram ct = new CtProgram(folder, protocol)) {
      ct.startedAt(300);
      long before = ct.simulated().requests(SimulatedCt::leaves);
      ct.watched("of a chain");
      ct.others(310);
      Finding finding = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
      ct.program().awaitPosition(310);

      assertThat(names(finding)).contains("chain.pem").doesNotContain("chain.txt");
      assertThat(ct.simulated().requests(SimulatedCt::leaves)).isEqualTo(before + 1);
    }
  }

  @Test
  void issuer_that_never_comes_holds_up_its_finding_and_the_position_for_seconds_only() {
    try (CtProgram ct = new CtProgram(folder, "static-ct")) {
      ct.program().config().requests("{at-once: 8, per-second: 10000, deadline: 10m}");
      ct.startedAt(300);
      ct.simulated().inject(issuers(Answer.of(200).in(new Answer.Manner.Silence())));
      ct.watched("of a chain");
      ct.others(310);
      Finding finding = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
      ct.program().awaitPosition(310);

      assertThat(WholeProgram.evidence(finding, "chain.txt"))
          .contains("issuer 1", ": no answer within");
      assertThat(WholeProgram.evidence(finding, "chain.pem"))
          .contains(base64("stolen words of a chain"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ct", "static-ct"})
  void chain_of_an_entry_whose_grace_ran_out_is_asked_for_then(String protocol) {
    try (CtProgram ct = new CtProgram(folder, protocol)) {
      ct.program()
          .config()
          .watch(
              "late",
              "{identities: [{text: '*late words*'}],"
                  + " expect: {allowlists: [acme-releases], grace: 15m}}");
      ct.startedAt(300);
      ct.simulated().log().append(SimulatedCt.entry("late words"));
      ct.others(310);
      ct.program().awaitPosition(310);
      assertThat(ct.program().findings()).isEmpty();
      ct.program().clock().pass(Duration.ofMinutes(16));
      Finding finding = ct.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);

      assertThat(WholeProgram.evidence(finding, "chain.pem"))
          .contains(base64("late words"), ISSUER);
    }
  }

  @Test
  void issuer_that_the_log_does_not_have_is_named_in_the_evidence() {
    Finding finding = finding("static-ct", issuers(Answer.of(404)));

    assertThat(WholeProgram.evidence(finding, "chain.txt")).contains("issuer 1", ": not found");
    assertThat(WholeProgram.evidence(finding, "chain.pem"))
        .contains(base64("stolen words of a chain"))
        .doesNotContain(ISSUER);
    assertThat(names(finding)).contains("inclusion.json");
  }

  @Test
  void issuer_of_another_hash_is_no_evidence() {
    Finding finding =
        finding("static-ct", issuers(Answer.ok("forged".getBytes(StandardCharsets.UTF_8))));

    assertThat(WholeProgram.evidence(finding, "chain.txt")).contains("issuer 1", "other bytes");
    assertThat(WholeProgram.evidence(finding, "chain.pem")).doesNotContain(base64("forged"));
  }

  @Test
  void log_that_gives_no_chain_keeps_no_finding() {
    Finding finding =
        finding(
            "ct",
            (path, honest) ->
                switch (path.replaceFirst("\\?.*", "")) {
                  case "ct/v1/get-entry-and-proof" -> renamed(honest, "extra_data", "more_data");
                  case "ct/v1/get-entries" ->
                      path.endsWith("?start=300&end=300") ? Answer.of(500) : honest;
                  default -> honest;
                });

    assertThat(WholeProgram.evidence(finding, "chain.txt")).startsWith("no chain was had");
    assertThat(names(finding)).doesNotContain("chain.pem");
  }

  @Test
  void issuer_is_asked_for_once() {
    try (CtProgram ct = new CtProgram(folder, "static-ct")) {
      ct.startedAt(300);
      for (int i = 0; i < 5; i++) {
        ct.watched("number " + i);
      }
      ct.others(310);
      ct.program().awaitPosition(310);
      ct.program().until("findings", () -> ct.program().findings().size() == 5);

      assertThat(ct.program().findings())
          .allSatisfy(
              finding -> assertThat(WholeProgram.evidence(finding, "chain.pem")).contains(ISSUER));
      assertThat(ct.simulated().requests(path -> path.startsWith("issuer/"))).isEqualTo(1);
      assertThat(ct.simulated().requests(SimulatedCt::leaves)).isPositive();
    }
  }
}
