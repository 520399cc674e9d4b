package dev.sigwarden.entry.rekord;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class RekordFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new RekordDecoder(), entry);
  }
}
