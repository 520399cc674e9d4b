package dev.sigwarden.practice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.ReceiptCheck;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.ReceiptVerdict.Proven;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.SignerVerdict;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.ledger.LedgerFolder;
import dev.sigwarden.ledger.LedgerFolder.Outcome.Whole;
import dev.sigwarden.ledger.LedgerReplay;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PracticeLedgerTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final PracticeIssuer ISSUER =
      PracticeIssuer.of("Acme", Algorithm.ES384, CLOCK, RANDOM);

  @TempDir private Path folder;

  private final PracticeLedger ledger = new PracticeLedger("ledger.example", CLOCK, RANDOM);

  private static byte[] statement(int number) {
    return ISSUER.statement("app", number, "text/plain", ("payload " + number).getBytes(UTF_8));
  }

  private static ReceiptVerdict checked(PracticeLedger ledger, long seqno) throws Exception {
    List<ReceiptKeys.Entry> keys = new ArrayList<>();
    for (PracticeService service : ledger.published()) {
      keys.add(
          new ReceiptKeys.Entry(CoseKey.ofSpki(service.spki()), ledger.host(), Optional.empty()));
    }
    SignedStatement statement = SignedStatement.parse(ledger.transparent(seqno).orElseThrow());
    return new ReceiptCheck(ReceiptKeys.of(keys), LeafForm.DIGEST)
        .check(statement, statement.receipts().getFirst().toBytes());
  }

  private LedgerReplay replayed(PracticeLedger of) throws IOException {
    for (Map.Entry<String, byte[]> file : of.files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    LedgerReplay replay = new LedgerReplay((_, _) -> {});
    assertThat(new LedgerFolder(folder).replay(replay)).isInstanceOf(Whole.class);
    assertThat(replay.transactions()).isEqualTo(of.size());
    return replay;
  }

  @Test
  void receipts_hold_at_every_place_in_trees_of_every_size() throws Exception {
    List<PracticeTxId> ids = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      ids.add(ledger.register(statement(i)));
      if (i % 3 == 0) {
        ledger.sign();
      }
    }
    ledger.sign();

    for (PracticeTxId id : ids) {
      assertThat(checked(ledger, id.seqno()))
          .as(id.toString())
          .isInstanceOfSatisfying(
              Proven.class,
              proven ->
                  assertThat(proven.position())
                      .isInstanceOfSatisfying(
                          ReceiptVerdict.Position.Transaction.class,
                          at -> assertThat(at.registered()).isEqualTo(txId(id))));
    }
  }

  private static TxId txId(PracticeTxId id) {
    return new TxId(id.view(), id.seqno());
  }

  @ParameterizedTest
  @EnumSource(Algorithm.class)
  void statements_hold_by_every_algorithm(Algorithm algorithm) throws Exception {
    PracticeIssuer issuer = PracticeIssuer.of("Acme", algorithm, CLOCK, RANDOM);
    SignerCheck signers = new SignerCheck(List.of());

    for (byte[] statement :
        List.of(
            issuer.statement("app", 3, "text/plain", new byte[] {1}),
            issuer.envelope("app", 3, new byte[] {1}))) {
      SignedStatement parsed = SignedStatement.parse(statement);
      assertThat(signers.check(parsed)).isInstanceOf(SignerVerdict.Verified.class);
      assertThat(parsed.claims().subject()).isEqualTo("app");
      assertThat(parsed.claims().svn()).hasValue(3);
    }
    byte[] lie = issuer.claiming(ISSUER.did()).statement("app", 3, "text/plain", new byte[] {1});
    assertThat(signers.check(SignedStatement.parse(lie))).isInstanceOf(SignerVerdict.Refused.class);
  }

  @Test
  void files_are_cut_where_the_ledger_says_and_replay_whole() throws Exception {
    ledger.register(statement(1));
    ledger.seal();
    ledger.elect().register(statement(2));
    ledger.sign();
    ledger.register(statement(3));

    assertThat(ledger.files()).containsOnlyKeys("ledger_1-6.committed", "ledger_7");
    LedgerReplay replay = replayed(ledger);
    assertThat(List.of(replay.entries(), replay.provenEntries(), replay.coseRoots()))
        .containsExactly(3L, 2L, 4L);
    assertThat(replay.issuer()).isEqualTo("ledger.example");
  }

  @Test
  void recovery_with_and_without_endorsement_is_what_a_replay_says_it_is() throws Exception {
    PracticeTxId old = ledger.register(statement(1));
    ledger.seal();
    ledger.recover();
    ledger.open(true);
    ledger.register(statement(2));
    ledger.sign();

    assertThat(replayed(ledger).keyChanges())
        .singleElement()
        .matches(LedgerReplay.KeyChange::endorses);
    assertThat(ledger.published()).hasSize(2);
    assertThat(checked(ledger, old.seqno())).isInstanceOf(Proven.class);

    PracticeLedger strange = ledger.fork(ledger.size());
    strange.seal();
    strange.recover();
    strange.open(false);
    assertThat(strange.published()).hasSize(1);
    assertThat(replayed(strange).keyChanges())
        .extracting(LedgerReplay.KeyChange::endorses)
        .containsExactly(true, false);
  }

  @Test
  void fork_signs_another_root_in_the_same_transaction() throws Exception {
    PracticeTxId shared = ledger.register(statement(1));
    PracticeLedger fork = ledger.fork(shared.seqno());
    ledger.register(statement(2));
    fork.register(statement(3));

    assertThat(ledger.sign()).isEqualTo(fork.sign());
    assertThat(checked(ledger, shared.seqno()))
        .isInstanceOfSatisfying(
            Proven.class,
            one ->
                assertThat(other(fork, shared))
                    .isInstanceOfSatisfying(
                        Proven.class,
                        two -> {
                          assertThat(two.position()).isEqualTo(one.position());
                          assertThat(two.head()).isNotEqualTo(one.head());
                        }));
  }

  private static ReceiptVerdict other(PracticeLedger fork, PracticeTxId id) {
    try {
      return checked(fork, id.seqno());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void history_from_before_a_recovery_goes_on_with_the_older_key() throws Exception {
    PracticeTxId old = ledger.register(statement(1));
    ledger.seal();
    String before = ledger.service().kid();
    long kept = ledger.size();
    PracticeTxId recovered = ledger.recover();
    ledger.open(true);

    PracticeLedger fork = ledger.fork(kept);
    fork.register(statement(2));
    fork.sign();
    assertThat(fork.service().kid()).isEqualTo(before);
    assertThat(fork.published()).hasSize(1);
    assertThat(replayed(fork).keyChanges()).isEmpty();
    assertThat(checked(fork, old.seqno())).isInstanceOf(Proven.class);
    assertThat(ledger.fork(recovered.seqno()).published())
        .as("the endorsement is behind the fork")
        .hasSize(1);
  }

  @Test
  void truncated_ledger_grows_on_in_another_history() throws Exception {
    PracticeTxId kept = ledger.register(statement(1));
    ledger.seal();
    ledger.register(statement(2));
    ledger.sign();
    ledger.truncate(kept.seqno() + 1);
    ledger.recover();
    ledger.open(true);
    PracticeTxId after = ledger.register(statement(3));
    ledger.sign();

    assertThat(after.view()).isEqualTo(kept.view() + 2);
    assertThat(replayed(ledger).entries()).isEqualTo(2);
    assertThat(checked(ledger, kept.seqno())).isInstanceOf(Proven.class);
  }
}
