package dev.sigwarden.entry.openpgp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sigwarden.entry.Describe;
import dev.sigwarden.entry.Digest;
import dev.sigwarden.entry.KeyId;
import dev.sigwarden.entry.PgpSigner;
import dev.sigwarden.entry.x509.MalformedSignerException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PgpKeysTest {
  private static final String NAME = "Acme <sign@acme.example>";

  @ParameterizedTest
  @CsvSource({
    "4, Ed25519 legacy, Ed25519",
    "4, Ed25519, Ed25519",
    "6, Ed25519, Ed25519",
    "4, EC, EC P-256",
    "6, EC, EC P-256",
    "4, DSA, DSA",
    "4, RSA 2048, RSA 2048",
    "6, RSA 2048, RSA 2048",
  })
  void a_key_has_the_fingerprint_of_its_packet_and_the_digest_of_its_x509_form(
      int version, String kind, String type) throws Exception {
    PgpForge forge = PgpForge.key(version, kind);
    PgpSigner signer = only(forge.bytes());
    assertThat(signer.keys())
        .containsExactly(
            new PgpSigner.PgpKey(
                new KeyId(KeyId.Scheme.PGP, forge.fingerprint()), forge.keySha256(), type));
    assertThat(signer.keySha256()).isEqualTo(forge.keySha256());
    assertThat(signer.userIds()).isEmpty();
  }

  @Test
  void subkeys_and_user_ids_belong_to_the_primary_key_before_them() throws Exception {
    PgpForge first = PgpForge.usual(NAME);
    PgpForge sub = PgpForge.key("EC");
    PgpForge second = PgpForge.usual("Other");
    byte[] both = first.subkey(sub).raw(second.bytes()).bytes();
    List<PgpSigner> signers = PgpKeys.read(both);
    assertThat(signers).hasSize(2);
    assertThat(signers.getFirst().keyIds())
        .extracting(KeyId::value)
        .containsExactly(first.fingerprint(), sub.fingerprint());
    assertThat(signers.getFirst().userIds()).containsExactly(NAME);
    assertThat(signers.getLast().userIds()).containsExactly("Other");
    assertThat(signers.getFirst().keys().getLast().keySha256()).isEqualTo(sub.keySha256());
  }

  @Test
  void says_the_same_of_a_key_in_armor_and_of_its_bytes() throws Exception {
    PgpForge forge = PgpForge.usual(NAME);
    String plain = Describe.signer(only(forge.bytes()));
    String armored = new String(forge.armored(), US_ASCII);
    for (String text :
        List.of(
            armored,
            armored.replace("\n", "\r\n"),
            armored.replace("=AAAA\n", ""),
            armored.replace("BLOCK-----\n\n", "BLOCK-----\nVersion: GnuPG v2\nComment:\n\n"),
            "\n  " + armored + "\n\n")) {
      assertThat(Describe.signer(only(text.getBytes(US_ASCII)))).as(text).isEqualTo(plain);
      assertThat(PgpKeys.isArmored(text)).isTrue();
    }
    assertThat(PgpKeys.isArmored("x" + armored)).isFalse();
  }

  @Test
  void reads_every_form_of_definite_length() throws Exception {
    byte[] packets = PgpForge.key("Ed25519 legacy").bytes();
    Packets walker = new Packets(packets, 0, packets.length);
    assertThat(walker.next()).isTrue();
    byte[] body = Arrays.copyOfRange(packets, walker.from(), walker.to());
    String plain = Describe.signer(only(packets));
    for (byte[] header :
        List.of(
            new byte[] {(byte) 0x98, (byte) body.length},
            new byte[] {(byte) 0x99, 0, (byte) body.length},
            new byte[] {(byte) 0x9a, 0, 0, 0, (byte) body.length},
            new byte[] {(byte) 0xc6, (byte) body.length},
            new byte[] {(byte) 0xc6, (byte) 0xff, 0, 0, 0, (byte) body.length})) {
      ByteArrayOutputStream whole = new ByteArrayOutputStream();
      whole.writeBytes(header);
      whole.writeBytes(body);
      assertThat(Describe.signer(only(whole.toByteArray()))).isEqualTo(plain);
    }
  }

  @Test
  void reads_a_length_of_two_bytes() throws Exception {
    String name = "n".repeat(300);
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    byte[] packet = new byte[3 + 300];
    packet[0] = (byte) (0xc0 | Packets.USER_ID);
    packet[1] = (byte) (192 + ((300 - 192) >> 8));
    packet[2] = (byte) (300 - 192);
    System.arraycopy(name.getBytes(US_ASCII), 0, packet, 3, 300);
    assertThat(only(forge.raw(packet).bytes()).userIds()).containsExactly(name);
  }

  @Test
  void a_key_of_a_kind_without_x509_form_is_known_by_its_packet() throws Exception {
    byte[] body = HexFormat.of().parseHex("0460000000" + "63" + "0102030405");
    PgpSigner signer = only(PgpForge.packet(Packets.PUBLIC_KEY, body));
    assertThat(signer.keySha256()).isEqualTo(Digest.sha256(body, 0, body.length));
    assertThat(signer.keys().getFirst().keyType()).isEqualTo("OpenPGP algorithm 99");
    assertThat(signer.userIds()).isEmpty();
  }

  @Test
  void user_ids_that_are_not_utf8_are_kept_as_they_read() throws Exception {
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.raw(PgpForge.packet(Packets.USER_ID, "M\u00fcller".getBytes(ISO_8859_1)));
    assertThat(only(forge.bytes()).userIds()).containsExactly("M\uFFFDller");
  }

  @Test
  void passes_over_what_names_nobody() throws Exception {
    PgpForge forge =
        PgpForge.usual(NAME)
            .raw(PgpForge.packet(Packets.TRUST, new byte[2]))
            .raw(PgpForge.packet(Packets.USER_ATTRIBUTE, new byte[40]))
            .raw(PgpForge.packet(Packets.PADDING, new byte[9]));
    assertThat(only(forge.bytes()).userIds()).containsExactly(NAME);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 7, 8, 9, 10, 11, 18, 40, 60})
  void refuses_packets_that_no_public_key_has(int type) {
    byte[] block = PgpForge.usual(NAME).raw(PgpForge.packet(type, new byte[8])).bytes();
    assertThatThrownBy(() -> PgpKeys.read(block))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining("type " + type);
  }

  @ParameterizedTest
  @CsvSource({
    "c6e0, partial length",
    "c6fe, partial length",
    "9b04, open length",
    "99ffff04, 65535 bytes where 1 are left",
    "c6ffffffffff04, 4294967295 bytes where 1 are left",
    "9902, cut at byte 2",
    "9804, 4 bytes where 0 are left",
    "c6, cut",
    "8904, cut",
    "98020403, a key of 2 bytes",
    "9806030000000001, version 3",
    "9806070000000001, version 7",
    "9806040000000001, a key that is cut",
    "9806060000000001, a key that is cut",
    "980b0400000000010001010000, a number that is zero",
    "980d0400000000010001010001010000, bytes follow a key",
    "88020102, starts with a packet of type 2",
    "b40141, starts with a packet of type 13",
    "9808040000000016ff00, a key that is cut",
    "980804000000001b0001, a key that is cut",
    "98080400000000130180, no identifier",
  })
  void refuses_with_a_reason(String hex, String reason) {
    assertThatThrownBy(() -> PgpKeys.read(HexFormat.of().parseHex(hex)))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          BLOCK-----\\n\\n | BLOCK-----\\n        | blank line
          BLOCK-----\\n\\n | BLOCK----- x\\n\\n   | first line
          BLOCK-----\\n\\n | BLOCK-----\\nhello\\n\\n | blank line
          =AAAA            | =AAAA\\nAAAA         | after the armor's checksum
          END PGP          | END PGQ              | one PUBLIC KEY BLOCK
          PUBLIC           | PRIVATE              | one PUBLIC KEY BLOCK
          mDM              | m*M                  | not base64
          """)
  void refuses_armor_with_a_reason(String part, String replacement, String reason) {
    String armored = new String(PgpForge.usual(NAME).armored(), US_ASCII);
    String changed = armored.replace(part.replace("\\n", "\n"), replacement.replace("\\n", "\n"));
    assertThat(changed).isNotEqualTo(armored);
    assertThatThrownBy(() -> PgpKeys.read(changed))
        .isInstanceOf(MalformedSignerException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void refuses_two_blocks_and_text_around_one() {
    String armored = new String(PgpForge.usual(NAME).armored(), US_ASCII);
    for (String text : List.of(armored + armored, "hello\n" + armored, armored + "hello", "")) {
      assertThatThrownBy(() -> PgpKeys.read(text)).isInstanceOf(MalformedSignerException.class);
    }
  }

  @Test
  void refuses_more_than_its_limits() {
    PgpForge names = PgpForge.key("Ed25519 legacy");
    PgpForge keys = PgpForge.key("Ed25519 legacy");
    for (int i = 0; i < PgpKeys.MAX_USER_IDS + 1; i++) {
      names.userId("");
      keys.subkey(keys);
    }
    assertThatThrownBy(() -> PgpKeys.read(names.bytes())).hasMessageContaining("500 user ids");
    assertThatThrownBy(() -> PgpKeys.read(keys.bytes())).hasMessageContaining("500 keys");
    assertThatThrownBy(() -> PgpKeys.read(new byte[PgpKeys.MAX_BYTES + 1]))
        .hasMessageContaining("at most 1048576");
    byte[] large = PgpForge.packet(Packets.PUBLIC_KEY, new byte[KeyPacket.MAX_BYTES + 1]);
    assertThatThrownBy(() -> PgpKeys.read(large)).hasMessageContaining("expected: 6 to 8192");
  }

  private static PgpSigner only(byte[] block) throws MalformedSignerException {
    List<PgpSigner> signers = PgpKeys.read(block);
    assertThat(signers).hasSize(1);
    return signers.getFirst();
  }
}
