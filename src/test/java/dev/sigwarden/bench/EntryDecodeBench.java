package dev.sigwarden.bench;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.RekorSamples;
import dev.sigwarden.entry.x509.CertificateForge;
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

/// How many entries one core decodes each second, beside the bound of hashing the same bytes. Run
/// it with `Benchmarks`.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EntryDecodeBench {
  private final EntryDecoder rekor = Decoders.found().forFormat("rekor");

  /// With the timestamp, key identifiers and signature of a real one, an entry of about 3 KB.
  private final byte[] certificate =
      CertificateForge.fulcio(RekorSamples.URI, RekorSamples.ISSUER)
          .raw("1.3.6.1.4.1.11129.2.4.2", new byte[820])
          .der();

  private final EntryBytes v2 =
      EntryBytes.of(RekorSamples.hashedRekordV2(RekorSamples.certificateVerifier(certificate)));
  private final EntryBytes v1 =
      EntryBytes.of(RekorSamples.hashedRekordV1(CertificateForge.pem("CERTIFICATE", certificate)));
  private final EntryBytes key =
      EntryBytes.of(RekorSamples.hashedRekordV2(RekorSamples.keyVerifier(CertificateForge.KEY)));

  @Benchmark
  public Digest boundHashingTheSameBytes() {
    return Digest.sha256(v2.buffer(), v2.offset(), v2.length());
  }

  @Benchmark
  public void hashedRekordV2Certificate(Blackhole sink) {
    use(rekor.decode(v2), sink);
  }

  @Benchmark
  public void hashedRekordV1Certificate(Blackhole sink) {
    use(rekor.decode(v1), sink);
  }

  @Benchmark
  public void hashedRekordV2Key(Blackhole sink) {
    use(rekor.decode(key), sink);
  }

  /// Asks what a matcher asks of every entry.
  private static void use(Decoded decoded, Blackhole sink) {
    if (decoded instanceof Decoded.Event(var event)) {
      sink.consume(event);
      if (event.signers().getFirst() instanceof CertificateSigner certificate) {
        sink.consume(certificate.subjects());
        sink.consume(certificate.issuer());
      }
    }
  }
}
