package dev.sigwarden.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.Digest.Algorithm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SubmittedLinesTest {
  private final SubmittedLines lines = new SubmittedLines();

  @Test
  void holds_what_a_plain_set_holds_after_any_changes() {
    Random random = new Random(20261123);
    List<Digest> all = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] value = new byte[32];
      random.nextBytes(value);
      // Many that belong into the same few slots, the last one and the first among them.
      value[0] = (byte) (i % 3 == 0 ? 0xff : i % 3 == 1 ? 0 : value[0]);
      value[1] = (byte) (i % 3 == 0 ? 0xff : value[1]);
      all.add(Digest.of(Algorithm.SHA256, i == 0 ? new byte[32] : value));
    }
    Set<Digest> model = new HashSet<>();
    for (int step = 0; step < 20_000; step++) {
      Digest digest = all.get(random.nextInt(all.size()));
      boolean add = random.nextInt(10) < (step < 10_000 ? 6 : 4);
      lines.change(digest.toString(), add);
      if (add) {
        model.add(digest);
      } else {
        model.remove(digest);
      }
      if (step % 500 == 0) {
        assertThat(all).allMatch(one -> lines.contains(one) == model.contains(one));
        assertThat(lines.size()).isEqualTo(model.size());
      }
    }
    assertThat(all).allMatch(one -> lines.contains(one) == model.contains(one));
  }

  @Test
  void digest_of_another_algorithm_is_another_digest() {
    lines.change("sha512:" + "00".repeat(64), true);
    assertThat(lines.contains(Digest.of(Algorithm.SHA512, new byte[64]))).isTrue();
    assertThat(lines.contains(Digest.of(Algorithm.SHA256, new byte[32]))).isFalse();
  }

  @Test
  void lists_take_only_lines_that_they_are_open_for() {
    Allowlists lists = new Allowlists(List.of(Allowlist.submitted("open")));
    String line = "sha256:" + "ab".repeat(32);
    long before = lists.revision();
    lists.submitted("closed", line, true);
    assertThat(lists.revision()).isEqualTo(before);
    lists.submitted("open", line, true);
    assertThat(lists.revision()).isGreaterThan(before);
    Digest digest = Digest.of(Algorithm.SHA256, java.util.HexFormat.of().parseHex("ab".repeat(32)));
    assertThat(lists.contains("open", digest)).isTrue();
    lists.submitted("open", line, false);
    assertThat(lists.contains("open", digest)).isFalse();
  }
}
