package dev.sigwarden.it;

import static dev.sigwarden.it.WholeProgram.field;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.sim.LedgerFault;
import dev.sigwarden.sim.LedgerFaults;
import dev.sigwarden.sim.WireFaults;
import dev.sigwarden.watch.Severity;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A ledger, its service or somebody between lies about entries: what the operator reads.
class LedgerFaultsIT {
  @TempDir private Path folder;

  private LedgerProgram ledger;

  @BeforeEach
  void set_up() {
    ledger = new LedgerProgram(folder);
    ledger.allow("release");
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private String mail(Kind kind) {
    Alert alert = ledger.program().awaitFinding(kind).alert();
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    return ledger.program().mail(alert);
  }

  @Test
  void one_transaction_with_two_roots_is_a_fork_with_both_receipts_as_evidence() {
    ledger.others(3);
    byte[] statement = ledger.statement("release", 1);
    PracticeLedger other = ledger.ledger().fork(ledger.ledger().size());
    ledger.ledger().other();
    other.configure("{}");
    PracticeTxId id = ledger.ledger().register(statement);
    ledger.ledger().sign();
    other.register(statement);
    other.sign();
    ledger.start();

    ledger.simulated().inject(LedgerFaults.serve(other).on(LedgerFault.entry(id)));

    Finding fork = ledger.program().awaitFinding(Kind.LOG_FORK);
    assertThat(ledger.program().mail(fork.alert()))
        .contains("signed two trees", "two roots signed in transaction");
    assertThat(fork.evidence())
        .extracting(it -> it.name())
        .contains("receipt-known.cose", "receipt-shown.cose", "service-keys");
  }

  @Test
  void ledger_that_goes_on_from_an_earlier_state_is_a_fork() {
    ledger.others(8);
    PracticeLedger other = ledger.ledger().fork(ledger.ledger().size() - 6);
    ledger.start();
    while (other.size() < ledger.ledger().size() + 4) {
      other.register(ledger.statement("release", 1));
      other.sign();
    }
    ledger.simulated().inject(LedgerFaults.serve(other));

    assertThat(mail(Kind.LOG_FORK)).contains("Stop trusting this ledger");
    ledger.changed("Another statement stands where one was proven before.");
  }

  @Test
  void statement_that_is_not_the_one_of_its_receipt_is_told_and_the_true_one_judged_later() {
    ledger.others(2);
    ledger.start();
    PracticeTxId id = ledger.ledger().register(ledger.statement("malware", 1));
    LedgerFault mutated =
        (request, honest) ->
            ledger.ledger().receipt(id.seqno()).isEmpty()
                ? honest
                : LedgerFaults.mutated(ledger.ledger(), id, ledger.statement("release", 1))
                    .apply(request, honest);
    ledger.simulated().inject(mutated);
    ledger.ledger().sign();

    assertThat(mail(Kind.RECEIPT_INVALID)).contains("receipt: for another statement");
    ledger.others(1).awaitJudged();
    assertThat(ledger.program().findings(Kind.UNEXPECTED_SIGNATURE)).isEmpty();

    ledger.simulated().heal();
    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
  }

  @Test
  void statement_with_the_receipt_of_another_is_told() {
    ledger.others(2);
    PracticeTxId one = ledger.released("release", 1);
    PracticeTxId other = ledger.released("release", 1);
    ledger.simulated().inject(LedgerFaults.grafted(ledger.ledger(), other, one));
    ledger.start();

    assertThat(mail(Kind.RECEIPT_INVALID)).contains("receipt:", other.toString());
  }

  @Test
  void entry_that_was_proven_and_vanished_is_told() {
    ledger.others(2);
    PracticeTxId id = ledger.released("release", 1);
    ledger.others(2).start();

    ledger.simulated().inject(LedgerFaults.vanished(id));

    Alert alert = ledger.changed("An entry that was proven before is gone.").alert();
    assertThat(ledger.program().mail(alert)).contains(id.toString(), "TransactionInvalid");
  }

  @Test
  void entry_that_the_list_leaves_out_is_told() {
    ledger.others(2);
    PracticeTxId id = ledger.released("release", 1);
    ledger.others(2).start();

    ledger.simulated().inject(LedgerFaults.hidden(id));

    Alert alert = ledger.changed("The service's list leaves out an entry").alert();
    assertThat(ledger.program().mail(alert)).contains(id.toString());
    assertThat(ledger.program().findings()).hasSize(1);
  }

  @Test
  void entry_that_comes_late_into_a_closed_range_is_told_and_judged() {
    ledger.others(2);
    PracticeTxId id = ledger.released("malware", 1);
    ledger.simulated().inject(LedgerFaults.hidden(id));
    ledger.others(2).start();
    ledger.awaitTurns(2);
    assertThat(ledger.program().findings()).isEmpty();

    ledger.simulated().heal();

    Alert alert = ledger.changed("An entry came up in a range that was closed.").alert();
    assertThat(ledger.program().mail(alert)).contains(id.toString());
    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
  }

  @Test
  void recovery_that_lost_entries_is_told_once_its_key_is_accepted_and_reading_goes_on() {
    ledger.others(6);
    String old = ledger.ledger().service().kid();
    ledger.start();

    long size = ledger.ledger().size();
    ledger.ledger().truncate(size - 5);
    ledger.ledger().recover();
    ledger.ledger().open(true);
    ledger.others(6);
    PracticeTxId stolen = ledger.released("malware", 1);
    String recovered = ledger.ledger().service().kid();

    Alert keys = ledger.program().awaitFinding(Kind.SERVICE_KEYS_CHANGED).alert();
    assertThat(keys.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(ledger.program().mail(keys)).contains(recovered, "service-keys", "nobody vouches");
    ledger.changed("An entry that was proven before is gone.");
    ledger
        .program()
        .until("reading stops", () -> ledger.program().status().error().contains("vouches"));
    assertThat(ledger.program().findings(Kind.UNEXPECTED_SIGNATURE)).isEmpty();

    ledger.keys(old, recovered);
    ledger.program().restart();

    assertThat(
            field(
                ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE).alert().where(), "index"))
        .isEqualTo(Long.toString(stolen.seqno()));
    ledger
        .program()
        .until("all was looked at again", () -> ledger.book().state().orElseThrow().again() < 0);
  }

  @Test
  void key_that_is_shown_no_more_is_told() {
    ledger.others(2);
    String old = ledger.ledger().service().kid();
    ledger.start();
    ledger.ledger().recover();
    ledger.ledger().open(false);
    String recovered = ledger.ledger().service().kid();

    ledger
        .program()
        .until("both", () -> ledger.program().findings(Kind.SERVICE_KEYS_CHANGED).size() == 2);
    List<String> told =
        ledger.program().findings(Kind.SERVICE_KEYS_CHANGED).stream()
            .map(it -> it.alert().why() + field(it.alert().what(), "key"))
            .toList();
    assertThat(told)
        .anySatisfy(it -> assertThat(it).contains("shown no more", old))
        .anySatisfy(it -> assertThat(it).contains("nobody vouches", recovered));
  }

  @Test
  void key_that_the_operator_named_before_it_came_is_no_alarm() {
    ledger.others(2);
    String old = ledger.ledger().service().kid();
    PracticeLedger ledgers = ledger.ledger();
    ledger.start();
    ledgers.recover();
    ledgers.open(true);
    ledger.keys(old, ledgers.service().kid());
    ledger.program().restart();
    ledger.released("malware", 1);

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(ledger.program().findings(Kind.LOG_KEY_CHANGED))
        .singleElement()
        .satisfies(it -> assertThat(it.alert().severity()).isEqualTo(Severity.INFO));
  }

  @Test
  void policy_that_changed_is_told_with_both_policies() {
    ledger.start();
    ledger.awaitTurns(1);
    ledger
        .simulated()
        .inject(LedgerFaults.configuration("{\"policy\":{\"policyScript\":\"all\"}}"));

    Finding finding = ledger.program().awaitFinding(Kind.POLICY_CHANGED);
    assertThat(WholeProgram.evidence(finding, "policy-now.json")).contains("\"all\"");
    assertThat(WholeProgram.evidence(finding, "policy-before.json")).isNotEmpty();
    assertThat(ledger.program().mail(finding.alert())).contains("other rules than before");
  }

  @Test
  void policy_that_is_another_at_each_look_is_told_once_an_hour() {
    ledger.start();
    ledger.awaitTurns(1);
    AtomicInteger looks = new AtomicInteger();
    ledger
        .simulated()
        .inject((request, honest) ->
            LedgerFaults.configuration("{\"policy\":\"%d\"}".formatted(looks.incrementAndGet()))
                .apply(request, honest));
    ledger.program().awaitFinding(Kind.POLICY_CHANGED);
    ledger.awaitTurns(5);
    assertThat(ledger.program().findings()).hasSize(1);

    ledger.program().clock().pass(Duration.ofMinutes(61));
    ledger
        .program()
        .until("told again", () -> ledger.program().findings(Kind.POLICY_CHANGED).size() == 2);
  }

  @Test
  void pages_without_end_and_pages_elsewhere_are_refused_and_lead_nowhere() {
    ledger.others(3);
    ledger.simulated().inject(LedgerFaults.endlessPages().on(LedgerFault::lists));
    ledger.program().start();
    for (LedgerFault fault :
        List.of(
            LedgerFaults.endlessPages().on(LedgerFault::lists),
            LedgerFaults.nextPageIsThisOne().on(LedgerFault::lists),
            LedgerFaults.nextPageElsewhere(URI.create("http://elsewhere.invalid")))) {
      ledger.simulated().heal().inject(fault);
      ledger.awaitTurns(2);
      assertThat(ledger.program().status().error()).contains("nextLink");
    }
    assertThat(ledger.next()).isEqualTo(1);
    ledger.simulated().heal();
    ledger.awaitJudged();
    assertThat(ledger.program().findings()).isEmpty();
  }

  @Test
  void entry_that_is_never_ready_holds_up_no_other_and_is_told_once_it_lasts() {
    ledger.program().config().log("ready-within", "100ms").log("unreachable-after", "1m");
    PracticeTxId stuck = ledger.released("malware 1", 1);
    ledger.released("malware 2", 2);
    ledger.simulated().inject(LedgerFaults.neverReady().on(LedgerFault.entry(stuck)));
    ledger.start();

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    ledger.program().clock().pass(Duration.ofMinutes(2));
    Alert condition = ledger.program().awaitCondition(Kind.ENTRY_UNAVAILABLE);
    assertThat(ledger.program().mail(condition)).contains(stuck.toString(), "withheld");

    ledger.simulated().heal();
    ledger.program().awaitOver(Kind.ENTRY_UNAVAILABLE);
    assertThat(ledger.program().findings(Kind.UNEXPECTED_SIGNATURE)).hasSize(2);
  }

  @Test
  void redirect_without_end_and_body_without_end_cost_that_entry_only() {
    ledger.program().config().log("ready-within", "100ms");
    PracticeTxId looping = ledger.released("malware 1", 1);
    PracticeTxId huge = ledger.released("malware 2", 2);
    ledger.released("malware 3", 3);
    ledger
        .simulated()
        .inject(LedgerFaults.redirectLoop().on(LedgerFault.entry(looping)))
        .inject(LedgerFault.wire(WireFaults.flood(1L << 30)).on(LedgerFault.entry(huge)));
    ledger.start();

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(ledger.book().owedCount()).isEqualTo(2);
    ledger.simulated().heal();
    ledger
        .program()
        .until("all three", () -> ledger.program().findings(Kind.UNEXPECTED_SIGNATURE).size() == 3);
  }

  @Test
  void ledger_that_went_back_is_told_once_that_lasts() {
    ledger.program().config().log("rollback-after", "1m");
    ledger.others(6).start();
    PracticeLedger other = ledger.ledger().fork(ledger.ledger().size() - 4);
    other.sign();
    ledger
        .simulated()
        .inject(LedgerFaults.serve(other).on(path -> path.startsWith("/node/commit")));
    ledger.awaitTurns(3);
    assertThat(ledger.program().findings()).isEmpty();

    ledger.program().clock().pass(Duration.ofMinutes(2));

    assertThat(mail(Kind.LOG_ROLLBACK))
        .contains("is before one that it had committed", other.committed().toString());
  }

  @Test
  void service_without_the_list_or_the_newest_transaction_is_followed_as_far_as_it_goes() {
    ledger
        .simulated()
        .inject(
            LedgerFault.wire(WireFaults.status(404))
                .on(path -> path.contains("/commit") || path.startsWith("/configuration")));
    ledger.others(2).released("malware", 1);
    ledger.program().start();

    ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
  }
}
