package dev.sigwarden.entry.rpm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class RpmFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new RpmDecoder(), entry);
  }
}
