package dev.sigwarden.trust;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SctListTest {
  private static final String SCT =
      "00" + "ab".repeat(32) + "0000000000000001" + "0002beef" + "0403" + "0003010203";

  private static byte[] list(String... items) {
    StringBuilder all = new StringBuilder();
    for (String item : items) {
      all.append("%04x%s".formatted(item.length() / 2, item));
    }
    return HexFormat.of().parseHex("%04x%s".formatted(all.length() / 2, all));
  }

  @Test
  void reads_each_part_of_a_timestamp() {
    SctList.Sct sct = SctList.read(list(SCT)).orElseThrow().getFirst();

    assertThat(sct.time()).isEqualTo(Instant.ofEpochMilli(1));
    assertThat(sct.logId()).hasSize(32).containsOnly(0xab);
    assertThat(sct.algorithm()).contains("SHA256withECDSA");
    assertThat(sct.signature()).containsExactly(1, 2, 3);
    assertThat(HexFormat.of().formatHex(sct.signedData(new byte[] {7}, new byte[] {8, 9})))
        .isEqualTo("0000" + "0000000000000001" + "0001" + "07" + "0000020809" + "0002beef");
  }

  @Test
  void passes_over_timestamps_of_later_versions() {
    assertThat(SctList.read(list("01cafe", SCT)).orElseThrow()).hasSize(1);
    assertThat(SctList.read(list()).orElseThrow()).isEmpty();
  }

  @Test
  void refuses_a_list_that_is_cut_anywhere_or_goes_on() {
    byte[] whole = list(SCT, SCT);
    for (int length = 0; length < whole.length; length++) {
      assertThat(SctList.read(Arrays.copyOf(whole, length))).as("%d", length).isEmpty();
    }
    assertThat(SctList.read(Arrays.copyOf(whole, whole.length + 1))).isEmpty();
    assertThat(SctList.read(list(SCT + "00"))).isEmpty();
    assertThat(SctList.read(list(""))).isEmpty();
  }

  @Test
  void refuses_more_timestamps_than_anybody_embeds() {
    List<String> many = java.util.Collections.nCopies(17, SCT);

    assertThat(SctList.read(list(many.subList(0, 16).toArray(String[]::new)))).isPresent();
    assertThat(SctList.read(list(many.toArray(String[]::new)))).isEmpty();
  }
}
