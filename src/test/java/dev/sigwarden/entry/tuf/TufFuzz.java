package dev.sigwarden.entry.tuf;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class TufFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new TufDecoder().decode(EntryBytes.of(entry)));
  }
}
