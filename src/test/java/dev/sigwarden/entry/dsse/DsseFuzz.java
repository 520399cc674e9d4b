package dev.sigwarden.entry.dsse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class DsseFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new DsseDecoder(), entry);
  }
}
