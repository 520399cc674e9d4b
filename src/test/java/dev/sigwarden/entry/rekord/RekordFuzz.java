package dev.sigwarden.entry.rekord;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class RekordFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new RekordDecoder().decode(EntryBytes.of(entry)));
  }
}
