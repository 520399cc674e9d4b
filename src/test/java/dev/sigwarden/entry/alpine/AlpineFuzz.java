package dev.sigwarden.entry.alpine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class AlpineFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new AlpineDecoder().decode(EntryBytes.of(entry)));
  }
}
