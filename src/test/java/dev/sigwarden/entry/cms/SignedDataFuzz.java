package dev.sigwarden.entry.cms;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.x509.MalformedSignerException;

class SignedDataFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] der) {
    try {
      SignedData.read(der).signers().forEach(Describe::signer);
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
