package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are a list of logs, each with an address and a plain name, or a bad answer.
class LogListFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    LogList list;
    try {
      list = LogList.parse("fuzz", bytes);
    } catch (BadAnswerException _) {
      return;
    }
    assertThat(list.logs().values())
        .allSatisfy(log -> {
          assertThat(log.name()).matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
          assertThat(log.log().addresses()).isNotEmpty();
        });
  }
}
