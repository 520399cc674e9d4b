package dev.sigwarden.trust;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.der.MalformedDerException;
import java.util.Arrays;

/// Any bytes are the parts of a certificate or malformed; taking out an extension that is not there
/// leaves the signed part as it was.
class X509PartsFuzz {
  @FuzzTest
  void read(byte[] der) {
    try {
      X509Parts parts = X509Parts.read(der);
      parts.tbsWithout(TestAuthority.SCT_LIST);
      if (!parts.extensions().isEmpty() && !Arrays.equals(parts.tbs(), parts.tbsWithout("1.2.3"))) {
        throw new AssertionError("the signed part was written otherwise than read");
      }
    } catch (MalformedDerException _) {
      // The other answer that any bytes may get.
    }
  }
}
