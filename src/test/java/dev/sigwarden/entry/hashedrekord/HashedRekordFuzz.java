package dev.sigwarden.entry.hashedrekord;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class HashedRekordFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new HashedRekordDecoder().decode(EntryBytes.of(entry)));
  }
}
