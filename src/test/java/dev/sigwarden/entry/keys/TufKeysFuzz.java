package dev.sigwarden.entry.keys;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;
import dev.sigwarden.entry.json.MalformedJsonException;
import dev.sigwarden.entry.x509.MalformedSignerException;

class TufKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) {
    try {
      Describe.signer(TufKeys.read("id", EntryBytes.of(bytes)));
    } catch (MalformedSignerException | MalformedJsonException _) {
      // What it may say.
    }
  }
}
