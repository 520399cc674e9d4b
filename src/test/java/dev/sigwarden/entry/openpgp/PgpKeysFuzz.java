package dev.sigwarden.entry.openpgp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.x509.MalformedSignerException;

class PgpKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] block) {
    try {
      PgpKeys.read(block).forEach(Describe::signer);
    } catch (MalformedSignerException _) {
      // What it may say.
    }
  }
}
