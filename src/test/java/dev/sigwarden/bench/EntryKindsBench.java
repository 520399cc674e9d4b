package dev.sigwarden.bench;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindSamples;
import dev.sigwarden.entry.PgpSigner;
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
import org.openjdk.jmh.infra.Blackhole;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// How many entries of each kind of Rekor v1 one core decodes each second, beside the bound of
/// hashing the same bytes, and what checking user ids costs once a watch selected an entry. Run
/// `main` on the test class path.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class EntryKindsBench {
  @Param({
    "hashedrekord",
    "dsse",
    "intoto-1",
    "intoto-2",
    "rekord-x509",
    "rekord-pgp",
    "rekord-ssh",
    "rekord-minisign",
    "jar",
    "alpine",
    "rpm",
    "helm",
    "tuf",
    "cose",
    "rfc3161"
  })
  public String kind = "hashedrekord";

  private final EntryDecoder rekor = Decoders.found().forFormat("rekor");
  private EntryBytes entry = EntryBytes.of(new byte[0]);

  /// Runs all of it.
  public static void main(String[] args) throws RunnerException {
    new Runner(new OptionsBuilder().include(EntryKindsBench.class.getSimpleName()).build()).run();
  }

  @Setup
  public void make() {
    entry = EntryBytes.of(KindSamples.usual().get(kind));
    if (!(rekor.decode(entry) instanceof Decoded.Event)) {
      throw new IllegalStateException(kind + " is not decoded");
    }
  }

  @Benchmark
  public Digest boundHashingTheSameBytes() {
    return Digest.sha256(entry.buffer(), entry.offset(), entry.length());
  }

  @Benchmark
  public Decoded decode() {
    return rekor.decode(entry);
  }

  /// Decodes and checks the self-signatures, which happens only to entries that a watch selected.
  @Benchmark
  public void decodeAndCheckUserIds(Blackhole sink) {
    if (rekor.decode(entry) instanceof Decoded.Event(var event)) {
      sink.consume(event);
      if (event.signers().getFirst() instanceof PgpSigner pgp) {
        sink.consume(pgp.checkedUserIds());
      }
    }
  }
}
