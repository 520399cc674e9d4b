package dev.sigwarden.entry.cms;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.util.Store;

/// Any bytes are a message whose signers are those that Bouncy Castle finds in it, or malformed.
///
/// Bouncy Castle takes more certificates for a signer's: it compares names as people read them and
/// makes up a key identifier where a certificate has none. Of ours each must be among those, and
/// those that are named byte for byte must be among ours. What only one of the two reads at all is
/// not compared: ours takes DER alone, and nothing that names an absent certificate.
class SignedDataFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) throws IOException {
    SignedData message;
    try {
      message = SignedData.read(der);
    } catch (MalformedSignerException _) {
      return;
    }
    message.signers().forEach(Describe::signer);
    Set<Digest> fitting = new HashSet<>();
    Set<Digest> exact = new HashSet<>();
    try {
      CMSSignedData read = new CMSSignedData(der);
      Store<X509CertificateHolder> held = read.getCertificates();
      for (SignerInformation info : read.getSignerInfos()) {
        matches(held, info).forEach(one -> fitting.add(sha256(one)));
        held.getMatches(null).stream()
            .filter(one -> isNamed(info.getSID(), one))
            .forEach(one -> exact.add(sha256(one)));
      }
    } catch (CMSException | RuntimeException _) {
      return;
    }
    Collection<Digest> signers =
        message.signers().stream().map(CertificateSigner::certificateSha256).toList();
    assertThat(signers).doesNotHaveDuplicates().isSubsetOf(fitting).containsAll(exact);
  }

  // The identifier of a signer is a selector of no declared type.
  @SuppressWarnings("unchecked")
  private static Collection<X509CertificateHolder> matches(
      Store<X509CertificateHolder> held, SignerInformation info) {
    return held.getMatches(info.getSID());
  }

  private static Digest sha256(X509CertificateHolder certificate) {
    byte[] der = bytes(certificate);
    return Digest.sha256(der, 0, der.length);
  }

  private static byte[] bytes(X509CertificateHolder certificate) {
    try {
      return certificate.getEncoded();
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean isNamed(SignerId name, X509CertificateHolder certificate) {
    if (name.getIssuer() == null) {
      SubjectKeyIdentifier own = SubjectKeyIdentifier.fromExtensions(certificate.getExtensions());
      return own != null
          && own.getKeyIdentifier().length > 0
          && Arrays.equals(own.getKeyIdentifier(), name.getSubjectKeyIdentifier());
    }
    try {
      return name.getSerialNumber().equals(certificate.getSerialNumber())
          && Arrays.equals(name.getIssuer().getEncoded(), certificate.getIssuer().getEncoded());
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
