package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownChainsTest {
  private final ScittForge forge = new ScittForge();
  private final KnownChains chains = new KnownChains();

  private static List<Cbor.Bytes> encoded(byte[]... certificates) {
    return java.util.stream.Stream.of(certificates).map(Cbor.Bytes::of).toList();
  }

  @Test
  void chain_that_was_checked_is_the_same_again_and_another_is_not() throws Exception {
    byte[] leaf = forge.leafCertificate();
    byte[] authority = forge.authorityCertificate();
    CertificateChain first = chains.of(encoded(leaf, authority));

    assertThat(chains.of(encoded(leaf.clone(), authority.clone()))).isSameAs(first);
    assertThat(chains.of(encoded(leaf))).isNotSameAs(first);
  }

  @Test
  void chain_that_does_not_hold_is_refused_each_time() throws Exception {
    byte[] leaf = forge.leafCertificate();
    byte[] other = new ScittForge().authorityCertificate();
    chains.of(encoded(leaf, forge.authorityCertificate()));

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> chains.of(encoded(leaf, other)))
          .isInstanceOf(MalformedCoseException.class);
    }
  }
}
