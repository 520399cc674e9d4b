package dev.sigwarden.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.Vectors;
import dev.sigwarden.merkle.CompactRange;
import dev.sigwarden.merkle.ConsistencyProof;
import dev.sigwarden.merkle.Hash;
import dev.sigwarden.merkle.NodeSource;
import dev.sigwarden.merkle.Proofs;
import dev.sigwarden.merkle.TreeHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Whole small logs made by other implementations: each head is signed and is what their leaves
/// hash to.
class TestLogsTest {
  private static final VerifierKey TESSERA =
      vkey("example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
  private static final VerifierKey SUMDB =
      vkey("localhost.localdev/sumdb+00000c67+AcTrnkbUA+TU4heY3hkjiSES/DSQniBqIeQ/YppAUtK6");
  private static final List<Integer> SUMDB_SIZES = List.of(1, 2, 5, 200, 255, 256, 257, 301);

  private static VerifierKey vkey(String vkey) {
    try {
      return VerifierKey.parse(vkey);
    } catch (MalformedNoteException e) {
      throw new AssertionError(e);
    }
  }

  private static TreeHead head(Path file, VerifierKey key)
      throws IOException, MalformedNoteException {
    SignedNote note = SignedNote.parse(Files.readAllBytes(file));
    assertThat(note.check(key)).as("%s", file).isInstanceOf(SignatureCheck.Valid.class);
    return Checkpoint.parse(note.text()).head();
  }

  private static List<Hash> hashes(Path tile) throws IOException {
    byte[] bytes = Files.readAllBytes(tile);
    List<Hash> hashes = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += Hash.LENGTH) {
      hashes.add(Hash.of(bytes, at));
    }
    return hashes;
  }

  private static NodeSource<RuntimeException> nodes(List<Hash> leaves) {
    return (level, index) -> {
      CompactRange range = CompactRange.empty();
      leaves.subList((int) (index << level), (int) ((index + 1) << level)).forEach(range::append);
      return range.root();
    };
  }

  @Test
  void every_head_of_a_tessera_log_is_signed_and_hashed_from_its_entries()
      throws IOException, MalformedNoteException {
    Path log = Vectors.dir("tessera-testlog").resolve("log");
    ByteBuffer bundle = ByteBuffer.wrap(Files.readAllBytes(log.resolve("tile/entries/000.p/15")));
    CompactRange range = CompactRange.empty();
    List<TreeHead> heads = new ArrayList<>();
    heads.add(head(log.resolve("checkpoint.0"), TESSERA));
    assertThat(heads.getFirst()).isEqualTo(TreeHead.empty());
    for (int size = 1; size <= 15; size++) {
      byte[] entry = new byte[Short.toUnsignedInt(bundle.getShort())];
      bundle.get(entry);
      range.appendLeaf(entry, 0, entry.length);
      heads.add(head(log.resolve("checkpoint." + size), TESSERA));
      assertThat(heads.getLast()).isEqualTo(range.head());
    }
    assertThat(bundle.hasRemaining()).isFalse();
    assertConsistent(heads, nodes(hashes(log.resolve("tile/0/000.p/15"))));
  }

  private static void assertConsistent(List<TreeHead> heads, NodeSource<RuntimeException> nodes) {
    for (TreeHead older : heads) {
      for (TreeHead newer : heads) {
        if (older.size() <= newer.size()) {
          ConsistencyProof proof = Proofs.consistency(older.size(), newer.size(), nodes);
          assertThat(proof.holds(older, newer)).isTrue();
        }
      }
    }
  }

  @Test
  void a_fork_of_a_checksum_database_is_inconsistent_past_where_it_forked()
      throws IOException, MalformedNoteException {
    Path dir = Vectors.dir("sumdb-testlog");
    Map<Integer, TreeHead> main = sumdbHeads(dir.resolve("main"));
    Map<Integer, TreeHead> fork = sumdbHeads(dir.resolve("fork"));
    NodeSource<RuntimeException> forkNodes = nodes(sumdbLeaves(dir.resolve("fork")));
    for (int older : SUMDB_SIZES) {
      assertThat(main.get(older).equals(fork.get(older))).isEqualTo(older <= 200);
      ConsistencyProof proof = Proofs.consistency(older, 301, forkNodes);
      assertThat(proof.holds(fork.get(older), fork.get(301))).isTrue();
      assertThat(proof.holds(main.get(older), fork.get(301))).isEqualTo(older <= 200);
      assertThat(proof.holds(fork.get(older), main.get(301))).isFalse();
    }
  }

  private static Map<Integer, TreeHead> sumdbHeads(Path log)
      throws IOException, MalformedNoteException {
    List<Hash> leaves = sumdbLeaves(log);
    Map<Integer, TreeHead> heads = new TreeMap<>();
    for (int size : SUMDB_SIZES) {
      TreeHead head = head(log.resolve("latest." + size), SUMDB);
      assertThat(Proofs.range(size, nodes(leaves)).head()).isEqualTo(head);
      heads.put(size, head);
    }
    assertConsistent(List.copyOf(heads.values()), nodes(leaves));
    return heads;
  }

  private static List<Hash> sumdbLeaves(Path log) throws IOException {
    List<Hash> leaves = new ArrayList<>(hashes(log.resolve("tile/8/0/000")));
    leaves.addAll(hashes(log.resolve("tile/8/0/001.p/45")));
    return leaves;
  }
}
