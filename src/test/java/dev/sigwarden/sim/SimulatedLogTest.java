package dev.sigwarden.sim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.note.SignatureCheck;
import dev.sigwarden.note.SignedNote;
import dev.sigwarden.practice.PracticeLog;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedLogTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

  private final SimulatedLog log = new SimulatedLog(Clock.fixed(NOW, ZoneOffset.UTC), 2);
  private PlainReader reader;

  @BeforeEach
  void read_over_http() throws Exception {
    reader = PlainReader.of(log);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private void heal() throws Exception {
    assertThat(log.heal()).isSameAs(log);
    assertThat(reader.honest()).isTrue();
  }

  private boolean extendsTo(TreeHead older, PracticeLog history, TreeHead newer) {
    ConsistencyProof proof = Proofs.consistency(older.size(), newer.size(), history::node);
    return proof.holds(older, newer);
  }

  @Test
  void is_honest_at_every_size_without_faults() throws Exception {
    for (long size : new long[] {0, 1, 2, 255, 256, 257, 511, 512, 700}) {
      log.growTo(size);

      assertThat(reader.head().size()).isEqualTo(size);
      assertThat(reader.honest()).isTrue();
    }
    SignedNote note = SignedNote.parse(log.log().resource("checkpoint").orElseThrow());
    for (var witness : log.log().witnessKeys()) {
      assertThat(note.check(witness)).isEqualTo(new SignatureCheck.Valid(NOW));
    }
    assertThat(log.requests(Fault::checkpoint)).isPositive();
  }

  @Test
  void a_fork_is_a_whole_tree_that_does_not_extend_the_first() throws Exception {
    TreeHead first = log.growTo(300).log().headAt(300);
    for (long size : new long[] {300, 400}) {
      PracticeLog other = Histories.fork(log, 290, size);
      log.inject(Histories.serve(other));

      TreeHead head = reader.head();
      assertThat(reader.honest()).isTrue();
      assertThat(head.size()).isEqualTo(size);
      assertThat(head.root()).isNotEqualTo(log.growTo(size).log().headAt(size).root());
      assertThat(extendsTo(first, other, head)).isFalse();
      assertThat(extendsTo(log.log().headAt(290), other, head)).isTrue();
      heal();
    }
  }

  @Test
  void a_rollback_is_a_genuine_head_of_less() throws Exception {
    log.growTo(300).inject(Histories.rollback(log, 200));

    assertThat(reader.head()).isEqualTo(log.log().headAt(200));
    heal();
    assertThat(reader.head().size()).isEqualTo(300);
  }

  @Test
  void a_stale_head_stays_for_some_polls() throws Exception {
    log.growTo(10).inject(Histories.stale(log, 2)).growTo(20);

    // A head is read twice: for its signature and for its text.
    assertThat(reader.head().size()).isEqualTo(10);
    assertThat(reader.head().size()).isEqualTo(20);
  }

  @Test
  void two_heads_alternate_each_with_its_own_tiles() throws Exception {
    PracticeLog other = Histories.fork(log.growTo(300), 100, 300);
    log.inject(Histories.alternating(other));

    for (int round = 0; round < 2; round++) {
      byte[] honest = PlainReader.get(log.url(), "checkpoint").body();
      assertThat(honest).isEqualTo(log.log().resource("checkpoint").orElseThrow());
      assertThat(reader.fromTiles(300)).isEqualTo(log.log().headAt(300));
      byte[] lie = PlainReader.get(log.url(), "checkpoint").body();
      assertThat(lie).isEqualTo(other.resource("checkpoint").orElseThrow());
      assertThat(reader.fromTiles(300)).isEqualTo(other.headAt(300));
    }
  }

  @Test
  void a_head_can_move_while_entries_are_read() throws Exception {
    log.growTo(300).inject(Histories.growing(log, 100, Fault::bundles));

    TreeHead head = reader.head();
    assertThat(reader.fromBundles(300)).isEqualTo(head);
    assertThat(log.log().published()).isEqualTo(500);
    assertThat(reader.fromTiles(300)).isEqualTo(head);
    heal();
  }

  @Test
  void false_heads_are_well_signed_and_not_the_tree() throws Exception {
    log.growTo(300).inject(Histories.falseRoot(log));
    assertThat(reader.head().size()).isEqualTo(300);
    assertThat(reader.honest()).isFalse();
    heal();

    log.inject(Histories.falseSize(log, Long.MAX_VALUE));
    assertThat(reader.head().size()).isEqualTo(Long.MAX_VALUE);
    heal();
  }

  @Test
  void signatures_can_be_wrong_or_of_another_key() throws Exception {
    log.growTo(3).inject(Histories.badSignature());
    assertThat(reader.check("checkpoint")).isInstanceOf(SignatureCheck.Invalid.class);
    heal();

    log.inject(Histories.otherKey(NoteSigner.generate(SimulatedLog.ORIGIN)));
    assertThat(reader.check("checkpoint")).isInstanceOf(SignatureCheck.Absent.class);
    heal();
  }

  @Test
  void cosignatures_can_be_missing_or_of_another_time() throws Exception {
    log.growTo(3).inject(Histories.uncosigned(log));
    assertThat(witnessed()).hasOnlyElementsOfType(SignatureCheck.Absent.class).hasSize(2);
    assertThat(reader.honest()).isTrue();
    heal();

    Instant future = NOW.plusSeconds(86_400);
    log.inject(Histories.cosignedAt(log, future));
    assertThat(witnessed()).hasSize(2).containsOnly(new SignatureCheck.Valid(future));
    heal();
  }

  private List<SignatureCheck> witnessed() throws Exception {
    SignedNote note = SignedNote.parse(PlainReader.get(log.url(), "checkpoint").body());
    return log.log().witnessKeys().stream().map(note::check).toList();
  }
}
