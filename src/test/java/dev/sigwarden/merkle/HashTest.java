package dev.sigwarden.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HashTest {
  private static final String HEX =
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";

  @Test
  void writes_and_reads_hex_and_base64() {
    Hash hash = Hash.ofLeaf(new byte[0]);
    assertThat(hash).hasToString(HEX);
    assertThat(Hash.ofHex(HEX)).isEqualTo(hash);
    assertThat(Hash.ofHex(HEX.toUpperCase(java.util.Locale.ROOT))).isEqualTo(hash);
    assertThat(Hash.ofBase64(hash.toBase64())).isEqualTo(hash);
    assertThat(Hash.emptyRoot().toBase64())
        .isEqualTo("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  }

  @Test
  void refuses_what_is_no_hash() {
    for (String bad : new String[] {"", "00", HEX + "00", HEX.substring(1) + "g"}) {
      assertThatThrownBy(() -> Hash.ofHex(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    String base64 = Hash.emptyRoot().toBase64();
    String[] bads = {
      "", base64.substring(1), base64.replace("=", ""), base64.replace("FU=", "FV="), "*" + base64
    };
    for (String bad : bads) {
      assertThatThrownBy(() -> Hash.ofBase64(bad)).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> Hash.of(new byte[31])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hash.of(new byte[33])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Hash.of(new byte[40], 9))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void shares_no_array_with_its_caller() {
    byte[] bytes = new byte[Hash.LENGTH];
    Hash hash = Hash.of(bytes);
    Arrays.fill(bytes, (byte) 1);
    Arrays.fill(hash.toBytes(), (byte) 2);
    assertThat(hash.toHex()).isEqualTo("0".repeat(64));
  }

  @Test
  void orders_and_compares_by_unsigned_bytes() {
    Hash low = Hash.ofHex("7f" + "00".repeat(31));
    Hash high = Hash.ofHex("80" + "00".repeat(31));
    assertThat(low).isLessThan(high).isNotEqualTo(high);
    assertThat(Hash.of(low.toBytes())).isEqualTo(low).hasSameHashCodeAs(low);
  }

  @Test
  void hashes_leaves_inside_a_buffer() {
    byte[] buffer = {9, 1, 2, 3, 9};
    assertThat(Hash.ofLeaf(buffer, 1, 3)).isEqualTo(Hash.ofLeaf(new byte[] {1, 2, 3}));
    assertThat(Hash.ofLeaf(new byte[] {1})).isNotEqualTo(Hash.ofData(new byte[] {1}));
  }

  @Test
  void spreads_in_hash_tables() {
    Set<Integer> codes = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      codes.add(Hash.ofLeaf(new byte[] {(byte) i}).hashCode());
    }
    assertThat(codes).hasSizeGreaterThan(90);
  }
}
