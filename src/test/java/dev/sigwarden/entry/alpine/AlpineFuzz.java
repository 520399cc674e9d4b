package dev.sigwarden.entry.alpine;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class AlpineFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new AlpineDecoder(), entry);
  }
}
