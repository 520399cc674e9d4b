package dev.sigwarden.entry.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.StatementSigner;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Any text is a signer with the bytes that a lenient reader finds in its first block, or
/// malformed.
class PemFuzz {
  private static final Pattern FIRST =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  @FuzzTest
  void throws_nothing_unchecked(byte[] text) {
    Signer signer;
    try {
      signer = Pem.signer(text);
    } catch (MalformedSignerException _) {
      return;
    }
    Describe.signer(signer);
    Matcher block = FIRST.matcher(new String(text, StandardCharsets.ISO_8859_1));
    assertThat(block.find()).isTrue();
    byte[] der = Base64.getMimeDecoder().decode(block.group(2));
    switch (signer) {
      case CertificateSigner certificate -> assertThat(der).startsWith(certificate.toDer());
      case KeySigner key when block.group(1).equals("PUBLIC KEY") ->
          assertThat(key.keySha256()).isEqualTo(Digest.sha256(der, 0, der.length));
      case KeySigner _ -> assertThat(block.group(1)).isEqualTo("RSA PUBLIC KEY");
      case PgpSigner _ -> throw new AssertionError("an OpenPGP key from PEM");
      case StatementSigner _ -> throw new AssertionError("a statement from PEM");
    }
  }
}
