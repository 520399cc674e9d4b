package dev.sigwarden.bundle;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.tuf.RefusedException;
import java.util.Set;

/// Any bytes are a bundle that gets a verdict, or refused.
class SigstoreBundleFuzz {
  private static final BundleCheck CHECK = new BundleCheck(new TestBundle().trustedRoot());

  @FuzzTest
  void check(byte[] bytes) {
    try {
      CHECK.check(SigstoreBundle.parse(bytes), Set.of());
    } catch (RefusedException _) {
      // The other answer that any bytes may get.
    }
  }
}
