package dev.sigwarden.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborReaderTest {
  private static Cbor read(String hex) throws MalformedCoseException {
    return CborReader.read(HexFormat.of().parseHex(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0",
    "17, 23",
    "1818, 24",
    "18ff, 255",
    "190100, 256",
    "19ffff, 65535",
    "1a00010000, 65536",
    "1affffffff, 4294967295",
    "1b0000000100000000, 4294967296",
    "1b7fffffffffffffff, 9223372036854775807",
    "20, -1",
    "3863, -100",
    "3b7fffffffffffffff, -9223372036854775808"
  })
  void integers_are_read_and_written_in_their_one_form(String hex, long value) throws Exception {
    assertThat(read(hex)).isEqualTo(new Cbor.Int(value));
    assertThat(HexFormat.of().formatHex(new CborWriter().integer(value).toBytes())).isEqualTo(hex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "f4",
        "f5",
        "f6",
        "f7",
        "e0",
        "f8ff",
        "f93c00",
        "fa47c35000",
        "fb3ff199999999999a",
        "40",
        "4401020304",
        "60",
        "6449455446",
        "62c3bc",
        "80",
        "83010203",
        "a0",
        "a201020304",
        "a26161016162820203",
        "c11a514b67b0",
        "d82576687474703a2f2f7777772e6578616d706c652e636f6d",
        "8301820203820405",
        "a1616101"
      })
  void what_is_read_is_written_as_it_was(String hex) throws Exception {
    assertThat(HexFormat.of().formatHex(new CborWriter().item(read(hex)).toBytes())).isEqualTo(hex);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                 | nothing (expected: an item)
          0000               | byte 1: 1 bytes after the item
          1817               | 23 in 1 bytes (expected: the shortest form)
          1900ff             | 255 in 2 bytes
          1a0000ffff         | 65535 in 4 bytes
          1b00000000ffffffff | 4294967295 in 8 bytes
          1bffffffffffffffff | 64 bits
          3bffffffffffffffff | 64 bits
          18                 | 0 bytes are left (expected: 1)
          19ff               | 1 bytes are left (expected: 2)
          5800               | 0 in 1 bytes
          5f4101ff           | indefinite
          7f6161ff           | indefinite
          9fff               | indefinite
          bfff               | indefinite
          ff                 | indefinite
          1c                 | reserved
          5d                 | reserved
          fc                 | reserved
          f818               | the simple value 24 in two bytes
          41                 | a length of 1 (expected: at most the 0 bytes that follow)
          5bffffffffffffffff | a length of 18446744073709551615
          9b7fffffffffffffff | a length of 9223372036854775807
          9a00010000         | a length of 65536
          bb7fffffffffffffff | a length of 9223372036854775807
          61ff               | not UTF-8
          62c328             | not UTF-8
          63eda080           | not UTF-8
          82f6               | a length of 2
          8201               | a length of 2
          a201010102         | the key 1 twice
          a2616101616102     | the key "a" twice
          a1410001           | 1 bytes as a key
          a1f401             | false as a key
          a18001             | an array of 0 as a key
          a2010102           | a length of 2
          """)
  void other_forms_are_refused_with_their_place(String hex, String because) {
    assertThatThrownBy(() -> read(hex))
        .isInstanceOf(MalformedCoseException.class)
        .hasMessageStartingWith("byte ")
        .hasMessageContaining(because);
  }

  @Test
  void depth_is_bounded() throws Exception {
    assertThat(read("81".repeat(CborReader.MAX_DEPTH - 1) + "00")).isNotNull();
    assertThatThrownBy(() -> read("81".repeat(CborReader.MAX_DEPTH) + "00"))
        .hasMessageContaining("at most 16 deep");
    assertThatThrownBy(() -> read("c1".repeat(100_000) + "00"))
        .hasMessageContaining("at most 16 deep");
  }

  @Test
  void number_of_items_is_bounded() throws Exception {
    assertThat(read("99270f" + "00".repeat(9_999))).isNotNull();
    assertThatThrownBy(() -> read("992710" + "00".repeat(10_000)))
        .hasMessageContaining("over 10000 items");
    assertThatThrownBy(() -> read("9a00200000" + "00".repeat(1 << 21)))
        .hasMessageContaining("over 10000 items");
    assertThatThrownBy(() -> read("ba00100000" + "00".repeat(1 << 21)))
        .hasMessageContaining("over 10000 items");
  }

  @Test
  void byte_strings_are_views_that_compare_by_content() throws Exception {
    Cbor.Array both = (Cbor.Array) read("8242010242" + "0102");
    Cbor.Bytes one = (Cbor.Bytes) both.items().get(0);
    Cbor.Bytes other = (Cbor.Bytes) both.items().get(1);

    assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
    assertThat(one).isNotEqualTo(Cbor.Bytes.of(new byte[] {1, 3}));
    byte[] copy = one.toBytes();
    Arrays.fill(copy, (byte) 9);
    assertThat(one.toHex()).isEqualTo("0102");
  }
}
