package dev.sigwarden.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.CcfConsistency;
import dev.sigwarden.cose.GrowingConsistency;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.practice.PracticeLedger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Proofs that a replayed ledger continues itself, between roots that its service signed.
class LedgerConsistencyTest {
  private static final int TRANSACTIONS = 70;

  @TempDir private Path folder;

  private final Map<Long, TreeHead> signed = new TreeMap<>();
  private final List<Hash> leaves = new ArrayList<>();
  private LedgerReplay replay;

  /// A ledger of which nearly every tree was signed, replayed.
  @BeforeEach
  void set_up() throws Exception {
    PracticeLedger ledger =
        new PracticeLedger("ledger.example", Clock.systemUTC(), new SecureRandom());
    while (ledger.size() < TRANSACTIONS - 1) {
      ledger.sign();
    }
    ledger.seal();
    byte[] file = ledger.file(1, TRANSACTIONS, true);
    Files.write(folder.resolve("ledger_1-%d.committed".formatted(TRANSACTIONS)), file);
    replay = replayed();
    ChunkReader reader =
        new ChunkReader(new ByteArrayInputStream(file), file.length, LedgerReplay.TABLES);
    for (Optional<LedgerTransaction> next = reader.next(); next.isPresent(); next = reader.next()) {
      leaves.add(next.get().leaf());
    }
  }

  private LedgerReplay replayed() throws IOException {
    LedgerReplay fresh =
        new LedgerReplay(
            new LedgerReplay.Listener() {
              @Override
              public void entry(TxId at, byte[] statement) {}

              @Override
              public void root(TxId at, TreeHead head, boolean byService) {
                signed.put(head.size(), head);
              }
            });
    assertThat(new LedgerFolder(folder).replay(fresh)).isEqualTo(new LedgerFolder.Outcome.Whole(1));
    return fresh;
  }

  /// The tree of the first transactions, `size` leaves with the one before them.
  private LedgerTree tree(long size) {
    LedgerTree tree = new LedgerTree();
    leaves.subList(0, (int) size - 1).forEach(tree::append);
    return tree;
  }

  @Test
  void proof_from_each_signed_root_to_each_later_one_holds_between_these_two_only()
      throws Exception {
    assertThat(signed).hasSizeGreaterThan(TRANSACTIONS - 5);
    for (TreeHead older : signed.values()) {
      GrowingConsistency growing = tree(older.size()).consistency();
      TreeHead before = older;
      for (long size = older.size() + 1; size <= TRANSACTIONS; size++) {
        growing.append(leaves.get((int) size - 2));
        TreeHead newer = signed.get(size);
        if (newer == null) {
          continue;
        }
        CcfConsistency proof = CcfConsistency.parse(growing.proof().toBytes());

        assertThat(proof.holds(older, newer)).as("%s to %s", older, newer).isTrue();
        assertThat(proof.holds(before, newer)).isEqualTo(before.equals(older));
        assertThat(proof.holds(older, before)).isFalse();
        before = newer;
      }
    }
  }

  @Test
  void proof_with_any_byte_altered_is_refused() {
    GrowingConsistency growing = tree(38).consistency();
    leaves.subList(37, 68).forEach(growing::append);
    byte[] proof = growing.proof().toBytes();
    assertThat(holds(proof)).isTrue();

    for (int at = 0; at < proof.length; at++) {
      proof[at] ^= 1;
      assertThat(holds(proof)).as("byte %d", at).isFalse();
      proof[at] ^= 1;
    }
  }

  private boolean holds(byte[] proof) {
    try {
      TreeHead newer = new TreeHead(69, tree(69).root());
      return CcfConsistency.parse(proof).holds(new TreeHead(38, tree(38).root()), newer);
    } catch (MalformedCoseException _) {
      return false;
    }
  }

  @Test
  void replay_proves_that_the_newest_signed_root_continues_the_first() {
    LedgerReplay.Continuity found = replay.continuity().orElseThrow();

    assertThat(found.older().size()).isEqualTo(2);
    assertThat(found.older()).isEqualTo(signed.get(2L));
    assertThat(found.newer().size()).isEqualTo(TRANSACTIONS);
    assertThat(Optional.of(found.newer())).isEqualTo(replay.proven());
    assertThat(found.proof().holds(found.older(), found.newer())).isTrue();
  }

  @Test
  void one_signed_root_continues_nothing() throws IOException {
    LedgerForge forge = new LedgerForge().other().sign().other();
    int last = forge.transactions();
    Files.delete(folder.resolve("ledger_1-%d.committed".formatted(TRANSACTIONS)));
    Files.write(folder.resolve("ledger_1-%d.committed".formatted(last)), forge.file(1, last, true));

    LedgerReplay one = replayed();

    assertThat(one.roots()).isEqualTo(1);
    assertThat(one.continuity()).isEmpty();
  }
}
