package dev.sigwarden.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.alert.Alert;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.alert.Kind;
import dev.sigwarden.practice.PracticeLedger;
import dev.sigwarden.practice.PracticeTxId;
import dev.sigwarden.sim.LedgerFault;
import dev.sigwarden.sim.LedgerFaults;
import dev.sigwarden.sim.WireFaults;
import dev.sigwarden.store.LedgerReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The files of a ledger are replayed and compared with what its service says.
class LedgerFilesIT {
  @TempDir private Path folder;

  private LedgerProgram ledger;

  @BeforeEach
  void set_up() {
    ledger = new LedgerProgram(folder);
    ledger.allow("release");
    ledger
        .program()
        .config()
        .log("files", "{url: \"%s\", folder: copy}".formatted(ledger.simulated().filesUrl()));
  }

  @AfterEach
  void close() {
    ledger.close();
  }

  private void awaitProven(int receipts) {
    ledger
        .program()
        .until(
            "all receipts proven",
            () ->
                ledger.book().receipts().size() >= receipts
                    && ledger.book().receipts().stream().allMatch(LedgerReceipt::proven));
  }

  @Test
  void files_of_an_honest_ledger_prove_every_receipt_and_raise_nothing() {
    ledger.others(3);
    ledger.ledger().seal();
    ledger.others(2).released("release", 1);
    ledger.ledger().seal();
    ledger.start();

    awaitProven(6);
    // Written down before it is said.
    ledger.program().until("proven head", () -> ledger.program().status().provenHead().isPresent());
    assertThat(ledger.program().findings()).isEmpty();
    ledger.program().restart();
    ledger.others(1);
    ledger.ledger().seal();
    awaitProven(7);
    assertThat(ledger.program().findings()).isEmpty();
  }

  @Test
  void entry_that_the_list_hides_is_told_and_judged_from_the_files() {
    ledger.others(1);
    PracticeTxId stolen = ledger.released("malware", 1);
    ledger.simulated().inject(LedgerFaults.hidden(stolen));
    ledger.others(1).start();
    ledger.awaitTurns(2);
    assertThat(ledger.program().findings()).isEmpty();

    ledger.ledger().seal();

    Alert hidden = ledger.changed("hold an entry that the service's list hides").alert();
    assertThat(ledger.program().mail(hidden))
        .contains(stolen.toString(), "which the list leaves out");
    Finding finding = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(stolen.seqno());
  }

  @Test
  void entry_that_the_files_lack_is_told() {
    ledger.others(1);
    byte[] statement = ledger.statement("release", 1);
    PracticeLedger files = ledger.ledger().fork(ledger.ledger().size());
    PracticeTxId id = ledger.ledger().register(statement);
    ledger.ledger().sign();
    files.other();
    files.seal();
    ledger.simulated().inject(LedgerFaults.copied(it -> it, files));
    ledger.start();

    assertThat(ledger.program().mail(ledger.changed("lack an entry").alert()))
        .contains(id.toString());
    assertThat(ledger.program().mail(ledger.program().awaitFinding(Kind.LOG_FORK).alert()))
        .contains("the files have root");
  }

  @Test
  void downloads_that_are_cut_go_on_where_they_ended() {
    ledger.others(20);
    ledger.ledger().seal();
    ledger.simulated().inject(LedgerFaults.cutDownloads(5_000, 3));
    ledger.start();

    awaitProven(20);
    assertThat(ledger.program().findings()).isEmpty();
  }

  @Test
  void file_with_other_bytes_than_before_is_told() {
    ledger.others(2);
    ledger.ledger().seal();
    ledger.start();
    awaitProven(2);
    String name = ledger.simulated().copied().firstKey();

    ledger.simulated().inject(LedgerFaults.reissued(ledger.ledger(), name));

    assertThat(ledger.program().mail(ledger.changed("A file of the ledger").alert()))
        .contains(name.replace(".", "[.]"));
  }

  @Test
  void file_that_breaks_the_ledgers_rules_is_told_after_a_second_download() {
    ledger.others(2);
    ledger.ledger().seal();
    String name = ledger.simulated().copied().firstKey();
    ledger.simulated().inject(LedgerFaults.reissued(ledger.ledger(), name));
    ledger.start();

    assertThat(ledger.program().mail(ledger.changed("A file of the ledger").alert()))
        .contains(name.replace(".", "[.]"));
    assertThat(ledger.simulated().requests(path -> path.equals("/ledger/" + name)))
        .isGreaterThan(1);
  }

