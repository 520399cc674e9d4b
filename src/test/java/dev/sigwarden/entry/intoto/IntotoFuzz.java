package dev.sigwarden.entry.intoto;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class IntotoFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new IntotoDecoder().decode(EntryBytes.of(entry)));
  }
}
