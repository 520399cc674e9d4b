package dev.sigwarden.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.notify.UnusableException;
import dev.sigwarden.notify.email.SigningKey.Pair;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.ContentVerifier;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// Any files are a key that signs what another library verifies, by a certificate that is valid, or
/// are said to be none in a few words that hold nothing of them. A file that begins as PKCS #12
/// does is one, under the password `password`; any other is certificates, a zero byte, and a key.
class SigningKeyFuzz {
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
  private static final String FROM = "sigwarden@acme.example";
  private static final byte[] MAIL = "an alert".getBytes(StandardCharsets.UTF_8);

  @FuzzTest
  void signs_or_says_why_not(byte[] bytes) throws Exception {
    boolean pkcs12 = bytes.length > 0 && bytes[0] == 0x30;
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = all.indexOf('\0') < 0 ? all.length() : all.indexOf('\0');
    byte[] file = pkcs12 ? bytes : all.substring(0, end).getBytes(StandardCharsets.ISO_8859_1);
    String secret = pkcs12 ? "password" : all.substring(Math.min(all.length(), end + 1));
    Pair pair;
    try {
      pair = SigningKey.checked(file, pkcs12, secret, FROM, NOW);
    } catch (UnusableException e) {
      assertThat(e.getMessage()).startsWith("smime: ").contains("(expected: ").hasSizeLessThan(500);
      assertThat(e.getMessage().codePoints()).noneMatch(c -> c < 0x20);
      assertThat(e.getCause()).isNull();
      return;
    }
    assertThat(pair.chain()).hasSizeBetween(1, 10);
    pair.certificate().checkValidity(Date.from(NOW));
    assertThat(isVerified(pair)).isTrue();
    assertThat(pair.toString()).doesNotContain(pair.key().toString());
    Pair again =
        SigningKey.checked(
            certificates(pair), false, pem("PRIVATE KEY", pair.key().getEncoded()), FROM, NOW);
    assertThat(again.chain()).isEqualTo(pair.chain());
    assertThat(again.key().getEncoded()).isEqualTo(pair.key().getEncoded());
  }

  private static boolean isVerified(Pair pair) throws Exception {
    Signature signature = Signature.getInstance(pair.algorithm());
    signature.initSign(pair.key());
    signature.update(MAIL);
    ContentVerifier verifier =
        new JcaContentVerifierProviderBuilder()
            .setProvider(new BouncyCastleProvider())
            .build(new JcaX509CertificateHolder(pair.certificate()))
            .get(new DefaultSignatureAlgorithmIdentifierFinder().find(pair.algorithm()));
    verifier.getOutputStream().write(MAIL);
    return verifier.verify(signature.sign());
  }

  private static byte[] certificates(Pair pair) throws Exception {
    StringBuilder all = new StringBuilder();
    for (X509Certificate certificate : pair.chain()) {
      all.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return all.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static String pem(String type, byte[] der) throws Exception {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    }
    return text.toString();
  }
}
