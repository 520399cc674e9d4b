package dev.sigwarden.entry.intoto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class IntotoFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new IntotoDecoder(), entry);
  }
}
