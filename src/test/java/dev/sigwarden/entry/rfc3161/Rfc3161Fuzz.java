package dev.sigwarden.entry.rfc3161;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class Rfc3161Fuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new Rfc3161Decoder(), entry);
  }
}
