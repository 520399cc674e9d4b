package dev.sigwarden.practice;

import dev.sigwarden.merkle.Hash;
import dev.sigwarden.practice.LedgerCertificates.Holder;
import dev.sigwarden.practice.PracticeCose.Algorithm;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;

/// Signs statements for transparency services (RFC 9943), named by a `did:x509` and a chain of
/// three certificates, as Microsoft's issuers are.
public final class PracticeIssuer {
  /// The use that the signer's certificate is for, in the arc for examples of RFC 5612.
  public static final String KEY_USAGE = "1.3.6.1.4.1.32473.1.1";

  private static final int ALG = 1;
  private static final int CONTENT_TYPE = 3;
  private static final int CWT_CLAIMS = 15;
  private static final int X5CHAIN = 33;
  private static final int PAYLOAD_HASH_ALG = 258;
  private static final int PREIMAGE_TYPE = 259;
  private static final int PAYLOAD_LOCATION = 260;
  private static final int ISS = 1;
  private static final int SUB = 2;
  private static final int IAT = 6;
  private static final int EPOCH_TIME = 1;
  private static final int SHA_256 = -16;

  private final Clock clock;
  private final Algorithm algorithm;
  private final KeyPair keys;
  private final List<X509Certificate> chain;
  private final String did;

  private PracticeIssuer(
      Clock clock, Algorithm algorithm, KeyPair keys, List<X509Certificate> chain, String did) {
    this.clock = clock;
    this.algorithm = algorithm;
    this.keys = keys;
    this.chain = List.copyOf(chain);
    this.did = did;
  }

  /// An issuer with fresh keys of an organisation, `Acme` for example.
  public static PracticeIssuer of(
      String organisation, Algorithm algorithm, Clock clock, SecureRandom random) {
    LedgerCertificates certificates = new LedgerCertificates(clock, random);
    Algorithm above = algorithm == Algorithm.EDDSA ? Algorithm.ES384 : algorithm;
    Holder root = new Holder("CN=Root,O=" + organisation, above.generate(random));
    Holder middle = new Holder("CN=Signing CA,O=" + organisation, above.generate(random));
    Holder leaf = new Holder("CN=Signer,O=" + organisation, algorithm.generate(random));
    X509Certificate top = certificates.authority(root, root);
    List<X509Certificate> chain =
        List.of(
            certificates.signer(leaf, middle, KEY_USAGE),
            certificates.authority(middle, root),
            top);
    String hash =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(Hash.ofData(LedgerCertificates.der(top)).toBytes());
    return new PracticeIssuer(
        clock,
        algorithm,
        leaf.keys(),
        chain,
        "did:x509:0:sha256:%s::eku:%s".formatted(hash, KEY_USAGE));
  }

  /// The same keys and certificates under another issuer's name: a lie, unless it is no `did:x509`.
  public PracticeIssuer claiming(String issuer) {
    return new PracticeIssuer(clock, algorithm, keys, chain, issuer);
  }

  /// Its name in statements.
  public String did() {
    return did;
  }

  /// Its certificates, the signer's first.
  public List<X509Certificate> chain() {
    return chain;
  }

  /// A statement that holds its payload.
  ///
  /// @param feed what it is about
  /// @param svn its security version
  public byte[] statement(String feed, long svn, String contentType, byte[] payload) {
    return signed(feed, svn, 1, map -> map.integer(CONTENT_TYPE).text(contentType), payload);
  }

  /// A statement about an artifact that is elsewhere: its payload is the artifact's SHA-256 (RFC
  /// 9995).
  public byte[] envelope(String feed, long svn, byte[] artifact) {
    return signed(
        feed,
        svn,
        3,
        map ->
            map.integer(PAYLOAD_HASH_ALG)
                .integer(SHA_256)
                .integer(PREIMAGE_TYPE)
                .text("application/octet-stream")
                .integer(PAYLOAD_LOCATION)
                .text("https://artifacts.example/" + feed),
        Hash.ofData(artifact).toBytes());
  }

  private byte[] signed(
      String feed, long svn, int parameters, UnaryOperator<PracticeCbor> add, byte[] payload) {
    PracticeCbor header = new PracticeCbor().map(3 + parameters);
    header.integer(ALG).integer(algorithm.number());
    header.integer(X5CHAIN).array(chain.size());
    chain.forEach(certificate -> header.bytes(LedgerCertificates.der(certificate)));
    header.integer(CWT_CLAIMS).map(4);
    header.integer(ISS).text(did).integer(SUB).text(feed);
    header.integer(IAT).tag(EPOCH_TIME).integer(clock.instant().getEpochSecond());
    header.text("svn").integer(svn);
    return PracticeCose.message(add.apply(header).toBytes(), payload, algorithm, keys.getPrivate());
  }
}
