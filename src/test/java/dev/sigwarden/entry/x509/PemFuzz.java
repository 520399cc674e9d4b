package dev.sigwarden.entry.x509;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;

class PemFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] text) {
    try {
      Describe.signer(Pem.signer(text));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
