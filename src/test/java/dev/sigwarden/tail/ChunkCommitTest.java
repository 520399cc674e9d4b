package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.TestClock;
import dev.sigwarden.alert.Evidence;
import dev.sigwarden.alert.Finding;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.merkle.LeafHashes;
import dev.sigwarden.merkle.TreeHasher;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.store.Coverage;
import dev.sigwarden.store.Filing;
import dev.sigwarden.store.Observation;
import dev.sigwarden.store.Position;
import dev.sigwarden.store.SeenHead;
import dev.sigwarden.store.StaleStateException;
import dev.sigwarden.store.Store;
import dev.sigwarden.store.StoreSamples;
import dev.sigwarden.store.View;
import dev.sigwarden.verify.ChunkProof;
import dev.sigwarden.watch.Verdict;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkCommitTest {
  private static final long FROM = 5;
  private static final long SIZE = 12;

  @TempDir private Path folder;
  private final TestClock clock = new TestClock();
  private final PracticeLog log = new PracticeLog(NoteSigner.generate("log.example"), clock);
  private Store store;
  private View view;

  @BeforeEach
  void open() throws StaleStateException {
    for (long index = 0; index < SIZE; index++) {
      log.append(("entry " + index).getBytes(StandardCharsets.UTF_8));
    }
    store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
    SeenHead head = new SeenHead(log.headAt(SIZE), "note", clock.instant());
    view = new View(0, head, Position.of(log.rangeAt(FROM)));
    store.begin("rekor", "log.example", view);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private ChunkCommit commit() {
    Leaves.Builder leaves = new Leaves.Builder(FROM, (int) (SIZE - FROM));
    LeafHashes hashes = new LeafHashes((int) (SIZE - FROM));
    TreeHasher hasher = new TreeHasher();
    for (long index = FROM; index < SIZE; index++) {
      byte[] entry = log.entry(index);
      leaves.add(entry, 0, entry.length);
      hashes.hash((int) (index - FROM), hasher, entry, 0, entry.length);
    }
    return new ChunkCommit(
        "rekor",
        store::commit,
        view,
        new ProvenChunk(
            new JudgedLeaves(leaves.build(), hashes, List.of()),
            ChunkProof.append(view.position().toRange(), hashes)),
        Coverage.UNKNOWN);
  }

  private static Observation observation(long index, int bytes) {
    Observation sample = StoreSamples.observation(index, "acme", new Verdict.Expected("listed"));
    return StoreSamples.ofEntry(sample, sample.format(), new byte[bytes]);
  }

  private static Filing filing(long index, int bytes) {
    Finding sample = StoreSamples.finding("swf_" + index);
    Evidence evidence = new Evidence("entry.bin", new byte[bytes]);
    return new Filing(new Finding(sample.alert(), 0, index, List.of(evidence)), List.of("soc"));
  }

  @Test
  void part_of_a_chunk_moves_the_position_to_a_prefix_of_the_signed_tree() throws Exception {
    for (long middle = FROM; middle <= SIZE; middle++) {
      close();
      folder.resolve("test.db").toFile().delete();
      store = Store.open("sqlite:" + folder.resolve("test.db"), clock);
      store.begin("rekor", "log.example", view);
      ChunkCommit commit = commit();

      commit.writeUpTo(middle);
      assertThat(store.views("rekor").getFirst().position().head()).isEqualTo(log.headAt(middle));
      commit.writeUpTo(SIZE);

      assertThat(store.views("rekor")).containsExactly(commit.view());
      assertThat(commit.view().position().head()).isEqualTo(log.headAt(SIZE));
    }
  }

  @Test
  void what_was_added_is_written_once_with_the_part_that_it_belongs_to() throws Exception {
    ChunkCommit commit = commit();
    commit.add(observation(6, 10));
    commit.add(filing(6, 10));
    assertThat(commit.writeUpTo(7)).hasSize(1);
    assertThat(store.findings(10)).extracting(Finding::index).containsExactly(6L);
    commit.add(filing(9, 10));

    assertThat(commit.writeUpTo(SIZE)).extracting(it -> it.finding().index()).containsExactly(9L);

    assertThat(store.findings(10)).extracting(Finding::index).containsExactlyInAnyOrder(6L, 9L);
    assertThat(store.verdicts("acme")).containsEntry("expected", 1L);
  }

  @Test
  void is_full_by_bytes_of_entries_and_evidence_and_empty_again_once_written() throws Exception {
    ChunkCommit commit = commit();
    commit.add(observation(6, ChunkCommit.MAX_BYTES / 2));
    assertThat(commit.isFull()).isFalse();
    commit.add(filing(6, ChunkCommit.MAX_BYTES / 2));
    assertThat(commit.isFull()).isTrue();
    assertThat(commit.last()).isEqualTo(6);

    commit.writeUpTo(7);

    assertThat(commit.isFull()).isFalse();
  }
}
