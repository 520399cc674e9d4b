package dev.sigwarden.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;

/// Any bytes are a ledger file that is replayed as far as it holds, or refused.
class LedgerFuzz {
  @FuzzTest
  void replay(byte[] bytes) throws IOException {
    LedgerReplay replay = new LedgerReplay((at, statement) -> {});
    long taken = 0;
    try {
      ChunkReader reader =
          new ChunkReader(new ByteArrayInputStream(bytes), bytes.length, LedgerReplay.TABLES);
      for (Optional<LedgerTransaction> next = reader.next();
          next.isPresent() && replay.take(next.get()).isEmpty();
          next = reader.next()) {
        taken++;
      }
    } catch (MalformedLedgerException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    assertThat(replay.transactions()).isEqualTo(taken);
  }
}
