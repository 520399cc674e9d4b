package dev.sigwarden.entry.jar;

import static dev.sigwarden.entry.KindSamples.HEX;
import static dev.sigwarden.entry.KindSamples.jar;
import static dev.sigwarden.entry.cms.CmsForge.certificate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.CertificateSigner;
import dev.sigwarden.entry.EntryDecoder;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.KindContract;
import dev.sigwarden.entry.Signer;
import dev.sigwarden.entry.cms.CmsForge;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JarDecoderTest extends KindContract {
  private static final String BLOCK = CmsForge.usual().pem();
  private static final String AUTHORITY = certificate("CN=authority", 1).pem();
  private static final String SIGNER = certificate("CN=signer", 7).pem();

  @Override
  protected EntryDecoder decoder() {
    return new JarDecoder();
  }

  @Override
  protected List<byte[]> samples() {
    return List.of(jar(BLOCK, AUTHORITY), jar(BLOCK, SIGNER), jar(BLOCK, KEY));
  }

  @Override
  protected List<byte[]> costly() {
    CmsForge forge = CmsForge.usual();
    for (int i = 0; i < 60; i++) {
      forge.holds(certificate("CN=twin" + i, 7).der());
    }
    for (int i = 0; i < 15; i++) {
      forge.signedBy("CN=authority", 7);
    }
    return List.of(jar(forge.pem(), AUTHORITY));
  }

  @Test
  void takes_the_signer_from_the_block_and_not_the_authority_named_beside_it() {
    assertThat(names(jar(BLOCK, AUTHORITY))).containsExactly("CN=signer");
    assertThat(names(jar(BLOCK, SIGNER))).containsExactly("CN=signer");
    assertThat(artifacts(event(jar(BLOCK, AUTHORITY)))).containsExactly("ARTIFACT sha256:" + HEX);
  }

  @Test
  void takes_a_signer_named_beside_the_block_that_the_block_does_not_hold() {
    assertThat(names(jar(BLOCK, certificate("CN=stranger", 9).pem())))
        .containsExactly("CN=signer", "CN=stranger");
    List<Signer> signers = event(jar(BLOCK, KEY)).signers();
    assertThat(signers).hasSize(2);
    assertThat(signers.getLast()).isInstanceOf(KeySigner.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "signature":{"content":"  | "signature":{"x":"              | without content
          "archive"                 | "x"                             | 0 digests
          "signature":{"content":"LS0tLS1CRUdJTiBQS0NTNy | "signature":{"content":"LS0tLS1CRUdJTiBQS0NTOC | PKCS8 in
          "publicKey":{"content":"  | "publicKey":{"content":"AAAA    | PEM
          """)
  void refuses_with_a_reason(String part, String replacement, String reason) {
    assertThat(reason(changed(jar(BLOCK, AUTHORITY), part, replacement))).contains(reason);
  }

  @Test
  void refuses_two_blocks() {
    assertThat(reason(jar(BLOCK + BLOCK, AUTHORITY))).contains("text outside of blocks");
  }

  private List<String> names(byte[] entry) {
    return event(entry).signers().stream()
        .map(one -> ((CertificateSigner) one).subjectDn())
        .toList();
  }
}
