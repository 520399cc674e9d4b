package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.merkle.Hash;

/// Any bytes are an entry, of which the part that the ledger holds is one again with the same
/// digest, or refused.
class LoggedMessageFuzz {
  @FuzzTest
  void entry(byte[] bytes) {
    try {
      LoggedMessage message = LoggedMessage.parse(bytes);
      assertThat(message.toBytes()).isEqualTo(bytes);

      LoggedMessage held = LoggedMessage.parse(message.entry());
      assertThat(held.receipts()).isEmpty();
      assertThat(held.entry()).isEqualTo(message.entry());
      assertThat(held.claimsDigest())
          .isEqualTo(message.claimsDigest())
          .isEqualTo(Hash.ofData(message.entry()));
    } catch (MalformedCoseException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
