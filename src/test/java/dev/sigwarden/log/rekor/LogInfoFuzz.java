package dev.sigwarden.log.rekor;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.sigwarden.log.BadAnswerException;

/// Any bytes are a list of shards, or a bad answer.
class LogInfoFuzz {
  @FuzzTest
  void parse(byte[] bytes) {
    try {
      LogInfo info = LogInfo.parse("fuzz", bytes);
      assertThat(info.shards()).hasSizeBetween(1, LogInfo.MAX_SHARDS);
      assertThat(info.shards()).extracting(LogInfo.Shard::treeId).doesNotHaveDuplicates();
      assertThat(info.shards().getLast().active()).isTrue();
      info.shards().stream()
          .limit(info.shards().size() - 1)
          .forEach(shard -> {
            assertThat(shard.active()).isFalse();
            assertThat(info.offset(shard.treeId()))
                .hasValueSatisfying(it -> assertThat(it).isNotNegative());
          });
    } catch (BadAnswerException _) {
      // The other answer that any bytes may get.
    }
  }
}
