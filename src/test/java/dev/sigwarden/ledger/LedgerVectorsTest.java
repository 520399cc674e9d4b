package dev.sigwarden.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.cose.TxId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files of real ledgers, with the leaves and roots that an independent reader found in them.
class LedgerVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder;

  private static Path files() {
    return Vectors.dir("scitt").resolve("ccf-ledger-files");
  }

  private static List<LedgerTransaction> read(byte[] bytes)
      throws IOException, MalformedLedgerException {
    ChunkReader reader =
        new ChunkReader(new ByteArrayInputStream(bytes), bytes.length, LedgerReplay.TABLES);
    List<LedgerTransaction> found = new ArrayList<>();
    for (Optional<LedgerTransaction> next = reader.next(); next.isPresent(); next = reader.next()) {
      found.add(next.get());
    }
    return found;
  }

  /// Copies the files of one sample beside each other.
  private void copy(JsonNode expected) throws IOException {
    for (JsonNode name : expected.path("files")) {
      Path file = files().resolve(name.asText());
      Files.copy(file, folder.resolve(file.getFileName().toString()));
    }
  }

  @ParameterizedTest
  @CsvSource({"ledger_1-14, 6, 6", "expired_service, , 0", "eol_service, 2, 0"})
  void replay_comes_to_every_leaf_and_every_signed_root(String name, Integer roots, int cose)
      throws Exception {
    JsonNode expected = JSON.readTree(files().resolve(name + ".expected.json").toFile());
    copy(expected);
    List<String> leaves = new ArrayList<>();
    for (JsonNode file : expected.path("files")) {
      for (LedgerTransaction one : read(Files.readAllBytes(files().resolve(file.asText())))) {
        leaves.add(one.id() + " " + one.leaf());
      }
    }
    LedgerReplay replay = new LedgerReplay((at, statement) -> {});

    LedgerFolder.Outcome outcome = new LedgerFolder(folder).replay(replay);

    assertThat(outcome).isEqualTo(new LedgerFolder.Outcome.Whole(expected.path("files").size()));
    List<String> wanted = new ArrayList<>();
    expected
        .path("transactions")
        .forEach(one -> wanted.add(one.path("txid").asText() + " " + one.path("leaf").asText()));
    assertThat(leaves).isEqualTo(wanted);
    JsonNode signed = expected.path("signed_roots");
    assertThat(replay.roots()).isEqualTo(signed.size());
    assertThat(replay.coseRoots()).isEqualTo(cose);
    if (roots != null) {
      assertThat(signed).hasSize(roots);
    }
    JsonNode newest = signed.get(signed.size() - 1);
    assertThat(replay.proven().orElseThrow().root().toHex())
        .isEqualTo(newest.path("root").asText());
    assertThat(replay.proven().orElseThrow().size()).isEqualTo(newest.path("tree_size").asLong());
  }

  /// Ledgers from before receipts were COSE: their nodes signed, by certificates of the service.
  @ParameterizedTest
  @CsvSource({"expired_service", "eol_service"})
  void roots_that_only_nodes_signed_are_the_services_that_certified_them(String name)
      throws Exception {
    copy(JSON.readTree(files().resolve(name + ".expected.json").toFile()));
    LedgerReplay replay = new LedgerReplay((at, statement) -> {});

    new LedgerFolder(folder).replay(replay);

    assertThat(replay.coseRoots()).isZero();
    assertThat(replay.signer()).isPresent().isEqualTo(replay.service());
  }

  @Test
  void canary_names_itself_and_its_key() throws Exception {
    copy(JSON.readTree(files().resolve("ledger_1-14.expected.json").toFile()));
    LedgerReplay replay = new LedgerReplay((at, statement) -> {});

    new LedgerFolder(folder).replay(replay);

    assertThat(replay.issuer()).isEqualTo("cts-canary.confidential-ledger.azure.com");
    assertThat(replay.service().orElseThrow().spkiSha256().toHex())
        .isEqualTo("67bc008b396d30543bdbe7a3f04146aaa0ca6a6762beb16f366d6637e4d0e840");
    assertThat(replay.keyChanges()).isEmpty();
    assertThat(replay.viewChanges()).isEmpty();
    assertThat(replay.entries()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"ledger_34-35.committed, 34", "ledger_36-37.committed, 36", "ledger_494, 494"})
  void fragments_are_read_and_cannot_be_replayed_without_what_is_before(String name, long first)
      throws Exception {
    Path file = files().resolve("eol_service").resolve(name);

    List<LedgerTransaction> found = read(Files.readAllBytes(file));
    Files.copy(file, folder.resolve(name));
    LedgerFolder.Outcome outcome =
        new LedgerFolder(folder).replay(new LedgerReplay((at, statement) -> {}));

    assertThat(found.getFirst().id().seqno()).isEqualTo(first);
    for (int i = 1; i < found.size(); i++) {
      assertThat(found.get(i).id().seqno()).isEqualTo(first + i);
    }
    assertThat(outcome)
        .isEqualTo(
            new LedgerFolder.Outcome.Broken(name, "begins at %d (expected: 1)".formatted(first)));
  }

  @Test
  void every_byte_of_the_canary_matters() throws Exception {
    byte[] whole = Files.readAllBytes(files().resolve("ledger_1-14.committed"));
    // The first transaction is a constitution of 110 KiB; the steps meet all others often.
    for (int at = 0; at < whole.length; at += at < 113_000 ? 9_973 : 211) {
      byte[] changed = whole.clone();
      changed[at] ^= 1;
      Files.write(folder.resolve("ledger_1-14.committed"), changed);

      LedgerFolder.Outcome outcome =
          new LedgerFolder(folder).replay(new LedgerReplay((id, statement) -> {}));

      // The last transaction is itself signed by none; only its frame and its place show.
      if (outcome instanceof LedgerFolder.Outcome.Whole) {
        assertThat(at).as("a byte that nothing covers").isGreaterThan(lastTransaction(whole));
      }
    }
  }

  /// The last of the positions that the file ends with.
  private static int lastTransaction(byte[] whole) {
    return (int) PublicDomain.littleEndian(whole, whole.length - 4, 4);
  }

  @Test
  void file_that_is_cut_is_broken_where_it_is_cut() throws Exception {
    byte[] whole = Files.readAllBytes(files().resolve("ledger_1-14.committed"));
    for (int length : new int[] {0, 7, 8, 100, 113_078, 120_000, whole.length - 1}) {
      Files.write(folder.resolve("ledger_1-14.committed"), java.util.Arrays.copyOf(whole, length));

      assertThat(new LedgerFolder(folder).replay(new LedgerReplay((id, statement) -> {})))
          .as("%d bytes", length)
          .isInstanceOf(LedgerFolder.Outcome.Broken.class);
    }
  }

  @Test
  void transaction_of_a_view_before_or_a_place_twice_stops_a_replay() throws Exception {
    List<LedgerTransaction> all =
        read(Files.readAllBytes(files().resolve("ledger_1-14.committed")));
    LedgerReplay replay = new LedgerReplay((at, statement) -> {});

    assertThat(replay.take(all.get(0))).isEmpty();
    assertThat(replay.take(all.get(0)))
        .contains("transaction 2.1: out of order (expected: place 2)");
    LedgerTransaction earlier =
        new LedgerTransaction(new TxId(1, 2), all.get(1).leaf(), all.get(1).claims(), List.of());
    assertThat(replay.take(earlier)).contains("transaction 1.2: view 1 behind view 2");
  }
}
