package dev.sigwarden.trust;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.trust.SctList.Sct;

class SctListFuzz {
  @FuzzTest
  void throws_nothing(byte[] bytes) {
    for (Sct sct : SctList.read(bytes).orElse(java.util.List.of())) {
      byte[] data = sct.signedData(new byte[32], new byte[3]);
      if (sct.logId().length != 32 || data.length < 52 || sct.algorithm() == null) {
        throw new AssertionError("a timestamp of another shape");
      }
      var _ = sct.time();
    }
  }
}
