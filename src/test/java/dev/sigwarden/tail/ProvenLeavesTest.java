package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Decoders;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.NoteSigner;
import dev.sigwarden.practice.PracticeLog;
import dev.sigwarden.watch.Watches;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProvenLeavesTest {
  private final PracticeLog log =
      new PracticeLog(NoteSigner.generate("log.example"), Clock.systemUTC());
  private final PracticeClient client = new PracticeClient(log);
  private final ChunkJudge judge =
      new ChunkJudge(Decoders.found().forFormat("raw"), Watches::none, Clock.systemUTC());

  private static void grow(PracticeLog log, String what, long to) {
    while (log.size() < to) {
      log.append((what + log.size()).getBytes(StandardCharsets.UTF_8));
    }
    log.publish();
  }

  private List<String> read(long from, long to, TreeHead head) throws Exception {
    List<String> entries = new ArrayList<>();
    CompactRange start = log.rangeAt(from);
    try (ProvenLeaves leaves = new ProvenLeaves(client, judge, start, to, head)) {
      while (leaves.hasNext()) {
        ProvenChunk chunk = leaves.next();
        for (int i = 0; i < chunk.leaves().count(); i++) {
          entries.add(new String(chunk.leaves().copy(i), StandardCharsets.UTF_8));
        }
        assertThat(chunk.after().head()).isEqualTo(log.headAt(chunk.leaves().to()));
      }
    }
    return entries;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 9000, 2147483647",
    "0, 9000, 700",
    "2047, 4097, 1000",
    "8999, 9000, 1",
    "3, 10, 1"
  })
  void hands_out_every_entry_once_and_in_order(long from, long to, int page) throws Exception {
    grow(log, "entry", 9_000);
    client.page(page);

    List<String> entries = read(from, to, log.headAt(9_000));

    assertThat(entries).hasSize((int) (to - from));
    for (int i = 0; i < entries.size(); i++) {
      assertThat(entries.get(i)).isEqualTo("entry" + (from + i));
    }
  }

  @Test
  void hands_out_nothing_that_is_not_in_the_signed_tree() {
    grow(log, "entry", 100);
    PracticeLog lying = log.fork(42);
    grow(lying, "other", 100);
    client.show(lying);

    assertThatThrownBy(() -> read(0, 100, log.headAt(100)))
        .isInstanceOf(MismatchException.class)
        .hasMessageContaining("entries [0, 100) do not fit the signed tree of 100 entries");
    assertThat(client.forgotten).isPositive();
  }
}
