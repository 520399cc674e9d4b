package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.cose.ReceiptCheck;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.StatementCheck;
import dev.sigwarden.cose.StatementVerdict;
import dev.sigwarden.ledger.ServiceKeys;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.watch.Severity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A transparency service is followed: what its statements lead to.
class LedgerStatementsIT {
  @TempDir private Path folder;

  private LedgerProgram ledger;

  @BeforeEach
  void set_up() {
    ledger = new LedgerProgram(folder);
    ledger.allow("release 1", "release 2");
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  @Test
  void statement_on_the_allowlist_raises_nothing_and_another_digest_raises_an_alert()
      throws Exception {
    ledger.others(3).released("release 1", 1);
    ledger.start();
    assertThat(ledger.program().findings()).isEmpty();
    assertThat(ledger.program().daemon().store().verdicts("acme-statements"))
        .containsEntry("expected", 1L);

    PracticeTxId stolen = ledger.released("malware", 2);

    Finding finding = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    Alert alert = finding.alert();
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(WholeProgram.field(alert.where(), "index")).isEqualTo(Long.toString(stolen.seqno()));
    assertThat(WholeProgram.field(alert.what(), "digest"))
        .isEqualTo("sha256:" + LedgerProgram.digest("malware"));
    assertThat(ledger.program().mail(alert))
        .contains(
            "CRITICAL",
            "Unexpected signature selected by watch acme-statements",
            ledger.acme().did(),
            LedgerProgram.FEED,
            "yes: the signature holds, the issuer's did:x509 stands for the certificate",
            "included   yes: proven to be in the signed tree",
            "sigwarden verify --keys service-keys statement.cose");
    assertThat(
            ledger
                .program()
                .daemon()
                .store()
                .desk()
                .sightings("sha256:" + LedgerProgram.digest("malware"), 10))
        .singleElement()
        .satisfies(seen -> assertThat(seen.index()).isEqualTo(stolen.seqno()));
    ledger.awaitTurns(2);
    ledger.program().assertToldOf(alert);
    assertThat(outcome(finding)).isEqualTo(StatementVerdict.Outcome.PROVEN);
    assertThat(
            ledger.program().daemon().store().coverage().of("acme-statements", ConfigFile.LOG, 10))
        .singleElement()
        .satisfies(range -> {
          assertThat(range.from()).isEqualTo(1);
          assertThat(range.to()).isGreaterThan(stolen.seqno());
        });
  }

  @Test
  void watch_that_has_met_an_identity_for_the_first_time_says_since_when_it_looks() {
    ledger.others(3).start();
    ledger.released("malware", 2);
    Alert alert = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert();
    assertThat(WholeProgram.field(alert.scope(), "identity-first-seen"))
        .contains("not selected before", "entry 1");
  }

  /// What `sigwarden verify --keys service-keys statement.cose` says of a finding's evidence.
  private static StatementVerdict.Outcome outcome(Finding finding) throws Exception {
    ReceiptKeys keys = ReceiptKeys.of(ServiceKeys.read(piece(finding, "service-keys")));
    return new StatementCheck(
            new SignerCheck(List.of()), new ReceiptCheck(keys, ReceiptCheck.LeafForm.DIGEST))
        .check(SignedStatement.parse(piece(finding, "statement.cose")), List.of())
        .outcome();
  }

  private static byte[] piece(Finding finding, String name) {
    return finding.evidence().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .map(Evidence::toBytes)
        .orElseThrow();
  }

  @Test
  void statement_that_waits_for_its_allowlist_is_told_with_its_signature_when_its_grace_ends()
      throws Exception {
    ledger
        .program()
        .config()
        .watch(
            "acme-statements",
            "{severity: critical, identities: [{issuer: \"%s\"}],".formatted(ledger.acme().did())
                + " expect: {allowlists: [acme-releases], grace: 10m}}");
    ledger.released("malware", 1);
    ledger.start();
    ledger.awaitTurns(2);
    assertThat(ledger.program().findings()).isEmpty();

    ledger.program().clock().pass(Duration.ofMinutes(11));

    Finding finding = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(WholeProgram.field(finding.alert().who(), "verified"))
        .startsWith("yes: the signature holds");
    assertThat(outcome(finding)).isEqualTo(StatementVerdict.Outcome.PROVEN);
  }

  @Test
  void security_version_that_goes_down_raises_an_alert_across_a_restart() {
    ledger.released("release 2", 7);
    ledger.start();
    ledger.program().restart();

    ledger.released("release 1", 6);

    Alert alert = ledger.program().awaitFinding(Kind.VERSION_ROLLBACK).alert();
    assertThat(ledger.program().mail(alert))
        .contains("security version 6 after 7", LedgerProgram.FEED, "--min-svn");
    ledger.program().assertToldOf(alert);
  }

  @Test
  void statement_that_is_not_its_issuers_is_told_as_a_claim_and_of_the_ledger() {
    ledger.start();
    byte[] statement = ledger.statement("release 1", 1);
    statement[statement.length - 1] ^= 1;
    ledger.ledger().register(statement);
    ledger.ledger().sign();

    Alert claim = ledger.program().awaitFinding(Kind.UNVERIFIED_CLAIM).alert();
    Alert taken = ledger.program().awaitFinding(Kind.STATEMENT_INVALID).alert();
    assertThat(ledger.program().mail(claim))
        .contains(
            "NO, ANYBODY CAN HAVE MADE IT: the signature is not that of the certificate's key");
    assertThat(ledger.program().mail(taken)).contains("signature is not its issuer's");
  }

  @Test
  void entry_that_cannot_be_decoded_is_told() {
    ledger.start();
    ledger
        .ledger()
        .register(new byte[] {(byte) 0xd2, (byte) 0x84, 0x40, (byte) 0xa0, 0x41, 1, 0x41, 2});
    ledger.ledger().sign();

    assertThat(ledger.program().awaitFinding(Kind.ENTRY_UNDECODABLE).alert().what())
        .anySatisfy(field -> assertThat(field.value()).contains("algorithm"));
  }

  @Test
  void cold_reads_and_pages_of_the_index_lose_nothing() {
    ledger.simulated().api().cold().pageSize(7);
    ledger.others(20).released("malware", 1);
    ledger.start();

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(ledger.book().entries(1, Long.MAX_VALUE, 1_000)).hasSize(21);
  }

  @Test
  void older_services_and_those_behind_a_token_are_read_too() {
    ledger.simulated().api().older().token("open sesame");
    ledger.program().config().write("token.secret", "open sesame");
    ledger.program().config().log("api", "legacy").log("token-file", "token.secret");
    ledger.released("malware", 1);
    ledger.start();

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
  }

  @Test
  void reading_from_the_head_judges_only_what_comes() {
    ledger.program().config().log("start", "head");
    ledger.released("malware 1", 1);
    ledger.start();
    ledger.released("malware 2", 2);

    Finding finding = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(WholeProgram.field(finding.alert().what(), "digest"))
        .isEqualTo("sha256:" + LedgerProgram.digest("malware 2"));
    assertThat(ledger.program().findings()).hasSize(1);
  }
}
