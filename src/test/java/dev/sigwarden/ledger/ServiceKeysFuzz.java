package dev.sigwarden.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.tuf.RefusedException;

/// Any bytes are keys or refused.
class ServiceKeysFuzz {
  @FuzzTest
  void read(byte[] bytes) {
    try {
      assertThat(ServiceKeys.read(bytes)).isNotNull();
    } catch (RefusedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
