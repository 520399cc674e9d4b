package dev.sigwarden.entry.keys;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.x509.MalformedSignerException;

class SshKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) {
    try {
      Describe.signer(SshKeys.readLine(bytes));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
