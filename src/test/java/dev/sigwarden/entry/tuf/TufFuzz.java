package dev.sigwarden.entry.tuf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class TufFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new TufDecoder(), entry);
  }
}
