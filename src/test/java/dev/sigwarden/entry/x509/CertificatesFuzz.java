package dev.sigwarden.entry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.SubjectName;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;

/// Any bytes are a certificate that says what Bouncy Castle reads in it, or malformed.
class CertificatesFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) throws IOException {
    CertificateSigner signer;
    try {
      signer = Certificates.read(der);
    } catch (MalformedSignerException _) {
      return;
    }
    Describe.signer(signer);
    X509CertificateHolder holder;
    try {
      holder = new X509CertificateHolder(der);
      if (!Arrays.equals(holder.toASN1Structure().getEncoded("DER"), der)) {
        return;
      }
      names(holder);
    } catch (IOException | RuntimeException _) {
      return;
    }
    byte[] key = holder.getSubjectPublicKeyInfo().getEncoded("DER");
    assertThat(signer.keySha256()).isEqualTo(Digest.sha256(key, 0, key.length));
    assertThat(new BigInteger(signer.serial(), 16)).isEqualTo(holder.getSerialNumber());
    List<String> names = names(holder);
    if (names.stream().allMatch(name -> name.chars().allMatch(c -> c < 0x80))) {
      assertThat(
              signer.subjects().stream()
                  .filter(name -> isText(name.kind()))
                  .map(SubjectName::value))
          .containsExactlyElementsOf(names);
    }
  }

  private static boolean isText(SubjectName.Kind kind) {
    return kind == SubjectName.Kind.EMAIL
        || kind == SubjectName.Kind.URI
        || kind == SubjectName.Kind.DNS;
  }

  /// The subject alternative names of the kinds that are text.
  private static List<String> names(X509CertificateHolder holder) {
    Extension extension = holder.getExtension(Extension.subjectAlternativeName);
    if (extension == null) {
      return List.of();
    }
    return Arrays.stream(GeneralNames.getInstance(extension.getParsedValue()).getNames())
        .filter(name -> List.of(1, 2, 6).contains(name.getTagNo()))
        .map(GeneralName::getName)
        .map(Object::toString)
        .toList();
  }
}
