package dev.sigwarden.trust;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.der.DerReader;
import dev.sigwarden.entry.der.MalformedDerException;
import dev.sigwarden.entry.der.Oids;
import dev.sigwarden.entry.x509.Signatures;
import dev.sigwarden.trust.SctList.Sct;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Checks a signer's certificate against a trusted root, at the time at which it was issued. RFC
/// 5280 section 6.1 for a path without policies and name constraints, and RFC 6962 section 3.2 for
/// the timestamp in it. Immutable, thread-safe.
///
/// What has to hold: an authority of the root issued it; it, the authority's chain and the root's
/// window for that authority are in date at the certificate's start; it is an end entity's for code
/// signing; no critical extension is unknown; and if the root names CT logs, one of them signed an
/// embedded timestamp for it.
public final class CertificateCheck {
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

  /// RFC 6962 section 3.3.
  private static final String SCT_LIST = "1.3.6.1.4.1.11129.2.4.2";

  /// Extensions that may be critical: those that are looked at here, and the SubjectAltName, which
  /// is what the whole check is for.
  private static final Set<String> UNDERSTOOD =
      Set.of(BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, "2.5.29.17");

  /// The longest certificate in bytes: no log takes a longer entry.
  private static final int MAX_BYTES = 65_535;

  private final TrustedRoot root;
  private final List<Issuer> issuers;

  /// An authority, with the parts of its certificate.
  private record Issuer(Authority authority, X509Parts parts, PublicKey key) {}

  /// A check by this root.
  public CertificateCheck(TrustedRoot root) {
    this.root = root;
    this.issuers =
        root.certificateAuthorities().stream()
            .map(it -> new Issuer(it, it.issuer(), it.chain().getFirst().getPublicKey()))
            .toList();
  }

  /// What the certificate is worth; never `NotChecked`.
  public CertificateTrust check(CertificateSigner signer) {
    byte[] der = signer.toDer();
    if (der.length > MAX_BYTES) {
      return claim("it has %d bytes (expected: <= %d)".formatted(der.length, MAX_BYTES));
    }
    try {
      return check(X509Parts.read(der));
    } catch (MalformedDerException _) {
      return claim("it is not the strict DER that an authority issues");
    }
  }

  private CertificateTrust check(X509Parts leaf) throws MalformedDerException {
    Optional<Issuer> issuer = Optional.empty();
    boolean named = false;
    String window = "";
    for (Issuer one : issuers) {
      if (!Arrays.equals(one.parts().subject(), leaf.issuer())) {
        continue;
      }
      named = true;
      if (!signed(one, leaf)) {
        continue;
      }
      window = outOfTime(one.authority(), leaf);
      if (window.isEmpty()) {
        issuer = Optional.of(one);
        break;
      }
    }
    if (!named) {
      return claim("no trusted authority has the name that it gives as its issuer");
    }
    if (issuer.isEmpty()) {
      return claim(
          window.isEmpty()
              ? "the trusted authority that it names as its issuer did not sign it"
              : window);
    }
    String profile = profile(leaf);
    if (!profile.isEmpty()) {
      return claim(profile);
    }
    return root.ctlogs().isEmpty()
        ? new CertificateTrust.Verified(issuer.get().authority().name(), "")
        : timestamped(issuer.get(), leaf);
  }

  private static boolean signed(Issuer issuer, X509Parts leaf) {
    return Signatures.named(leaf.algorithm())
        .filter(
            algorithm -> Signatures.holds(algorithm, issuer.key(), leaf.tbs(), leaf.signature()))
        .isPresent();
  }

  /// Which time does not fit, at the certificate's start; empty if all do.
  private static String outOfTime(Authority authority, X509Parts leaf) {
    Instant at = leaf.notBefore();
    if (leaf.notAfter().isBefore(at)) {
      return "its validity ends before it starts";
    }
    if (!authority.validity().contains(at)) {
      return "it starts at %s, outside of the time in which the authority is trusted".formatted(at);
    }
    int below = 0;
    for (X509Certificate certificate : authority.chain()) {
      if (at.isBefore(certificate.getNotBefore().toInstant())
          || at.isAfter(certificate.getNotAfter().toInstant())) {
        return "it starts at %s, when its authority's chain is not valid".formatted(at);
      }
      // RFC 5280 section 6.1.4 (l) and (m): how many authorities may stand below this one.
      if (certificate.getBasicConstraints() < below++) {
        return "its authority's chain is longer than one of its certificates allows";
      }
    }
    return "";
  }

  /// What is wrong with the certificate as one of a code signer; empty if nothing is.
  private static String profile(X509Parts leaf) throws MalformedDerException {
    for (var extension : leaf.extensions().entrySet()) {
      if (extension.getValue().critical() && !UNDERSTOOD.contains(extension.getKey())) {
        return "it has the critical extension %s, which is not known".formatted(extension.getKey());
      }
    }
    if (leaf.extensions().containsKey(BASIC_CONSTRAINTS)) {
      DerReader constraints =
          leaf.value(BASIC_CONSTRAINTS).expect(DerReader.SEQUENCE, "basicConstraints");
      if (constraints.inside().next()) {
        return "it is an authority's, not a signer's";
      }
    }
    if (leaf.extensions().containsKey(KEY_USAGE)) {
      DerReader usage = leaf.value(KEY_USAGE).expect(DerReader.BIT_STRING, "keyUsage");
      byte[] bits = leaf.contents(usage);
      // digitalSignature is bit 0, after the count of unused bits. RFC 5280 section 4.2.1.3.
      if (bits.length < 2 || bits[1] >= 0) {
        return "its key is not for signatures";
      }
    }
    DerReader usages = leaf.value(EXTENDED_KEY_USAGE);
    if (leaf.extensions().containsKey(EXTENDED_KEY_USAGE)) {
      DerReader each = usages.expect(DerReader.SEQUENCE, "extKeyUsage").inside();
      while (each.next()) {
        byte[] oid = leaf.contents(each);
        if (each.tag() == DerReader.OBJECT_IDENTIFIER
            && Oids.dotted(oid, 0, oid.length).equals(CODE_SIGNING)) {
          return "";
        }
      }
    }
    return "it is not for code signing";
  }

  /// Whether one of the root's CT logs promised to hold the certificate.
  private CertificateTrust timestamped(Issuer issuer, X509Parts leaf) throws MalformedDerException {
    if (!leaf.extensions().containsKey(SCT_LIST)) {
      return claim("it has no timestamp of a certificate log");
    }
    DerReader value = leaf.value(SCT_LIST).expect(DerReader.OCTET_STRING, "SCT list");
    Optional<List<Sct>> scts =
        value.left() > 0 ? Optional.empty() : SctList.read(leaf.contents(value));
    if (scts.isEmpty()) {
      return claim("its timestamps of certificate logs cannot be read");
    }
    byte[] tbs = leaf.tbsWithout(SCT_LIST);
    byte[] issuerKey = sha256(issuer.parts().spki());
    for (Sct sct : scts.get()) {
      for (LogKey log : root.ctlogs()) {
        if (log.hasId(sct.logId())
            && log.validity().contains(sct.time())
            && sct.algorithm()
                .filter(it -> log.verifies(it, sct.signedData(issuerKey, tbs), sct.signature()))
                .isPresent()) {
          return new CertificateTrust.Verified(issuer.authority().name(), log.baseUrl());
        }
      }
    }
    return claim("none of its timestamps is by a trusted certificate log");
  }

  private static CertificateTrust claim(String reason) {
    return new CertificateTrust.UnverifiedClaim(reason);
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256: missing (every JDK has it)", e);
    }
  }
}