  @Test
  void file_of_more_than_any_signature_covers_is_told_and_not_held_in_memory() {
    ledger.others(2);
    ledger.ledger().seal();
    PracticeLedger flood = ledger.ledger().fork(ledger.ledger().size());
    for (int i = 0; i < 5; i++) {
      flood.register(new byte[7 << 20]);
    }
    TreeMap<String, byte[]> files = new TreeMap<>();
    files.put("ledger_1-%d.committed".formatted(flood.size()), flood.file(1, flood.size(), true));
    ledger.simulated().inject(LedgerFaults.copied(_ -> files, ledger.ledger()));
    ledger.start();

    assertThat(ledger.program().mail(ledger.changed("A file of the ledger").alert()))
        .contains("that nothing signed covers");
  }

  @Test
  void file_that_is_missing_between_others_is_told_once_it_lasts() {
    ledger.others(2);
    ledger.ledger().seal();
    String first = ledger.simulated().copied().lastKey();
    ledger.others(2);
    ledger.ledger().seal();
    ledger
        .simulated()
        .inject(
            LedgerFaults.copied(
                files -> {
                  files.remove(first);
                  return files;
                },
                ledger.ledger()));
    ledger.start();
    ledger.awaitTurns(2);
    ledger.program().clock().pass(Duration.ofMinutes(11));

    Alert told = ledger.program().awaitCondition(Kind.LOG_UNREACHABLE);
    assertThat(WholeProgram.field(told.what(), "last-error"))
        .contains("none has transaction 1 (expected: one before ledger_");
    ledger.simulated().heal();
    ledger.program().awaitOver(Kind.LOG_UNREACHABLE);
    awaitProven(4);
    assertThat(ledger.program().findings()).isEmpty();
  }

  @Test
  void overlapping_and_unfinished_files_are_no_trouble() {
    ledger.others(4);
    ledger.ledger().seal();
    ledger.others(4);
    ledger.ledger().seal();
    ledger.others(1);
    long end = ledger.ledger().committed().seqno();
    ledger.simulated().inject(LedgerFaults.inProgress(ledger.ledger()));
    ledger.start();
    awaitProvenButTheLast(8);
    ledger.simulated().heal().inject(LedgerFaults.overlapping(ledger.ledger(), 3, end));

    awaitProven(9);
    assertThat(ledger.program().findings()).isEmpty();
  }

  private void awaitProvenButTheLast(int receipts) {
    ledger
        .program()
        .until(
            "receipts of finished files proven",
            () ->
                ledger.book().receipts().stream().filter(LedgerReceipt::proven).count()
                    >= receipts);
  }

  @Test
  void overlapping_file_of_another_history_is_told() {
    ledger.others(4);
    ledger.ledger().seal();
    PracticeLedger other = ledger.ledger().fork(ledger.ledger().size() - 5);
    while (other.size() < ledger.ledger().size() + 3) {
      other.other();
    }
    other.seal();
    ledger.start();
    awaitProven(4);

    ledger
        .simulated()
        .inject(
            LedgerFaults.copied(
                files -> {
                  TreeMap<String, byte[]> both = new TreeMap<>(ledger.simulated().copied());
                  both.put(
                      "ledger_3-%d.committed".formatted(other.size()),
                      other.file(3, other.size(), true));
                  return both;
                },
                ledger.ledger()));

    assertThat(ledger.program().mail(ledger.changed("A file of the ledger").alert()))
        .contains("is another one than in the file before");
  }

  @Test
  void key_that_the_files_endorse_is_believed_without_the_operator() {
    ledger.others(2);
    ledger.ledger().seal();
    ledger.start();
    awaitProven(2);
    ledger.ledger().recover();
    ledger.ledger().open(true);
    PracticeTxId stolen = ledger.released("malware", 1);
    ledger.ledger().seal();

    Finding finding = ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE);
    assertThat(finding.index()).isEqualTo(stolen.seqno());
    // Read between the recovery and its first statement, the service shows the old key no more and
    // then again, which is told too.
    ledger
        .program()
        .until(
            "endorsed",
            () ->
                ledger.program().findings(Kind.LOG_KEY_CHANGED).stream()
                    .anyMatch(told -> told.alert().why().contains("go on from the old one")));
  }

  @Test
  void service_without_a_list_is_read_from_its_files() {
    ledger.simulated().inject(LedgerFault.wire(WireFaults.status(404)).on(LedgerFault::lists));
    ledger.others(2);
    PracticeTxId stolen = ledger.released("malware", 1);
    ledger.ledger().seal();
    ledger.program().start();

    assertThat(ledger.program().awaitFinding(Kind.UNEXPECTED_SIGNATURE).index())
        .isEqualTo(stolen.seqno());
    ledger.program().assertToldOf(ledger.program().findings().getFirst().alert());
    assertThat(ledger.program().findings()).hasSize(1);
    assertThat(ledger.program().conditionKinds()).isEqualTo(List.of());
  }
}
