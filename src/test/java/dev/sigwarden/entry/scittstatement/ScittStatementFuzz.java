package dev.sigwarden.entry.scittstatement;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.FuzzedEntry;

class ScittStatementFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    FuzzedEntry.check(new ScittStatementDecoder(), entry);
  }
}
