package dev.sigwarden.cose;

import dev.sigwarden.merkle.Hash;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// A signed statement (RFC 9943), with or without receipts: a COSE_Sign1 message that says who
/// issued it, about what, and carries a payload or the hash of one. Parsed, nothing verified. A
/// class for its arrays; immutable.
public final class SignedStatement {
  /// Receipts that one statement may carry; real ones have one or two.
  public static final int MAX_RECEIPTS = 16;

  /// Certificates in a chain; real ones have up to three.
  private static final int MAX_CERTIFICATES = 10;

  static final Cbor ALG = Headers.label(1);
  static final Cbor CRIT = Headers.label(2);
  static final Cbor CONTENT_TYPE = Headers.label(3);
  static final Cbor KID = Headers.label(4);
  static final Cbor CWT_CLAIMS = Headers.label(15);
  static final Cbor X5CHAIN = Headers.label(33);
  private static final Cbor X5T = Headers.label(34);
  private static final Cbor RECEIPTS = Headers.label(394);
  private static final Cbor ISS = Headers.label(1);
  private static final Cbor SUB = Headers.label(2);
  private static final Cbor IAT = Headers.label(6);
  private static final Cbor SVN = Headers.label("svn");

  /// Before CWT claims: numbers of an early draft, and texts.
  private static final List<Cbor> OLD_ISSUERS = List.of(Headers.label(391), Headers.label("iss"));

  private static final List<Cbor> OLD_FEEDS = List.of(Headers.label(392), Headers.label("feed"));
  private static final Cbor OLD_TIME = Headers.label("signingtime");

  /// Header parameters that may be critical, since what they say is heeded here.
  private static final Set<Cbor> HEEDED =
      Set.of(
          ALG,
          CONTENT_TYPE,
          KID,
          CWT_CLAIMS,
          X5CHAIN,
          X5T,
          Headers.label(258),
          Headers.label(259),
          Headers.label(260),
          AttestedKey.LABEL,
          AttestedKey.OLD_LABEL);

  private final CoseSign1 message;
  private final CoseAlgorithm algorithm;
  private final Claims claims;
  private final PayloadDigest payload;
  private final List<Cbor.Bytes> chain;
  private final Optional<Thumbprint> thumbprint;
  private final Optional<AttestedKey> attested;
  private final List<Cbor.Bytes> receipts;

  /// What the issuer says of itself and of what it signs.
  ///
  /// @param issuer whose statement it is; empty if it does not say
  /// @param subject what it is about, also called the feed; empty if it does not say
  /// @param issuedAt when, if it says so
  /// @param svn the security version of what is signed, if it has one: a later one is not smaller
  /// @param legacy whether any of it is in headers that came before CWT claims
  public record Claims(
      String issuer,
      String subject,
      Optional<Instant> issuedAt,
      OptionalLong svn,
      boolean legacy) {}

  /// Another hash of the signer's certificate. RFC 9360 section 2, `x5t`.
  private record Thumbprint(HashAlgorithm algorithm, Cbor.Bytes value) {}

  private SignedStatement(CoseSign1 message) throws MalformedCoseException {
    this.message = message;
    Headers header = message.protectedHeaders();
    this.algorithm = algorithm(header);
    this.attested = AttestedKey.in(header);
    critical(header);
    this.claims = claims(header);
    this.payload = PayloadDigest.of(message);
    this.chain = chain(header);
    this.thumbprint = thumbprint(header);
    this.receipts = receipts(message.unprotected());
  }

  /// Reads a statement strictly. The array is kept and must not be written to.
  public static SignedStatement parse(byte[] bytes) throws MalformedCoseException {
    return new SignedStatement(CoseSign1.parse(bytes));
  }

  private static CoseAlgorithm algorithm(Headers header) throws MalformedCoseException {
    OptionalLong number = header.integer(ALG);
    if (number.isEmpty()) {
      throw new MalformedCoseException("protected header: no algorithm");
    }
    return CoseAlgorithm.of(number.getAsLong())
        .orElseThrow(() ->
            header.wrong(
                ALG,
                Long.toString(number.getAsLong()),
                "-7, -8, -35 to -39: ECDSA, EdDSA or RSASSA-PSS"));
  }

  private static void critical(Headers header) throws MalformedCoseException {
    Optional<List<Cbor>> labels = header.array(CRIT);
    if (labels.isEmpty()) {
      return;
    }
    // RFC 9052 section 3.1: at least one, each present and understood.
    if (labels.get().isEmpty()) {
      throw header.wrong(CRIT, "an empty array", "at least one label");
    }
    for (Cbor label : labels.get()) {
      if (!HEEDED.contains(label) || !header.has(label)) {
        throw header.wrong(CRIT, Shown.item(label), "a parameter that is here and known");
      }
    }
  }

  private static Claims claims(Headers header) throws MalformedCoseException {
    Optional<Headers> cwt = header.headers(CWT_CLAIMS);
    Optional<String> issuer = old(header, OLD_ISSUERS);
    Optional<String> subject = old(header, OLD_FEEDS);
    Optional<Instant> time = header.time(OLD_TIME);
    OptionalLong svn = header.integer(SVN);
    if (cwt.isEmpty()) {
      return new Claims(issuer.orElse(""), subject.orElse(""), time, svn, true);
    }
    if (issuer.isPresent() || subject.isPresent() || time.isPresent() || svn.isPresent()) {
      throw new MalformedCoseException(
          "protected header: claims in two forms (expected: CWT claims, or the older ones)");
    }
    Headers in = cwt.get();
    return new Claims(
        in.text(ISS).orElse(""), in.text(SUB).orElse(""), in.time(IAT), in.integer(SVN), false);
  }

