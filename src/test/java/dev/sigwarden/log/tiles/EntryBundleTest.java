package dev.sigwarden.log.tiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.BadAnswerException;
import dev.sigwarden.log.GeneratedLog;
import dev.sigwarden.log.Leaves;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryBundleTest {
  private static final byte[] FULL =
      new GeneratedLog(256).resource("tile/entries/000").orElseThrow();

  private static EntryBundle parse(byte[] bytes, int count) throws BadAnswerException {
    return EntryBundle.parse("the/bundle", bytes, count, EntryBundle.maxBytes(count));
  }

  static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static void assertFull(EntryBundle bundle) {
    Leaves.Builder builder = new Leaves.Builder(0, 1);
    bundle.addTo(builder, 0, bundle.count());
    Leaves leaves = builder.build();
    assertThat(leaves.count()).isEqualTo(256);
    for (int i = 0; i < 256; i++) {
      assertThat(leaves.copy(i)).isEqualTo(GeneratedLog.leaf(i));
    }
  }

  @Test
  void holds_its_entries_in_order() throws Exception {
    assertFull(parse(FULL, 256));
  }

  @Test
  void is_entered_in_the_middle() throws Exception {
    Leaves.Builder builder = new Leaves.Builder(100, 1);
    parse(FULL, 256).addTo(builder, 100, 103);
    Leaves leaves = builder.build();
    assertThat(leaves.to()).isEqualTo(103);
    assertThat(leaves.copy(0)).isEqualTo(GeneratedLog.leaf(100));
    assertThat(leaves.copy(2)).isEqualTo(GeneratedLog.leaf(102));
  }

  @Test
  void may_be_stored_as_gzip() throws Exception {
    assertFull(parse(gzip(FULL), 256));
  }

  @Test
  void is_read_as_it_stands_even_if_it_begins_as_gzip_does() throws Exception {
    byte[] bytes = new byte[2 + 0x1f8b];
    bytes[0] = 0x1f;
    bytes[1] = (byte) 0x8b;
    Leaves.Builder builder = new Leaves.Builder(0, 1);
    parse(bytes, 1).addTo(builder, 0, 1);
    assertThat(builder.build().length(0)).isEqualTo(0x1f8b);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 |          | bundle of 0 bytes ends after 0 entries (expected: 1)",
        "1 | 00       | bundle of 1 bytes ends after 0 entries (expected: 1)",
        "1 | 0001     | entry 0 of 1: cut after 0 bytes (expected: 1)",
        "2 | 0001aa   | bundle of 3 bytes ends after 1 entries (expected: 2)",
        "2 | 0001aaff | bundle of 4 bytes ends after 1 entries (expected: 2)",
        "1 | ffffaaaa | entry 0 of 1: cut after 2 bytes (expected: 65535)",
        "1 | 000000   | 1 bytes after the last of 1 entries (expected: none)",
        "1 | 1f8b0800 | gzip bundle: ",
      })
  void says_what_is_wrong_with_it(int count, String hex, String message) {
    byte[] bytes = HexFormat.of().parseHex(hex == null ? "" : hex);
    assertThatThrownBy(() -> parse(bytes, count))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageStartingWith("the/bundle: " + message);
  }

  @Test
  void every_cut_and_every_surplus_is_refused() {
    for (int length = 0; length < FULL.length; length++) {
      byte[] cut = Arrays.copyOf(FULL, length);
      assertThatThrownBy(() -> parse(cut, 256)).isInstanceOf(BadAnswerException.class);
    }
    byte[] longer = Arrays.copyOf(FULL, FULL.length + 1);
    assertThatThrownBy(() -> parse(longer, 256)).isInstanceOf(BadAnswerException.class);
  }

  @Test
  void a_gzip_bomb_inflates_no_further_than_a_bundle() throws Exception {
    byte[] bomb = gzip(new byte[EntryBundle.maxBytes(2) + 1]);
    assertThatThrownBy(() -> parse(bomb, 2))
        .isInstanceOf(BadAnswerException.class)
        .hasMessageContaining("inflates to more than " + EntryBundle.maxBytes(2));
  }

  @Test
  void mutations_are_a_bundle_or_a_bad_answer() throws Exception {
    long seed = 20261123;
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    byte[] zipped = gzip(FULL);
    for (int round = 0; round < 4_000; round++) {
      byte[] bytes = (round % 2 == 0 ? FULL : zipped).clone();
      for (int flips = random.nextInt(1, 5); flips > 0; flips--) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      byte[] mutated = Arrays.copyOf(bytes, bytes.length - random.nextInt(3));
      try {
        assertThat(parse(mutated, 256).count()).isEqualTo(256);
      } catch (BadAnswerException e) {
        assertThat(e).as("seed %d, round %d", seed, round).hasMessageContaining("the/bundle");
      }
    }
  }
}
