package dev.sigwarden.bench;

import dev.sigwarden.cose.CoseKey;
import dev.sigwarden.cose.MalformedCoseException;
import dev.sigwarden.cose.ReceiptCheck;
import dev.sigwarden.cose.ReceiptCheck.LeafForm;
import dev.sigwarden.cose.ReceiptKeys;
import dev.sigwarden.cose.ReceiptVerdict;
import dev.sigwarden.cose.SignedStatement;
import dev.sigwarden.cose.SignerCheck;
import dev.sigwarden.cose.SignerVerdict;
import dev.sigwarden.cose.StatementCheck;
import dev.sigwarden.cose.StatementVerdict;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import dev.sigwarden.practice.PracticeIssuer;
import dev.sigwarden.practice.PracticeLedger;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// How many signed statements with a receipt of a CCF ledger one core verifies each second: the
/// issuer's signature with its chain of three certificates, and the receipt, whose key is on P-384.
/// Run by `Benchmarks`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class StatementsBench {
  /// Transactions of the ledger before the statement: the receipt's path has seven steps.
  private static final int TRANSACTIONS = 1_000;

  @Param({"ES256", "ES384", "PS384"})
  public Algorithm algorithm = Algorithm.ES256;

  private final EntryDecoder decoder = Decoders.found().forFormat("scittstatement");
  private final SignerCheck signers = new SignerCheck(List.of());
  private byte[] bytes = new byte[0];
  private byte[] receipt = new byte[0];
  private SignedStatement statement;
  private ReceiptCheck receipts;

  @Setup
  public void make() throws MalformedCoseException {
    PracticeLedger ledger =
        new PracticeLedger("ledger.example", Clock.systemUTC(), new SecureRandom());
    while (ledger.size() < TRANSACTIONS) {
      ledger.other();
    }
    long at =
        ledger
            .register(
                PracticeIssuer.of("Acme", algorithm, Clock.systemUTC(), new SecureRandom())
                    .envelope("app", 1, new byte[] {1}))
            .seqno();
    ledger.sign();
    bytes = ledger.transparent(at).orElseThrow();
    receipt = ledger.receipt(at).orElseThrow();
    statement = SignedStatement.parse(bytes);
    CoseKey service = CoseKey.of(ledger.service().certificate().getPublicKey());
    receipts =
        new ReceiptCheck(
            ReceiptKeys.of(
                List.of(new ReceiptKeys.Entry(service, ledger.host(), Optional.empty()))),
            LeafForm.DIGEST);
    boolean holds =
        verifySigner() instanceof SignerVerdict.Verified
            && verifyReceipt() instanceof ReceiptVerdict.Proven
            && decode() instanceof Decoded.Event;
    if (!holds) {
      throw new IllegalStateException(algorithm + " is not verified");
    }
  }

  @Benchmark
  public Digest boundHashingTheSameBytes() {
    return Digest.sha256(bytes, 0, bytes.length);
  }

  @Benchmark
  public Decoded decode() {
    return decoder.decode(EntryBytes.of(bytes));
  }

  @Benchmark
  public SignerVerdict verifySigner() {
    return signers.check(statement);
  }

  @Benchmark
  public ReceiptVerdict verifyReceipt() {
    return receipts.check(statement, receipt);
  }

  /// From bytes to the verdict.
  @Benchmark
  public StatementVerdict verifyAll() throws MalformedCoseException {
    return new StatementCheck(signers, receipts).check(SignedStatement.parse(bytes), List.of());
  }
}
