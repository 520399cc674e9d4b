package dev.sigwarden.entry.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.KeySigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinisignKeysTest {
  private static final byte[] RAW = KeySamples.fill(32);
  private static final String BARE = Base64.getEncoder().encodeToString(RAW);

  @Test
  void a_key_is_the_same_signer_in_every_form() throws Exception {
    byte[] spki = HexFormat.of().parseHex("302a300506032b6570032100" + "5a".repeat(32));
    Digest digest = Digest.sha256(spki, 0, spki.length);
    for (byte[] text :
        List.of(
            KeySamples.MINISIGN.getBytes(US_ASCII),
            (KeySamples.MINISIGN + "\n").getBytes(US_ASCII),
            ("untrusted comment: minisign public key\n" + KeySamples.MINISIGN + "\n")
                .getBytes(US_ASCII),
            ("untrusted comment:\r\n" + KeySamples.MINISIGN).getBytes(US_ASCII),
            BARE.getBytes(US_ASCII),
            RAW)) {
      assertThat(MinisignKeys.read(text).keySha256()).isEqualTo(digest);
      assertThat(MinisignKeys.read(text).keyType()).isEqualTo("Ed25519");
    }
  }

  @Test
  void the_number_is_written_as_minisign_writes_it() throws Exception {
    KeySigner signer =
        MinisignKeys.read(KeySamples.minisign("0A1B2C3D4E5F6070", (byte) 1).getBytes(US_ASCII));
    assertThat(signer.keyIds())
        .containsExactly(new KeyId(KeyId.Scheme.MINISIGN, "0A1B2C3D4E5F6070"));
    assertThat(MinisignKeys.read(RAW).keyIds()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                              | 0 bytes
          AAAA                            | 3 bytes
          ****                            | no base64
          untrusted comment: none         | 0 bytes
          """)
  void refuses_with_a_reason(String text, String reason) {
    assertThatThrownBy(() -> MinisignKeys.read(text.getBytes(US_ASCII)))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refuses_another_algorithm_two_keys_and_more_than_its_limit() {
    byte[] other = Base64.getDecoder().decode(KeySamples.MINISIGN);
    other[1] = 'D';
    assertThatThrownBy(() -> MinisignKeys.read(Base64.getEncoder().encode(other)))
        .hasMessageContaining("42 bytes");
    String two = KeySamples.MINISIGN + "\n" + KeySamples.MINISIGN;
    assertThatThrownBy(() -> MinisignKeys.read(two.getBytes(US_ASCII)))
        .hasMessageContaining("no base64");
    byte[] large = new byte[MinisignKeys.MAX_BYTES + 1];
    Arrays.fill(large, (byte) 'A');
    assertThatThrownBy(() -> MinisignKeys.read(large)).hasMessageContaining("2049 bytes");
  }
}
