package dev.sigwarden.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.tuf.RefusedException;
import java.util.Set;

/// Any bytes are a bundle that gets a verdict, or refused.
class SigstoreBundleFuzz {
  private static final BundleCheck CHECK = new BundleCheck(new TestBundle().trustedRoot());

  @FuzzTest
  void check(byte[] bytes) {
    String said = said(bytes);
    assertThat(said(bytes.clone())).isEqualTo(said);
    assertThat(said.codePoints()).noneMatch(Character::isISOControl);
  }

  private static String said(byte[] bytes) {
    try {
      return String.valueOf(CHECK.check(SigstoreBundle.parse(bytes), Set.of()));
    } catch (RefusedException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
