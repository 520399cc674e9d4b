package dev.sigwarden.log.ct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.log.Chain;
import dev.sigwarden.merkle.Hash;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubmittedEntryTest {
  private static final byte[] CERTIFICATE = {1, 2, 3};
  private static final byte[] PRECERTIFICATE = {4, 5};
  private static final byte[] ISSUER = {6};

  private static byte[] vector(int lengthBytes, byte[] content) {
    byte[] length = ByteBuffer.allocate(4).putInt(content.length).array();
    return ByteBuffer.allocate(lengthBytes + content.length)
        .put(length, 4 - lengthBytes, lengthBytes)
        .put(content)
        .array();
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static byte[] leaf(int type, byte[] content) {
    return joined(new byte[11], new byte[] {(byte) type}, content, new byte[2]);
  }

  private static byte[] certificate() {
    return leaf(0, vector(3, CERTIFICATE));
  }

  private static byte[] precertificate() {
    return leaf(1, joined(new byte[32], vector(3, CERTIFICATE)));
  }

  private static byte[] chain(byte[]... certificates) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] certificate : certificates) {
      all.writeBytes(vector(3, certificate));
    }
    return vector(3, all.toByteArray());
  }

  private static String pem(String... base64) {
    StringBuilder pem = new StringBuilder();
    for (String one : base64) {
      pem.append("-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n".formatted(one));
    }
    return pem.toString();
  }

  @Test
  void certificate_comes_from_the_leaf_and_issuers_from_beside_it() throws Exception {
    Chain chain = SubmittedEntry.ofExtraData(certificate(), chain(ISSUER, ISSUER));

    assertThat(chain).isEqualTo(new Chain(pem("AQID", "Bg==", "Bg=="), ""));
  }

  @Test
  void precertificate_comes_from_beside_the_leaf() throws Exception {
    byte[] extraData = joined(vector(3, PRECERTIFICATE), chain(ISSUER));

    assertThat(SubmittedEntry.ofExtraData(precertificate(), extraData))
        .isEqualTo(new Chain(pem("BAU=", "Bg=="), ""));
  }

  @Test
  void root_that_was_submitted_itself_has_no_issuers() throws Exception {
    assertThat(SubmittedEntry.ofExtraData(certificate(), chain()))
        .isEqualTo(new Chain(pem("AQID"), ""));
  }

  @Test
  void tile_leaf_names_its_issuers_by_their_hashes() throws Exception {
    ByteBuffer behind =
        ByteBuffer.wrap(
            joined(
                vector(3, PRECERTIFICATE),
                vector(2, Hash.ofData(ISSUER).toBytes()),
                new byte[] {9}));
    ChainBuilder chain = new ChainBuilder();

    assertThat(SubmittedEntry.readTileLeaf(chain, precertificate(), behind))
        .isEqualTo(List.of(Hash.ofData(ISSUER)));
    assertThat(chain.build()).isEqualTo(new Chain(pem("BAU="), ""));
    assertThat(behind.remaining()).isOne();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5, 8})
  void extra_data_cut_short_is_refused(int length) {
    byte[] whole = joined(vector(3, PRECERTIFICATE), chain(ISSUER));

    assertThatThrownBy(
            () -> SubmittedEntry.ofExtraData(precertificate(), Arrays.copyOf(whole, length)))
        .isInstanceOf(MalformedLeafException.class)
        .hasMessageContaining("cut after");
  }

  @Test
  void extra_data_with_more_behind_is_refused() {
    assertThatThrownBy(
            () -> SubmittedEntry.ofExtraData(certificate(), joined(chain(ISSUER), new byte[1])))
        .isInstanceOf(MalformedLeafException.class)
        .hasMessageContaining("1 bytes after the chain");
  }

  @Test
  void chain_without_end_is_cut_and_says_so() throws Exception {
    byte[][] many = new byte[1_000][];
    Arrays.fill(many, ISSUER);

    Chain chain = SubmittedEntry.ofExtraData(certificate(), chain(many));

    assertThat(chain.pem().split("BEGIN", -1)).hasSize(1 + ChainBuilder.MAX_CERTIFICATES);
    assertThat(chain.missing()).contains("12 certificates");
  }

  @Test
  void certificate_too_long_is_left_out_and_named() throws Exception {
    Chain chain =
        SubmittedEntry.ofExtraData(certificate(), chain(new byte[ChainBuilder.MAX_BYTES], ISSUER));

    assertThat(chain.pem()).isEqualTo(pem("AQID", "Bg=="));
    assertThat(chain.missing()).startsWith("issuer 1: 196608 bytes");
  }
}
