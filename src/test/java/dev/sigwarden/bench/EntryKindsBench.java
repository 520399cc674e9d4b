package dev.sigwarden.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sigwarden.entry.Decoded;
import dev.sigwarden.entry.Decoders;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KindSamples;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.RekorSamples;
import dev.sigwarden.entry.cms.CmsForge;
import dev.sigwarden.entry.keys.KeySamples;
import dev.sigwarden.entry.keys.TufSamples;
import dev.sigwarden.entry.openpgp.PgpForge;
import dev.sigwarden.entry.rfc3161.TimeStampForge;
import dev.sigwarden.entry.x509.CertificateForge;
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
    entry = EntryBytes.of(sample(kind));
    if (!(rekor.decode(entry) instanceof Decoded.Event)) {
      throw new IllegalStateException(kind + " is not decoded");
    }
  }

  private static byte[] sample(String kind) {
    String certificate = CertificateForge.pem("CERTIFICATE", RekorSamples.certificate());
    String key = CertificateForge.pem("PUBLIC KEY", CertificateForge.KEY);
    return switch (kind) {
      case "hashedrekord" -> RekorSamples.hashedRekordV1(certificate);
      case "dsse" -> RekorSamples.dsseV1(certificate);
      case "intoto-1" -> KindSamples.intotoV1(certificate);
      case "intoto-2" -> KindSamples.intotoV2(certificate);
      case "rekord-x509" -> KindSamples.rekord("x509", key.getBytes(US_ASCII));
      case "rekord-pgp" -> KindSamples.rekord("pgp", pgp().armored());
      case "rekord-ssh" ->
          KindSamples.rekord("ssh", KeySamples.sshLine("ssh-rsa").getBytes(US_ASCII));
      case "rekord-minisign" ->
          KindSamples.rekord("minisign", KeySamples.MINISIGN.getBytes(US_ASCII));
      case "jar" ->
          KindSamples.jar(CmsForge.usual().pem(), CmsForge.certificate("CN=authority", 1).pem());
      case "alpine" -> KindSamples.alpine(key);
      case "rpm" -> KindSamples.rpm(pgp().armored());
      case "helm" -> KindSamples.helm(pgp().armored());
      case "tuf" ->
          KindSamples.tuf(
              KindSamples.tufMetadata("{}", "a", "b"),
              KindSamples.tufMetadata(
                  "{\"keys\":{\"a\":%s,\"b\":%s}}".formatted(TufSamples.PEM, TufSamples.HEX)));
      case "cose" -> KindSamples.cose(key);
      case "rfc3161" ->
          KindSamples.rfc3161(TimeStampForge.response(TimeStampForge.SHA256, RekorSamples.DIGEST));
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /// RSA, as most keys of packages are, with a subkey and a signed user id.
  private static PgpForge pgp() {
    PgpForge forge = PgpForge.key("RSA 3072");
    String name = "Acme <sign@acme.example>";
    return forge.userId(name).signed(forge, name).subkey(PgpForge.key("RSA 3072"));
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
