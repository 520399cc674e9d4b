package dev.sigwarden.trust;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.tuf.RefusedException;
import java.nio.charset.StandardCharsets;

/// Any bytes are a trusted root, or certificates of authorities, or refused.
class TrustedRootFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      TrustedRoot root = TrustedRoot.parse(bytes);
      new CertificateCheck(root);
      root.logs();
    } catch (RefusedException _) {
      // The other answer that any bytes may get.
    }
    try {
      TrustedRoot.ofAuthorities("PEM", new String(bytes, StandardCharsets.UTF_8));
    } catch (RefusedException _) {
      // Likewise.
    }
  }
}
