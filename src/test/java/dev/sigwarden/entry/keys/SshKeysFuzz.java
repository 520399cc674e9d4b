package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.crypto.util.OpenSSHPublicKeyUtil;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;

/// Any line is no key, in a few words, or is known by its fingerprint and, of the kinds that
/// another library reads too, by the same key as there.
class SshKeysFuzz {
  private static final Set<String> PLAIN =
      Set.of(
          "ssh-ed25519",
          "ssh-rsa",
          "ecdsa-sha2-nistp256",
          "ecdsa-sha2-nistp384",
          "ecdsa-sha2-nistp521");

  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) {
    KeySigner signer;
    try {
      signer = SshKeys.readLine(bytes);
    } catch (MalformedSignerException refused) {
      assertThat(refused.getMessage()).isNotBlank().hasSizeLessThan(300);
      return;
    }
    String[] words = new String(bytes, ISO_8859_1).strip().split("[ \t]+", 3);
    byte[] blob = Base64.getDecoder().decode(words[1]);
    assertThat(blob).hasSizeLessThanOrEqualTo(SshKeys.MAX_BYTES);
    assertThat(signer.keyIds().getLast().value()).isEqualTo(fingerprint(blob));
    assertThat(read(words[0] + " " + words[1])).contains(signer);
    assertThat(read("\t" + words[0] + "  " + words[1] + " a comment\n")).contains(signer);
    assertThat(read(words[0] + "x " + words[1])).isEmpty();
    if (PLAIN.contains(words[0])) {
      assertThat(signer.keyType()).isEqualTo(words[0]);
      byOthers(blob).ifPresent(key -> assertThat(signer.keySha256()).isEqualTo(key));
    }
  }

  private static Optional<KeySigner> read(String line) {
    try {
      return Optional.of(SshKeys.readLine(line.getBytes(ISO_8859_1)));
    } catch (MalformedSignerException _) {
      return Optional.empty();
    }
  }

  private static String fingerprint(byte[] blob) {
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256(blob).toBytes());
  }

  private static Digest sha256(byte[] bytes) {
    return Digest.sha256(bytes, 0, bytes.length);
  }

  /// Bouncy Castle says in many unchecked ways that it takes no such key.
  private static Optional<Digest> byOthers(byte[] blob) {
    try {
      return Optional.of(
          sha256(
              SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                      OpenSSHPublicKeyUtil.parsePublicKey(blob))
                  .getEncoded()));
    } catch (IOException | RuntimeException _) {
      return Optional.empty();
    }
  }
}
