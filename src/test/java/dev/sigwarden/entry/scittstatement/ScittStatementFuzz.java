package dev.sigwarden.entry.scittstatement;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.EntryBytes;

class ScittStatementFuzz {
  @FuzzTest
  void never_throws(byte[] entry) {
    Describe.decoded(new ScittStatementDecoder().decode(EntryBytes.of(entry)));
  }
}
