package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Digest.Algorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One line in a buffer that a longer line was in before, and the table that its digest goes to.
final class AllowlistLineTest {
  private static final String HEX =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final AllowlistLine line = new AllowlistLine();

  private String read(String text, String behind) {
    byte[] bytes = (text + behind).getBytes(StandardCharsets.ISO_8859_1);
    return line.read(bytes, text.length());
  }

  @Test
  void ends_where_its_length_says_whatever_stands_behind() {
    assertThat(read("  ", "  " + HEX)).isEmpty();
    assertThat(line.algorithm()).isNull();
    assertThat(read(HEX, "ab")).isEmpty();
    assertThat(line.algorithm()).isEqualTo(Algorithm.SHA256);
    assertThat(read("# " + HEX, "")).isEmpty();
    assertThat(line.algorithm()).isNull();
    assertThat(read("sha256:" + HEX.substring(2), HEX)).contains("62 hex digits");
  }

  @Test
  void may_have_as_many_bytes_as_it_says_and_no_more() {
    String most = HEX + " " + "n".repeat(AllowlistLine.MAX_BYTES - 65);
    assertThat(read(most, "")).isEmpty();
    assertThat(line.algorithm()).isEqualTo(Algorithm.SHA256);
    assertThat(read(most + "n", "")).isEqualTo("more than 4096 bytes");
    assertThat(line.algorithm()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "xxxxxxxxxxxxxxxxxxxxxxxx, xxxxxxxxxxxxxxxxxxxxxxxx",
    "xxxxxxxxxxxxxxxxxxxxxxxxx, xxxxxxxxxxxxxxxxxxxxxxxx…",
    "'                    short!~', short!~",
    "a\u007fz, a?z",
  })
  void shows_the_first_characters_of_what_is_wrong(String text, String shown) {
    assertThat(read(text, "")).isEqualTo(shown + " (expected: hex digits)");
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void digests_that_somebody_chose_to_stand_in_one_place_are_found_like_any() {
    int count = 400_000;
    DigestTable table = new DigestTable(Algorithm.SHA256, count);
    ByteBuffer digest = ByteBuffer.allocate(32);
    // All begin alike; if they also belonged together, this would take hours.
    for (int i = 1; i <= count; i++) {
      table.add(digest.putInt(28, i).array());
    }
    for (int i = 1; i <= count; i++) {
      assertThat(table.contains(digest.putInt(28, i).array())).isTrue();
    }
    assertThat(table.contains(digest.putInt(28, count + 1).array())).isFalse();
  }

  @Test
  void a_table_holds_what_it_was_made_for() {
    DigestTable table = new DigestTable(Algorithm.SHA256, 100);
    assertThat(table.bytes()).isEqualTo((100 + 25 + 1) * 32);
    byte[] digest = HexFormat.of().parseHex(HEX);
    assertThat(table.contains(digest)).isFalse();
    table.add(digest);
    assertThat(table.contains(digest)).isTrue();
    assertThat(table.contains(new byte[32])).isFalse();
    assertThat(new DigestTable(Algorithm.SHA512, 0).contains(new byte[64])).isFalse();
    assertThatThrownBy(() -> new DigestTable(Algorithm.SHA512, -1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new DigestTable(Algorithm.SHA512, Integer.MAX_VALUE / 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("capacity");
  }
}
