package dev.sigwarden.entry.x509;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;

class CertificatesFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) {
    try {
      Describe.signer(Certificates.read(der));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
