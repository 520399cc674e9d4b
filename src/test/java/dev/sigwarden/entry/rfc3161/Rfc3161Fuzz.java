package dev.sigwarden.entry.rfc3161;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class Rfc3161Fuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new Rfc3161Decoder().decode(EntryBytes.of(entry)));
  }
}
