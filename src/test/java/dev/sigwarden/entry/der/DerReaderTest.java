package dev.sigwarden.entry.der;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DerReaderTest {
  @ParameterizedTest
  @CsvSource({
    "0500, 5, 0",
    "04810180, 0, 0",
    "0401ff, 4, 1",
    "1f8101020000, 31, 2",
    "bf7f0100, 191, 1",
  })
  void reads_one_element(String hex, int tag, int length) throws Exception {
    if (hex.startsWith("0481")) {
      assertThatThrownBy(() -> reader(hex).next()).hasMessageContaining("shortest");
      return;
    }
    DerReader reader = reader(hex);
    assertThat(reader.next()).isTrue();
    assertThat(reader.tag()).isEqualTo(tag);
    assertThat(reader.length()).isEqualTo(length);
    assertThat(reader.next()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "04",
        "0401",
        "040200",
        "0480",
        "04800000",
        "0481",
        "048100",
        "04817f",
        "0482",
        "048200",
        "04820080",
        "0484ffffffff",
        "04847fffffff",
        "0485010000000000",
        "04ff",
        "1f",
        "1f80",
        "1f8181818101",
        "1f81818101",
        "3004040100"
      })
  void refuses_framing_that_is_not_der(String hex) {
    assertThatThrownBy(
            () -> {
              DerReader reader = reader(hex);
              reader.next();
              DerReader inside = reader.inside();
              while (inside.next()) {}
              reader.next();
            })
        .isInstanceOf(MalformedDerException.class);
  }

  @Test
  void enters_one_element_after_the_other_and_never_leaves_it() throws Exception {
    DerReader outer = reader("3003040100" + "3000" + "3004050004ff");
    DerReader inside = outer.inside();
    outer.next();
    assertThat(inside.enter(outer).next()).isTrue();
    assertThat(inside.tag()).isEqualTo(4);
    assertThat(inside.next()).isFalse();
    outer.next();
    assertThat(inside.enter(outer).next()).isFalse();
    outer.next();
    assertThat(inside.enter(outer).next()).isTrue();
    assertThat(inside.left()).isEqualTo(2);
    assertThatThrownBy(inside::next).isInstanceOf(MalformedDerException.class);
  }

  @Test
  void reads_long_lengths_in_their_shortest_form() throws Exception {
    for (int length : new int[] {0x80, 0xff, 0x100, 0xffff, 0x10000}) {
      byte[] der = new org.bouncycastle.asn1.DEROctetString(new byte[length]).getEncoded();
      DerReader reader = new DerReader(der, 0, der.length).expect(4, "octets");
      assertThat(reader.length()).isEqualTo(length);
      assertThat(reader.left()).isZero();
      assertThat(reader.start()).isZero();
      assertThat(reader.to()).isEqualTo(der.length);
    }
  }

  @Test
  void names_what_is_missing_or_different() {
    assertThatThrownBy(() -> reader("").expect(2, "serial")).hasMessageContaining("no serial");
    assertThatThrownBy(() -> reader("0500").expect(2, "serial"))
        .hasMessage("at byte 0: tag 0x05 (expected: 0x02, serial)");
  }

  @ParameterizedTest
  @CsvSource({
    "2b0601040183bf300108, 1.3.6.1.4.1.57264.1.8",
    "551d11, 2.5.29.17",
    "8837 01, 2.999.1",
    "00, 0.0",
    "2a, 1.2",
    "50, 2.0",
    "'', #",
    "80, #80",
    "2a80, #2a80",
    "2a8001, #2a8001",
    "2affffffffffffffff7f, 1.2.9223372036854775807",
    "2a81ffffffffffffffff7f, #2a81ffffffffffffffff7f",
  })
  void writes_object_identifiers(String hex, String dotted) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertThat(Oids.dotted(bytes, 0, bytes.length)).isEqualTo(dotted);
  }

  @ParameterizedTest
  @CsvSource({
    "23, 991231235959Z, 1999-12-31T23:59:59Z",
    "23, 500101000000Z, 1950-01-01T00:00:00Z",
    "23, 491231235959Z, 2049-12-31T23:59:59Z",
    "24, 20500101000000Z, 2050-01-01T00:00:00Z",
    "24, 00010101000000Z, 0001-01-01T00:00:00Z",
    "23, 20500101000000Z, ",
    "24, 991231235959Z, ",
    "23, 9912312359Z, ",
    "23, 991231235959+0100, ",
    "23, 990230000000Z, ",
    "23, 99123123595aZ, ",
    "23, a91231235959Z, ",
    "23, 991231235960Z, ",
    "24, 20500101000000.5Z, ",
    "22, 991231235959Z, ",
  })
  void reads_times(int tag, String text, String instant) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    assertThat(DerTime.of(tag, bytes, 0, bytes.length))
        .isEqualTo(instant == null ? null : java.time.Instant.parse(instant));
  }

  @Test
  void reads_strings_of_every_kind() {
    assertThat(text(0x0c, "c3a4")).isEqualTo("ä");
    assertThat(text(0x13, "41")).isEqualTo("A");
    assertThat(text(0x14, "e4")).isEqualTo("ä");
    assertThat(text(0x1e, "00e4")).isEqualTo("ä");
    assertThat(text(0x1c, "000000e4")).isEqualTo("ä");
    assertThat(text(0x0c, "e4")).isEqualTo("\uFFFD");
    assertThat(text(0x1e, "00")).isEqualTo("\uFFFD");
    assertThat(text(0x02, "41")).isNull();
  }

  private static String text(int tag, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return DerText.of(tag, bytes, 0, bytes.length);
  }

  private static DerReader reader(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return new DerReader(bytes, 0, bytes.length);
  }
}
