package dev.sigwarden.tail;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.LedgerClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerMirrorTest {
  private static final int SIZE = 1_000;

  @TempDir private Path folder;

  @Test
  void downloads_end_before_the_disk_is_full_and_go_on_once_there_is_room() throws Exception {
    AtomicLong room = new AtomicLong(LedgerMirror.LEFT_FREE + SIZE + SIZE / 2);
    LedgerMirror mirror =
        new LedgerMirror(
            new Files("ledger_1-5.committed", "ledger_6-9.committed", "ledger_10-12.committed"),
            folder,
            () -> false,
            path -> {
              long bytes = 0;
              for (java.io.File file : path.toFile().listFiles()) {
                bytes += file.length();
              }
              return room.get() - bytes;
            });

    assertThat(mirror.look()).isEmpty();
    assertThat(mirror.here()).hasSize(1);
    assertThat(mirror.full().orElseThrow())
        .contains("ledger_6-9.committed", "%d bytes are free".formatted(room.get() - SIZE));

    room.addAndGet(10 * SIZE);
    assertThat(mirror.look()).isEmpty();
    assertThat(mirror.here()).hasSize(3);
    assertThat(mirror.full()).isEmpty();
  }

  /// A server of files and of nothing else.
  private record Files(String... names) implements LedgerClient {
    @Override
    public Optional<List<File>> files() {
      return Optional.of(List.of(names).stream().map(name -> new File(name, SIZE, "")).toList());
    }

    @Override
    public byte[] part(String file, long from, int length) {
      return new byte[length];
    }

    @Override
    public Keys keys() {
      throw new AssertionError("keys");
    }

    @Override
    public Optional<String> policy() {
      throw new AssertionError("policy");
    }

    @Override
    public Optional<TxId> committed() {
      throw new AssertionError("committed");
    }

    @Override
    public Optional<Page> page(long from, OptionalLong to) {
      throw new AssertionError("page");
    }

    @Override
    public Fetched entry(TxId id, boolean wait) {
      throw new AssertionError("entry");
    }

    @Override
    public String address(TxId id) {
      return "";
    }

    @Override
    public String address() {
      return "";
    }

    @Override
    public void close() {}
  }
}
