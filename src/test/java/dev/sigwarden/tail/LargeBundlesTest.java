package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.log.tiles.TileSource;
import dev.sigwarden.log.tiles.TilesClient;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.watch.Watches;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logs that serve the largest bundles there can be, against budgets that hold few of them.
class LargeBundlesTest {
  private static final int ENTRIES = 3 * 256 + 8;
  private static final long MIB = 1L << 20;
  private static final PracticeLog LOG =
      new PracticeLog(NoteSigner.generate("hostile.example"), Clock.systemUTC());

  private final ChunkJudge judge =
      new ChunkJudge(Decoders.found().forFormat("raw"), Watches::none, Clock.systemUTC());

  /// The log's resources, from memory.
  private record Source() implements TileSource {
    @Override
    public Optional<byte[]> read(String path, int maxBytes) throws BadAnswerException {
      Optional<byte[]> bytes = LOG.resource(path);
      if (bytes.isPresent() && bytes.get().length > maxBytes) {
        throw new BadAnswerException(path, "too long");
      }
      return bytes;
    }

    @Override
    public String address(String path) {
      return "large:" + path;
    }

    @Override
    public String expectation() {
      return "large bundles";
    }
  }

  @BeforeAll
  static void fill() {
    for (int i = 0; i < ENTRIES; i++) {
      LOG.append(ByteBuffer.allocate(PracticeLog.MAX_ENTRY_BYTES).putInt(i).array());
    }
    LOG.publish();
  }

  private long read(MemoryBudget memory) throws Exception {
    TreeHead head = LOG.headAt(ENTRIES);
    try (TilesClient client = new TilesClient(new Source(), 0, _ -> false, memory);
        ProvenLeaves leaves =
            new ProvenLeaves(client, judge, CompactRange.empty(), ENTRIES, head)) {
      long next = 0;
      while (leaves.hasNext()) {
        ProvenChunk chunk = leaves.next();
        for (int i = 0; i < chunk.leaves().count(); i++) {
          assertThat(ByteBuffer.wrap(chunk.leaves().copy(i)).getInt()).isEqualTo((int) next++);
        }
      }
      return next;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20, 33, 64})
  void several_such_logs_are_judged_whole_within_the_budget(long mebibytes) throws Exception {
    MemoryBudget memory = new MemoryBudget(mebibytes * MIB);
    List<Future<Long>> logs = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        logs.add(threads.submit(() -> read(memory)));
      }
      for (Future<Long> log : logs) {
        assertThat(log.get()).isEqualTo(ENTRIES);
      }
    }

    assertThat(memory.peakBytes()).isPositive().isLessThanOrEqualTo(mebibytes * MIB);
    assertThat(memory.chargedBytes()).isZero();
  }

  @Test
  void a_reader_that_is_given_up_holds_nothing() throws Exception {
    MemoryBudget memory = new MemoryBudget(64 * MIB);
    TilesClient client = new TilesClient(new Source(), 0, _ -> false, memory);
    ProvenLeaves leaves =
        new ProvenLeaves(client, judge, CompactRange.empty(), ENTRIES, LOG.headAt(ENTRIES));
    leaves.next();
    assertThat(memory.chargedBytes()).isGreaterThanOrEqualTo(16 * MIB);

    leaves.close();
    client.close();

    assertThat(memory.chargedBytes()).isZero();
  }
}
