package dev.sigwarden.practice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sigwarden.Vectors;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a practice ledger holds, and the checker of it on real data, by a checker in another
/// language with other libraries. Skipped where there is no Python with `cbor2` and `cryptography`.
class PracticeLedgerPythonTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path folder;

  private String python = "";
  private Path script = Path.of("");

  @BeforeEach
  void needs_python() throws Exception {
    for (String one : List.of("python3", "/usr/bin/python3")) {
      if (python.isEmpty() && run(one, "-c", "import cbor2, cryptography").exit() == 0) {
        python = one;
      }
    }
    assumeTrue(!python.isEmpty(), "no Python with cbor2 and cryptography");
    script = folder.resolve("check_ledger.py");
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("check_ledger.py"))) {
      Files.copy(in, script);
    }
  }

  private record Run(int exit, String out) {}

  private static Run run(String... command) throws InterruptedException {
    try {
      Path out = Files.createTempFile("python", ".txt");
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(out.toFile())
              .start();
      boolean ended = process.waitFor(2, TimeUnit.MINUTES);
      process.destroyForcibly();
      String text = Files.readString(out);
      Files.delete(out);
      return new Run(ended ? process.exitValue() : -1, text);
    } catch (IOException e) {
      return new Run(-1, e.toString());
    }
  }

  private JsonNode checked(Path of) throws Exception {
    Run run = run(python, script.toString(), of.toString());
    assertThat(run.exit()).as(run.out()).isZero();
    return new JsonMapper().readTree(run.out().lines().toList().getLast());
  }

  private Path written(PracticeLedger ledger) throws IOException {
    Path to = Files.createTempDirectory(folder, "ledger");
    for (Map.Entry<String, byte[]> file : ledger.files().entrySet()) {
      Files.write(to.resolve(file.getKey()), file.getValue());
    }
    PracticeCbor keys = new PracticeCbor().array(ledger.published().size());
    for (PracticeService service : ledger.published()) {
      keys.map(5).integer(1).integer(2).integer(2).bytes(service.kid().getBytes(UTF_8));
      keys.integer(-1).integer(2).integer(-2).bytes(service.x()).integer(-3).bytes(service.y());
    }
    Files.write(to.resolve("keys.cbor"), keys.toBytes());
    for (long seqno = 1; seqno <= ledger.size(); seqno++) {
      if (ledger.transparent(seqno).isPresent()) {
        Files.write(to.resolve(seqno + ".cose"), ledger.transparent(seqno).get());
      }
    }
    return to;
  }

  @Test
  void statements_receipts_and_files_hold_by_the_other_checker() throws Exception {
    PracticeLedger ledger = new PracticeLedger("ledger.example", CLOCK, RANDOM);
    int number = 0;
    for (Algorithm algorithm : Algorithm.values()) {
      PracticeIssuer issuer = PracticeIssuer.of("Acme", algorithm, CLOCK, RANDOM);
      ledger.register(issuer.statement("app", ++number, "text/plain", new byte[] {1}));
      ledger.register(issuer.envelope("lib", ++number, new byte[] {2}));
      ledger.sign();
    }
    ledger.seal();
    ledger.elect().recover();
    ledger.open(true);
    PracticeIssuer issuer = PracticeIssuer.of("Acme", Algorithm.ES384, CLOCK, RANDOM);
    for (int i = 0; i < 20; i++) {
      ledger.register(issuer.envelope("app", 100 + i, new byte[] {(byte) i}));
    }
    ledger.sign();
    ledger.other();

    JsonNode result = checked(written(ledger));

    assertThat(result.path("transactions").asLong()).isEqualTo(ledger.size());
    assertThat(result.path("entries").asInt()).isEqualTo(34);
    assertThat(result.path("statements").asInt()).isEqualTo(34);
    assertThat(result.path("rootsOfReceipts").asInt()).isEqualTo(34);
    assertThat(result.path("serviceRoots").asInt()).isEqualTo(13);
    assertThat(result.path("nodeRoots").asInt()).isEqualTo(13);
    assertThat(result.path("endorsements").asInt()).isEqualTo(2);
  }

  @Test
  void other_checker_refuses_what_a_lying_ledger_writes() throws Exception {
    PracticeLedger ledger = new PracticeLedger("ledger.example", CLOCK, RANDOM);
    PracticeIssuer issuer = PracticeIssuer.of("Acme", Algorithm.ES384, CLOCK, RANDOM);
    byte[] one = issuer.envelope("app", 1, new byte[] {1});
    byte[] two = issuer.envelope("app", 2, new byte[] {2});
    PracticeTxId id = ledger.register(one);
    PracticeTxId other = ledger.register(two);
    ledger.sign();
    PracticeLedger lying = ledger.fork(ledger.size());
    lying.register(one, two);
    assertThat(run(python, script.toString(), written(lying).toString()).out())
        .contains("claims at 8");

    Path grafted = written(ledger);
    Files.write(
        grafted.resolve(id.seqno() + ".cose"),
        PracticeStatement.withReceipts(one, ledger.receipt(other.seqno()).orElseThrow()));
    assertThat(run(python, script.toString(), grafted.toString()).out()).contains("claims");
  }

  @Test
  void other_checker_takes_real_ledgers_and_statements() throws Exception {
    Path vectors = Vectors.dir("scitt");
    Path real = Files.createTempDirectory(folder, "real");
    Path files = vectors.resolve("ccf-ledger-files");
    Files.copy(files.resolve("ledger_1-14.committed"), real.resolve("ledger_1-14.committed"));
    JsonNode ledger = checked(real);
    assertThat(ledger.path("transactions").asInt()).isEqualTo(14);
    assertThat(ledger.path("serviceRoots").asInt()).isEqualTo(6);
    assertThat(ledger.path("endorsements").asInt()).isEqualTo(1);

    Path statements = Files.createTempDirectory(folder, "statements");
    Path from = vectors.resolve("scitt-ccf-ledger");
    Files.copy(from.resolve("uvm_0.2.10.cose"), statements.resolve("uvm.cose"));
    Files.copy(from.resolve("esrp-cts-db.json"), statements.resolve("keys.json"));
    assertThat(checked(statements).path("rootsOfReceipts").asInt()).isEqualTo(1);
  }
}
