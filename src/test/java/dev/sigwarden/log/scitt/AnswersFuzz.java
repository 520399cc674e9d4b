package dev.sigwarden.log.scitt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.cose.TxId;
import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.LedgerClient;
import dev.sigwarden.tuf.RefusedException;
import java.net.URI;
import java.util.OptionalLong;

/// Any bytes are an answer of a service, or a bad one.
class AnswersFuzz {
  private static final URI BASE = URI.create("https://ledger.example/");

  @FuzzTest
  void page(byte[] bytes) {
    try {
      LedgerClient.Page page = Answers.page("fuzz", bytes, BASE, 5, OptionalLong.of(90));
      assertThat(page.ids().stream().map(TxId::seqno)).isSorted().doesNotHaveDuplicates();
      assertThat(page.ids()).allSatisfy(id -> assertThat(id.seqno()).isBetween(5L, 90L));
      assertThat(page.next().orElse(6)).isGreaterThan(5).isLessThanOrEqualTo(90);
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void commit(byte[] bytes) {
    try {
      assertThat(Answers.commit("fuzz", bytes).seqno()).isPositive();
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void canonical(byte[] bytes) throws BadAnswerException {
    String text;
    try {
      text = Answers.canonical("fuzz", bytes);
    } catch (BadAnswerException _) {
      return;
    }
    assertThat(Answers.canonical("fuzz", text.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .isEqualTo(text);
  }

  @FuzzTest
  void index(byte[] bytes) {
    try {
      assertThat(Answers.index("fuzz", bytes))
          .allSatisfy(file -> assertThat(file.name()).doesNotContain("/").doesNotStartWith("."));
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }

  @FuzzTest
  void identity(byte[] bytes) {
    try {
      assertThat(ServicePin.certificate(bytes)).isNotNull();
    } catch (RefusedException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
