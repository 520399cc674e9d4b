package dev.sigwarden.entry.helm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class HelmFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new HelmDecoder().decode(EntryBytes.of(entry)));
  }
}
