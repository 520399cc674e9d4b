package dev.sigwarden.entry.cose;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class CoseFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new CoseDecoder(), entry);
  }
}
