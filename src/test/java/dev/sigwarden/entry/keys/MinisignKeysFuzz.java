package dev.sigwarden.entry.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.x509.MalformedSignerException;

class MinisignKeysFuzz {
  @FuzzTest
  void throws_nothing_unchecked(byte[] bytes) {
    String said = said(bytes);
    assertThat(said(bytes.clone())).isEqualTo(said);
    assertThat(said).isNotBlank();
  }

  private static String said(byte[] bytes) {
    try {
      return Describe.signer(MinisignKeys.read(bytes));
    } catch (MalformedSignerException refused) {
      return String.valueOf(refused.getMessage());
    }
  }
}
