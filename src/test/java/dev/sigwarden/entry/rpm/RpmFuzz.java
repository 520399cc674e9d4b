package dev.sigwarden.entry.rpm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class RpmFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new RpmDecoder().decode(EntryBytes.of(entry)));
  }
}
