package dev.sigwarden.entry.dsse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class DsseFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new DsseDecoder().decode(EntryBytes.of(entry)));
  }
}
