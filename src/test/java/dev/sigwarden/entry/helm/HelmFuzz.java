package dev.sigwarden.entry.helm;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class HelmFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new HelmDecoder(), entry);
  }
}
