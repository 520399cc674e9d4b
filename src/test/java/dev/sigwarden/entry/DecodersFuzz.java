package dev.sigwarden.entry;

import com.code_intelligence.jazzer.junit.FuzzTest;

class DecodersFuzz {
  private static final EntryDecoder REKOR = Decoders.found().forFormat("rekor");

  @FuzzTest
  void finds_no_bug_behind_the_guard(byte[] entry) {
    String decoded = Describe.decoded(REKOR.decode(EntryBytes.of(entry)));
    if (decoded.startsWith("undecodable: the decoder for ")) {
      throw new AssertionError(decoded);
    }
  }
}