  private static Optional<String> old(Headers header, List<Cbor> labels)
      throws MalformedCoseException {
    Optional<String> found = Optional.empty();
    for (Cbor label : labels) {
      Optional<String> text = header.text(label);
      if (text.isPresent() && found.isPresent()) {
        throw header.wrong(label, "said twice", "one of its forms");
      }
      found = text.isPresent() ? text : found;
    }
    return found;
  }

  private static List<Cbor.Bytes> chain(Headers header) throws MalformedCoseException {
    Optional<Cbor> found = header.find(X5CHAIN);
    if (found.isEmpty()) {
      return List.of();
    }
    // RFC 9360 section 2: one certificate is a byte string, several are an array.
    if (found.get() instanceof Cbor.Bytes one) {
      return List.of(one);
    }
    List<Cbor> items = header.array(X5CHAIN).orElseThrow();
    if (items.isEmpty() || items.size() > MAX_CERTIFICATES) {
      throw header.wrong(X5CHAIN, Shown.item(found.get()), "1 to " + MAX_CERTIFICATES);
    }
    return byteStrings(header, X5CHAIN, items);
  }

  private static List<Cbor.Bytes> byteStrings(Headers header, Cbor label, List<Cbor> items)
      throws MalformedCoseException {
    List<Cbor.Bytes> found = new ArrayList<>();
    for (Cbor item : items) {
      if (!(item instanceof Cbor.Bytes bytes)) {
        throw header.wrong(label, Shown.item(item), "bytes in its array");
      }
      found.add(bytes);
    }
    return List.copyOf(found);
  }

  private static Optional<Thumbprint> thumbprint(Headers header) throws MalformedCoseException {
    Optional<List<Cbor>> found = header.array(X5T);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.get().size() == 2
        && found.get().get(0) instanceof Cbor.Int(long number)
        && found.get().get(1) instanceof Cbor.Bytes value) {
      HashAlgorithm algorithm = HashAlgorithm.of(number);
      if (value.length() == algorithm.length()) {
        return Optional.of(new Thumbprint(algorithm, value));
      }
    }
    throw header.wrong(X5T, "another form", "a hash algorithm and a hash of its length");
  }

  /// The receipts in an unprotected header.
  static List<Cbor.Bytes> receipts(Headers unprotected) throws MalformedCoseException {
    Optional<List<Cbor>> found = unprotected.array(RECEIPTS);
    if (found.isEmpty()) {
      return List.of();
    }
    if (found.get().isEmpty() || found.get().size() > MAX_RECEIPTS) {
      throw unprotected.wrong(RECEIPTS, found.get().size() + " receipts", "1 to " + MAX_RECEIPTS);
    }
    return byteStrings(unprotected, RECEIPTS, found.get());
  }

  /// The message itself.
  public CoseSign1 message() {
    return message;
  }

  /// The algorithm that it says it is signed by.
  public CoseAlgorithm algorithm() {
    return algorithm;
  }

  /// What the issuer says.
  public Claims claims() {
    return claims;
  }

  /// What is signed.
  public PayloadDigest payload() {
    return payload;
  }

  /// The certificates, the signer's first; none if there are none.
  public List<Cbor.Bytes> chain() {
    return chain;
  }

  /// The key of an attested service, if it has one.
  Optional<AttestedKey> attested() {
    return attested;
  }

  /// The key that the statement brings along without a certificate, if it does: one that an
  /// attested service says it has.
  public Optional<CoseKey> attestedKey() {
    return attested.map(AttestedKey::key);
  }

  /// What the statement calls its key, if it does.
  public Optional<Cbor.Bytes> keyName() throws MalformedCoseException {
    return message.protectedHeaders().bytes(KID);
  }

  /// The receipts as they are in the unprotected header; none of them was looked at.
  public List<Cbor.Bytes> receipts() {
    return receipts;
  }

  /// What a CCF ledger binds its receipt to: SHA-256 of the message with the unprotected header
  /// emptied.
  public Hash claimsDigest() {
    return message.claimsDigest();
  }

  /// The statement without receipts, as it was when it was registered, other unprotected headers
  /// kept.
  byte[] withoutReceipts() {
    return message.without(RECEIPTS);
  }

  /// Whether the signer's certificate has the hash that the header gives, if it gives one.
  boolean thumbprintFits() {
    return thumbprint.isEmpty()
        || (!chain.isEmpty()
            && thumbprint
                .get()
                .value()
                .isEqualTo(thumbprint.get().algorithm().hash(chain.getFirst())));
  }

  /// What a watch may ask of the issuer, finer than its whole name: of a `did:x509` the authority
  /// and each policy, of a `did:attestedsvc` the service; none of others.
  public List<String> issuerParts() {
    try {
      return DidX509.isOne(claims.issuer())
          ? DidX509.parse(claims.issuer()).parts()
          : AttestedKey.service(claims.issuer()).map(List::of).orElse(List.of());
    } catch (MalformedCoseException _) {
      return List.of();
    }
  }
}
