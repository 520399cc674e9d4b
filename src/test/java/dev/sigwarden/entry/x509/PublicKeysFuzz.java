package dev.sigwarden.entry.x509;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;

class PublicKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) {
    try {
      Describe.signer(PublicKeys.read(der, null));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
    try {
      Describe.signer(PublicKeys.readPkcs1(der));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
