package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.SimpleFileServer;
import dev.sigwarden.Vectors;
import dev.sigwarden.log.Leaves;
import dev.sigwarden.log.LogClient;
import dev.sigwarden.log.MemoryBudget;
import dev.sigwarden.log.http.HttpPolicy;
import dev.sigwarden.log.http.PoliteHttp;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.TreeHead;
import dev.sigwarden.note.Checkpoint;
import dev.sigwarden.note.SignedNote;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// A log that Tessera wrote, at every size that it had.
class TesseraLogTest {
  private static final int SIZE = 15;

  @Test
  void is_read_from_its_folder() throws Exception {
    Path folder = Vectors.dir("tessera-testlog").resolve("log");
    try (var client =
        new TilesClient(new DirectoryTiles(folder), 0, _ -> false, MemoryBudget.standard())) {
      readAtEverySize(client, folder);
    }
  }

  @Test
  void is_read_over_http() throws Exception {
    Path folder = Vectors.dir("tessera-testlog").resolve("log").toAbsolutePath().normalize();
    var server =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            folder,
            SimpleFileServer.OutputLevel.NONE);
    server.start();
    HttpPolicy policy =
        new HttpPolicy(
            "", 8, 1_000_000, HttpPolicy.DEFAULT_CONNECT_TIMEOUT, HttpPolicy.DEFAULT_DEADLINE);
    try (var http = new PoliteHttp(policy, Clock.systemUTC(), RandomGenerator.getDefault())) {
      URI base = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
      try (var client =
          new TilesClient(new HttpTiles(http, base), 0, _ -> false, MemoryBudget.standard())) {
        readAtEverySize(client, folder);
      }
    } finally {
      server.stop(0);
    }
  }

  private static void readAtEverySize(LogClient client, Path folder) throws Exception {
    List<TreeHead> heads = new ArrayList<>();
    for (int size = 0; size <= SIZE; size++) {
      byte[] note = Files.readAllBytes(folder.resolve("checkpoint." + size));
      heads.add(Checkpoint.parse(SignedNote.parse(note).text()).head());
    }
    assertThat(client.head()).isEqualTo(Files.readAllBytes(folder.resolve("checkpoint")));
    for (TreeHead head : heads.subList(1, heads.size())) {
      Leaves leaves = client.leaves(0, head.size(), head);
      CompactRange range = CompactRange.empty();
      List<Hash> hashes = new ArrayList<>();
      for (int i = 0; i < leaves.count(); i++) {
        hashes.add(Hash.ofLeaf(leaves.copy(i)));
        range.append(hashes.get(i));
      }
      assertThat(range.head()).isEqualTo(head);
      assertThat(client.leafHashes(0, head.size(), head)).contains(hashes);
      assertThat(new String(leaves.copy(0), StandardCharsets.US_ASCII)).isEqualTo("one");
      for (TreeHead older : heads.subList(0, (int) head.size() + 1)) {
        assertThat(client.consistency(older.size(), head.size()).holds(older, head)).isTrue();
        assertThat(client.range(older.size(), head).head()).isEqualTo(older);
      }
    }
  }
}
