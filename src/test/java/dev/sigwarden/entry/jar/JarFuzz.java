package dev.sigwarden.entry.jar;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class JarFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new JarDecoder().decode(EntryBytes.of(entry)));
  }
}
