package dev.sigwarden.entry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.IssuedCertificate;
import dev.sigwarden.entry.SubjectName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.cert.X509CertificateHolder;

/// Any bytes as a certificate, as what is signed of one, as its names and as a request: nothing
/// unchecked, no name lost that the strict reader or Bouncy Castle finds, and the same hash for a
/// certificate as for what Bouncy Castle makes of it without timestamps.
class LoggedCertificatesFuzz {
  private static final Digest ISSUER = Digest.sha256(new byte[0], 0, 0);
  private static final List<ASN1ObjectIdentifier> CUT =
      List.of(
          new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2"),
          new ASN1ObjectIdentifier("1.3.6.1.4.1.11129.2.4.3"));

  @FuzzTest
  void certificate(byte[] der) {
    Optional<IssuedCertificate> read = read(der, false);
    CertificateSigner strict = null;
    try {
      strict = Certificates.read(der);
    } catch (MalformedSignerException _) {
      // The lenient reader may take it.
    }
    if (strict != null) {
      List<String> names = values(read.orElseThrow().subjects());
      List<SubjectName> ascii =
          strict.subjects().stream()
              .filter(name -> name.value().chars().allMatch(c -> c < 0x80))
              .toList();
      assertThat(names.size() == strict.subjects().size() || read.get().unread().isPresent())
          .isTrue();
      if (names.size() == strict.subjects().size()) {
        assertThat(names).containsAll(values(ascii));
      }
    }
    withoutTimestamps(der)
        .ifPresent(tbs ->
            assertThat(read.orElseThrow().tbsSha256())
                .isEqualTo(Digest.sha256(tbs, 0, tbs.length)));
  }

  @FuzzTest
  void precertificate(byte[] tbs) {
    read(tbs, true);
  }

  @FuzzTest
  void names(byte[] value) {
    byte[] der = new CertificateForge().raw(CertificateForge.SUBJECT_ALT_NAME, value).der();
    IssuedCertificate certificate = read(der, false).orElseThrow();
    CertificateSigner strict;
    try {
      strict = Certificates.read(der);
    } catch (MalformedSignerException _) {
      return;
    }
    assertThat(certificate.subjects()).hasSameSizeAs(strict.subjects());
  }

  @FuzzTest
  void request(byte[] der) {
    try {
      assertThat(CertificationRequest.read(der).keySha256()).isNotNull();
    } catch (MalformedSignerException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static Optional<IssuedCertificate> read(byte[] der, boolean precertificate) {
    try {
      EntryBytes bytes = EntryBytes.of(der);
      IssuedCertificate certificate =
          precertificate
              ? LoggedCertificates.precertificate(bytes, ISSUER)
              : LoggedCertificates.certificate(bytes);
      Describe.signer(certificate);
      return Optional.of(certificate);
    } catch (MalformedSignerException e) {
      assertThat(e.getMessage()).isNotBlank();
      return Optional.empty();
    }
  }

  private static List<String> values(List<SubjectName> names) {
    return names.stream().map(SubjectName::value).toList();
  }

  /// What is signed of a certificate, encoded anew without timestamps and poison; empty for one
  /// that Bouncy Castle does not encode as it was, or that has nothing to take out.
  private static Optional<byte[]> withoutTimestamps(byte[] der) {
    try {
      X509CertificateHolder holder = new X509CertificateHolder(der);
      TBSCertificate tbs = holder.toASN1Structure().getTBSCertificate();
      boolean same =
          java.util.Arrays.equals(holder.toASN1Structure().getEncoded("DER"), der)
              && tbs.getExtensions() != null
              && CUT.stream().anyMatch(oid -> tbs.getExtensions().getExtension(oid) != null);
      if (!same) {
        return Optional.empty();
      }
      ExtensionsGenerator kept = new ExtensionsGenerator();
      for (ASN1ObjectIdentifier oid : tbs.getExtensions().getExtensionOIDs()) {
        Extension extension = tbs.getExtensions().getExtension(oid);
        if (!CUT.contains(oid)) {
          kept.addExtension(extension);
        }
      }
      org.bouncycastle.asn1.x509.V3TBSCertificateGenerator made =
          new org.bouncycastle.asn1.x509.V3TBSCertificateGenerator();
      made.setSerialNumber(tbs.getSerialNumber());
      made.setSignature(tbs.getSignature());
      made.setIssuer(tbs.getIssuer());
      made.setStartDate(tbs.getStartDate());
      made.setEndDate(tbs.getEndDate());
      made.setSubject(tbs.getSubject());
      made.setSubjectPublicKeyInfo(tbs.getSubjectPublicKeyInfo());
      made.setExtensions(kept.generate());
      boolean plain =
          !kept.isEmpty()
              && tbs.getVersionNumber() == 3
              && tbs.getIssuerUniqueId() == null
              && tbs.getSubjectUniqueId() == null;
      return plain
          ? Optional.of(made.generateTBSCertificate().getEncoded("DER"))
          : Optional.empty();
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }
}
