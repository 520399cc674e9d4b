package dev.sigwarden.entry.cose;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class CoseFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new CoseDecoder().decode(EntryBytes.of(entry)));
  }
}
