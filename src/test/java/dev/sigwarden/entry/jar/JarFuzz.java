package dev.sigwarden.entry.jar;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class JarFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new JarDecoder(), entry);
  }
}
