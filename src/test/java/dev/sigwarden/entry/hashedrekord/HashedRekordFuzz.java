package dev.sigwarden.entry.hashedrekord;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class HashedRekordFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new HashedRekordDecoder(), entry);
  }
}
