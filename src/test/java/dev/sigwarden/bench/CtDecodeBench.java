package dev.sigwarden.bench;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.ct.CtForge;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// How many leaves of logs of certificates one core decodes each second, names included, beside the
/// bound of hashing the same bytes. Run it with `Benchmarks`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CtDecodeBench {
  private final EntryDecoder ct = Decoders.found().forFormat("ct");

  /// Three hosts, and key identifiers and timestamps as large as usual ones: about 1,100 bytes.
  private final EntryBytes certificate =
      EntryBytes.of(
          CtForge.hosts("example.com", "www.example.com", "*.api.example.com")
              .keyIdentifier(new byte[400])
              .timestamps(new byte[240])
              .leaf());

  private final EntryBytes precertificate =
      EntryBytes.of(
          CtForge.hosts("example.com", "www.example.com", "*.api.example.com")
              .keyIdentifier(new byte[640])
              .precertLeaf());

  @Benchmark
  public Digest boundHashingTheSameBytes() {
    return Digest.sha256(certificate.buffer(), certificate.offset(), certificate.length());
  }

  @Benchmark
  public void certificate(Blackhole sink) {
    use(ct.decode(certificate), sink);
  }

  @Benchmark
  public void precertificate(Blackhole sink) {
    use(ct.decode(precertificate), sink);
  }

  /// Asks what a matcher asks of every entry.
  private static void use(Decoded decoded, Blackhole sink) {
    if (decoded instanceof Decoded.Event(var event)) {
      sink.consume(event.unread());
      if (event.signers().getFirst() instanceof CertificateSigner certificate) {
        sink.consume(certificate.allNames());
      }
    }
  }
}
