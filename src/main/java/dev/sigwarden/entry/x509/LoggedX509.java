package dev.sigwarden.entry.x509;

import static dev.sigwarden.entry.der.DerReader.BIT_STRING;
import static dev.sigwarden.entry.der.DerReader.OBJECT_IDENTIFIER;
import static dev.sigwarden.entry.der.DerReader.SEQUENCE;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.IssuerKey;
import dev.sigwarden.entry.SubjectName;
import dev.sigwarden.entry.SubjectName.Kind;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import dev.sigwarden.lookalike.HostLabels;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A certificate or precertificate of a log; names are read, everything else when asked.
/// Thread-safe: what is remembered is immutable, and computing it twice gives the same.
final class LoggedX509 implements IssuedCertificate {
  private final EntryBytes der;
  private final @Nullable Digest issuerKey;
  private final X509Signer details;
  private final List<SubjectName> names;
  private final @Nullable String unread;
  private final TbsCut cut;
  private @Nullable Digest tbsSha256;

  /// @param der the certificate, or of a precertificate the TBSCertificate
  /// @param issuerKey null for a certificate
  /// @param details reads the rest; knows the buffer of `der` and not where it ends in it
  LoggedX509(
      EntryBytes der,
      @Nullable Digest issuerKey,
      X509Signer details,
      List<SubjectName> names,
      @Nullable String unread,
      TbsCut cut) {
    this.der = der;
    this.issuerKey = issuerKey;
    this.details = details;
    this.names = List.copyOf(names);
    this.unread = unread;
    this.cut = cut;
  }

  @Override
  public boolean isPrecertificate() {
    return issuerKey != null;
  }

  @Override
  public Digest tbsSha256() {
    Digest known = tbsSha256;
    if (known == null) {
      known = cut.sha256();
      tbsSha256 = known;
    }
    return known;
  }

  @Override
  public Optional<Digest> issuerKeySha256() {
    return Optional.ofNullable(issuerKey);
  }

  @Override
  public boolean isIssuedBy(IssuerKey authority) {
    if (issuerKey != null) {
      return issuerKey.equals(authority.sha256());
    }
    try {
      return isSignedWith(authority);
    } catch (MalformedDerException _) {
      return false;
    }
  }

  /// RFC 5280 section 4.1.1: both places must name the same algorithm, and a signature has whole
  /// bytes.
  private boolean isSignedWith(IssuerKey authority) throws MalformedDerException {
    byte[] bytes = der.buffer();
    DerReader inside =
        new DerReader(bytes, der.offset(), der.offset() + der.length())
            .expect(SEQUENCE, "certificate")
            .inside();
    inside.expect(SEQUENCE, "tbsCertificate");
    byte[] tbs = Arrays.copyOfRange(bytes, inside.start(), inside.to());
    DerReader inner = algorithmInside(inside.inside());
    inside.expect(SEQUENCE, "signatureAlgorithm");
    if (!Arrays.equals(bytes, inner.start(), inner.to(), bytes, inside.start(), inside.to())) {
      return false;
    }
    DerReader algorithm = inside.inside().expect(OBJECT_IDENTIFIER, "algorithm");
    String oid = Oids.dotted(bytes, algorithm.from(), algorithm.to());
    inside.expect(BIT_STRING, "signatureValue");
    if (inside.left() > 0 || inside.length() < 1 || bytes[inside.from()] != 0) {
      return false;
    }
    byte[] signature = Arrays.copyOfRange(bytes, inside.from() + 1, inside.to());
    return Signatures.named(oid)
        .flatMap(name ->
            Signatures.key(authority.toSpki())
                .map(key -> Signatures.holds(name, key, tbs, signature)))
        .orElse(false);
  }

  /// The reader, moved to the algorithm that the TBSCertificate names.
  private static DerReader algorithmInside(DerReader tbs) throws MalformedDerException {
    while (tbs.next()) {
      if (tbs.tag() == SEQUENCE) {
        return tbs;
      }
    }
    throw new MalformedDerException("no signature algorithm");
  }

  @Override
  public Optional<String> unread() {
    return Optional.ofNullable(unread);
  }

  @Override
  public List<SubjectName> subjects() {
    return details.subjects();
  }

  @Override
  public List<SubjectName> allNames() {
    return names;
  }

  @Override
  public String issuer() {
    return details.issuer();
  }

  @Override
  public Map<String, String> extensions() {
    return details.extensions();
  }

  @Override
  public String subjectDn() {
    return details.subjectDn();
  }

  @Override
  public String issuerDn() {
    return details.issuerDn();
  }

  @Override
  public String serial() {
    return details.serial();
  }

  @Override
  public Instant notBefore() {
    return details.notBefore();
  }

  @Override
  public Instant notAfter() {
    return details.notAfter();
  }

  @Override
  public List<String> oddities() {
    Oddities late = new Oddities();
    for (SubjectName name : names) {
      if (name.kind() == Kind.DNS && HostLabels.hasBrokenPunycode(name.value())) {
        late.add("a host name with a label that is no punycode: " + name.value());
      }
    }
    List<String> all = new ArrayList<>(details.oddities());
    all.addAll(late.toList());
    return List.copyOf(all);
  }

  @Override
  public Digest certificateSha256() {
    return Digest.sha256(der.buffer(), der.offset(), der.length());
  }

  @Override
  public Digest keySha256() {
    return details.keySha256();
  }

  @Override
  public byte[] toDer() {
    return der.toBytes();
  }

  /// The names and the hash, for a debugger or a failed test; text from the entry.
  @Override
  public String toString() {
    return "%s tbs %s %s"
        .formatted(isPrecertificate() ? "precertificate" : "certificate", tbsSha256(), names);
  }
}
