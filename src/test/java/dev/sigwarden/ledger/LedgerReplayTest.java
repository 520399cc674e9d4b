package dev.sigwarden.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.Cbor;
import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.ScittForge;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.entry.x509.CertificateForge;
import dev.sigwarden.ledger.LedgerFolder.Outcome.Broken;
import dev.sigwarden.ledger.LedgerFolder.Outcome.Whole;
import dev.sigwarden.ledger.LedgerReplay.KeyChange;
import dev.sigwarden.ledger.LedgerTransaction.Write;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.PracticeLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerReplayTest {
  private static final ScittForge ISSUER = new ScittForge();

  @TempDir private Path folder;

  private final List<TxId> seen = new ArrayList<>();
  private final LedgerReplay replay = new LedgerReplay((at, statement) -> seen.add(at));
  private final LedgerForge forge = new LedgerForge();

  private static byte[] statement(String payload) throws Exception {
    return SignedStatement.parse(ISSUER.statement("app", payload)).message().toEmptied();
  }

  private LedgerFolder.Outcome replayed() throws IOException {
    write(1, forge.transactions());
    return new LedgerFolder(folder).replay(replay);
  }

  private void write(int from, int to) throws IOException {
    Files.write(
        folder.resolve("ledger_%d-%d.committed".formatted(from, to)), forge.file(from, to, true));
  }

  private void assertBroken(String because) throws IOException {
    assertThat(replayed())
        .isInstanceOfSatisfying(Broken.class, broken -> assertThat(broken.why()).contains(because));
  }

  @Test
  void entries_are_handed_on_and_counted_as_proven_once_a_root_covers_them() throws Exception {
    forge.entry(statement("1")).other().entry(statement("2")).sign().entry(statement("3"));

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(seen).containsExactly(new TxId(2, 2), new TxId(2, 4), new TxId(2, 6));
    assertThat(
            List.of(replay.entries(), replay.provenEntries(), replay.roots(), replay.coseRoots()))
        .containsExactly(3L, 2L, 1L, 1L);
    assertThat(replay.proven().orElseThrow().size()).isEqualTo(5);
    assertThat(replay.issuer()).isEqualTo(ScittForge.SERVICE);
    assertThat(replay.service()).contains(CoseKey.of(forge.service().getPublic()));
  }

  @Test
  void roots_of_every_size_are_those_of_the_definition() throws Exception {
    for (int i = 0; i < 40; i++) {
      forge.sign();
    }

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.roots()).isEqualTo(40);
  }

  @Test
  void files_are_replayed_in_order_and_shorter_copies_passed_over() throws Exception {
    forge.entry(statement("1")).sign().entry(statement("2")).sign();
    write(1, 3);
    write(4, 5);
    Files.write(folder.resolve("ledger_4"), forge.file(4, 4, false));
    Files.write(folder.resolve("ledger_6"), new byte[8]);
    Files.writeString(folder.resolve("ledger_1-3.committed.recovery"), "no ledger file");

    assertThat(new LedgerFolder(folder).replay(replay)).isEqualTo(new Whole(3));
    assertThat(replay.roots()).isEqualTo(2);
  }

  @Test
  void files_that_overlap_are_replayed_once_where_they_agree() throws Exception {
    forge.entry(statement("1")).sign().entry(statement("2")).sign().entry(statement("3")).sign();
    write(1, 3);
    write(1, 2);
    write(2, 5);
    write(3, 4);
    write(4, 7);

    assertThat(new LedgerFolder(folder).replay(replay)).isEqualTo(new Whole(3));
    assertThat(replay.transactions()).isEqualTo(7);
    assertThat(seen).containsExactly(new TxId(2, 2), new TxId(2, 4), new TxId(2, 6));
  }

  @Test
  void files_that_overlap_and_differ_stop_the_replay_whichever_is_longer() throws Exception {
    forge.entry(statement("1")).sign().entry(statement("2")).sign();
    LedgerForge other = new LedgerForge().entry(statement("1")).sign().entry(statement("3")).sign();
    for (int[] range : new int[][] {{3, 4}, {2, 5}, {1, 3}}) {
      write(1, 5);
      Path file = folder.resolve("ledger_%d-%d.committed".formatted(range[0], range[1]));
      Files.write(file, other.file(range[0], range[1], true));
      if (range[0] == 2) {
        Files.delete(folder.resolve("ledger_1-5.committed"));
        write(1, 4);
      }

      assertThat(new LedgerFolder(folder).replay(new LedgerReplay((_, _) -> {})))
          .isInstanceOfSatisfying(
              Broken.class,
              broken -> {
                assertThat(broken.file()).isEqualTo(file.getFileName().toString());
                assertThat(broken.why()).contains("is not the one that ledger_1-");
              });
      Files.delete(file);
      Files.deleteIfExists(folder.resolve("ledger_1-4.committed"));
    }
  }

  @Test
  void file_that_is_being_written_and_was_taken_back_since_says_nothing() throws Exception {
    forge.entry(statement("1")).sign();
    LedgerForge other = new LedgerForge().entry(statement("9"));
    write(1, 3);
    Files.write(folder.resolve("ledger_2"), other.file(2, 2, false));

    assertThat(new LedgerFolder(folder).replay(replay)).isEqualTo(new Whole(1));
  }

  @Test
  void file_that_is_missing_or_is_called_otherwise_stops_the_replay() throws Exception {
    forge.sign().entry(statement("1")).sign();
    write(1, 2);
    write(4, 4);
    assertThat(new LedgerFolder(folder).replay(replay))
        .isEqualTo(new Broken("ledger_4-4.committed", "begins at 4 (expected: 3)"));

    Files.delete(folder.resolve("ledger_4-4.committed"));
    Files.write(folder.resolve("ledger_3-9.committed"), forge.file(3, 4, true));
    assertThat(new LedgerFolder(folder).replay(new LedgerReplay((at, entry) -> {})))
        .isEqualTo(new Broken("ledger_3-9.committed", "ends at 4 (expected: 9)"));

    Files.delete(folder.resolve("ledger_3-9.committed"));
    Files.write(folder.resolve("ledger_3-4.committed"), forge.file(3, 4, false));
    assertThat(new LedgerFolder(folder).replay(new LedgerReplay((at, entry) -> {})))
        .isEqualTo(new Broken("ledger_3-4.committed", "is called committed and was not finished"));
  }

  @Test
  void file_that_is_being_written_may_end_anywhere() throws Exception {
    forge.entry(statement("1")).sign();
    byte[] file = forge.file(1, 3, false);
    for (int length = 8; length <= file.length; length += 97) {
      Files.write(folder.resolve("ledger_1"), java.util.Arrays.copyOf(file, length));

      assertThat(new LedgerFolder(folder).replay(new LedgerReplay((at, entry) -> {})))
          .isEqualTo(new Whole(1));
    }
  }

  @Test
  void folder_without_a_ledger_is_no_ledger() throws Exception {
    assertThat(new LedgerFolder(folder).replay(replay)).isInstanceOf(Broken.class);
  }

  @Test
  void entry_that_is_not_the_one_claimed_stops_the_replay() throws Exception {
    forge.entry(statement("1"), new byte[32]);

    assertBroken("an entry that is not the one that its claims digest is of");
    assertThat(seen).isEmpty();
  }

  @Test
  void root_of_another_history_stops_the_replay() throws Exception {
    LedgerForge other = new LedgerForge().entry(statement("other"));
    forge.entry(statement("1")).sign(other.root(), forge.service(), forge.service());

    assertBroken("a signature over root " + other.root());
  }

  @Test
  void signature_of_a_strange_node_or_service_stops_the_replay() throws Exception {
    forge.sign(forge.root(), ScittForge.ec("secp384r1"), forge.service());
    assertBroken("a signature that is not that of node");
  }

  @Test
  void recovery_is_followed_where_the_new_key_endorses_the_old_one() throws Exception {
    forge.entry(statement("1")).sign().recover(true).sign().entry(statement("2")).sign();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.viewChanges()).containsExactly(new TxId(4, 4));
    assertThat(replay.keyChanges())
        .containsExactly(
            new KeyChange(
                new TxId(4, 4), CoseKey.of(forge.service().getPublic()).spkiSha256(), true));
    assertThat(replay.roots()).isEqualTo(3);
  }

  @Test
  void new_key_that_endorses_nothing_is_told_from_one_that_does() throws Exception {
    forge.sign().recover(false).sign();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.keyChanges()).singleElement().matches(change -> !change.endorses());
  }

  @Test
  void endorsement_counts_when_the_service_opens_again_long_after_its_recovery() throws Exception {
    forge.sign().recover(false).sign().other().sign().open().sign();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.keyChanges()).singleElement().matches(KeyChange::endorses);
    assertThat(replay.keyChanges().getFirst().at()).isEqualTo(new TxId(4, 3));
  }

  @Test
  void endorsement_of_or_by_a_strange_key_is_none() throws Exception {
    KeyPair before = forge.service();
    KeyPair strange = ScittForge.ec("secp384r1");
    forge.sign().recover(false).sign();
    forge.endorse(strange, forge.service()).endorse(before, strange).sign();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.keyChanges()).singleElement().matches(change -> !change.endorses());
  }

  @Test
  void later_endorsement_is_of_the_newest_change_alone() throws Exception {
    forge.sign().recover(false).sign().recover(false).sign().open();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.keyChanges()).extracting(KeyChange::endorses).containsExactly(false, true);
  }

  @Test
  void key_that_the_ledger_only_names_has_proven_nothing() throws Exception {
    forge.entry(statement("1")).signByNode();

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.service()).isPresent();
    assertThat(replay.signer()).isEmpty();
    assertThat(List.of(replay.provenEntries(), replay.serviceEntries())).containsExactly(1L, 0L);
  }

  @Test
  void node_stands_for_the_service_that_issued_its_certificate() throws Exception {
    PracticeLedger ledger =
        new PracticeLedger("ledger.example", Clock.systemUTC(), new SecureRandom());
    ledger.register(statement("1"));
    ledger.signByNode();
    replay(ledger);
    CoseKey service = CoseKey.of(ledger.service().certificate().getPublicKey());
    assertThat(replay.signer()).contains(service);
    assertThat(List.of(replay.serviceEntries(), replay.coseRoots())).containsExactly(1L, 2L);

    // The certificate of another service, and its node's, say nothing for this one.
    PracticeLedger stranger =
        new PracticeLedger("ledger.example", Clock.systemUTC(), new SecureRandom());
    NodeKey node = NodeKey.of(pem(ledger));
    assertThat(node.isCertifiedBy(service)).isTrue();
    assertThat(node.isCertifiedBy(CoseKey.of(stranger.service().certificate().getPublicKey())))
        .isFalse();
    assertThat(NodeKey.of(pem(stranger)).isCertifiedBy(service)).isFalse();
  }

  private void replay(PracticeLedger ledger) throws IOException {
    for (Map.Entry<String, byte[]> file : ledger.files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    assertThat(new LedgerFolder(folder).replay(replay)).isInstanceOf(Whole.class);
  }

  private static byte[] pem(PracticeLedger of) throws Exception {
    return CertificateForge.pem("CERTIFICATE", of.service().nodeCertificate().getEncoded())
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void root_covers_no_statement_of_its_own_transaction() throws Exception {
    forge.entry(statement("1")).signWithEntry(statement("2"));

    assertThat(replayed()).isEqualTo(new Whole(1));
    assertThat(replay.signer()).contains(CoseKey.of(forge.service().getPublic()));
    assertThat(List.of(replay.entries(), replay.provenEntries(), replay.serviceEntries()))
        .containsExactly(2L, 1L, 1L);
  }

  @Test
  void key_that_changes_more_often_than_is_remembered_stops_the_replay() {
    List<byte[]> services =
        Stream.generate(() -> LedgerForge.pem(ScittForge.ec("secp384r1")))
            .limit(2)
            .map(pem -> LedgerForge.json("cert", pem))
            .toList();
    for (int at = 1; at <= 1_001; at++) {
      assertThat(replay.take(names(services.get(at % 2), new TxId(at, at)))).isEmpty();
    }

    assertThat(replay.keyChanges()).hasSize(1_000);
    assertThat(replay.take(names(services.get(0), new TxId(1_002, 1_002))))
        .contains("transaction 1002.1002: over 1000 changes of the service's key");
    assertThat(replay.viewChanges()).hasSize(1_000);
    assertThat(replay.views()).isEqualTo(1_001);
  }

  private static LedgerTransaction names(byte[] service, TxId at) {
    Write write =
        new Write(
            "public:ccf.gov.service.info", Cbor.Bytes.of(new byte[8]), Cbor.Bytes.of(service));
    return new LedgerTransaction(at, Hash.of(new byte[32]), Optional.empty(), List.of(write));
  }

  @Test
  void view_that_goes_back_stops_the_replay() throws Exception {
    forge.nextView(3);
    forge.sign();
    forge.nextView(-1);
    forge.other();

    assertBroken("view 4 behind view 5");
  }

  @Test
  void names_of_files_are_read_in_their_one_form() {
    assertThat(ChunkName.parse("ledger_1-14.committed").orElseThrow().to()).hasValue(14);
    assertThat(ChunkName.parse("ledger_494").orElseThrow().to()).isEmpty();
    for (String other :
        List.of(
            "ledger_1-14",
            "ledger_1.committed",
            "ledger_01-14.committed",
            "ledger_14-1.committed",
            "ledger_1-14.committed.recovery",
            "snapshot_1_2.committed",
            "ledger_")) {
      assertThat(ChunkName.parse(other)).as(other).isEmpty();
    }
  }
}
