package dev.sigwarden.entry.keys;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.x509.MalformedSignerException;

class MinisignKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) {
    try {
      Describe.signer(MinisignKeys.read(bytes));
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
