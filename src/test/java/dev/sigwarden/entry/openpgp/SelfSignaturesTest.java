package dev.sigwarden.entry.openpgp;

import static dev.sigwarden.entry.PgpSigner.Proof.NOT_CHECKED;
import static dev.sigwarden.entry.PgpSigner.Proof.NOT_SELF_SIGNED;
import static dev.sigwarden.entry.PgpSigner.Proof.REVOKED;
import static dev.sigwarden.entry.PgpSigner.Proof.SELF_SIGNED;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sigwarden.entry.PgpSigner.PgpUserId;
import dev.sigwarden.entry.PgpSigner.Proof;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.bcpg.HashAlgorithmTags;
import org.bouncycastle.openpgp.PGPSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSignaturesTest {
  private static final String OURS = "Acme <sign@acme.example>";
  private static final String THEIRS = "Victim <ceo@victim.example>";

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519 legacy", "Ed25519", "EC", "DSA", "RSA 2048"})
  void a_user_id_that_the_key_signed_is_told_from_one_that_was_added(String kind) throws Exception {
    PgpForge forge = PgpForge.key(kind);
    forge.userId(OURS).signed(forge, OURS).userId(THEIRS);
    assertThat(PgpKeys.read(forge.bytes()).getFirst().checkedUserIds())
        .containsExactly(new PgpUserId(OURS, SELF_SIGNED), new PgpUserId(THEIRS, NOT_SELF_SIGNED));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Ed25519", "EC", "RSA 2048"})
  void keys_of_version_6_are_checked_too(String kind) throws Exception {
    PgpForge forge = PgpForge.key(6, kind);
    forge.userId(OURS).signed(forge, OURS);
    assertThat(proofs(forge)).containsExactly(SELF_SIGNED);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        PGPSignature.DEFAULT_CERTIFICATION,
        PGPSignature.NO_CERTIFICATION,
        PGPSignature.CASUAL_CERTIFICATION,
        PGPSignature.POSITIVE_CERTIFICATION
      })
  void every_kind_of_certification_counts(int type) throws Exception {
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.userId(OURS).signed(forge, OURS, type, HashAlgorithmTags.SHA512);
    assertThat(proofs(forge)).containsExactly(SELF_SIGNED);
  }

  @Test
  void a_signature_over_another_user_id_proves_nothing() throws Exception {
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.userId(THEIRS).signed(forge, OURS);
    assertThat(proofs(forge)).containsExactly(NOT_SELF_SIGNED);
  }

  @Test
  void a_signature_by_another_key_proves_nothing_even_in_this_ones_name() throws Exception {
    PgpForge stranger = PgpForge.key("Ed25519 legacy");
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.userId(THEIRS).signed(stranger, THEIRS);
    forge.userId(OURS).signedInOurName(stranger, OURS);
    assertThat(proofs(forge)).containsExactly(NOT_SELF_SIGNED, NOT_SELF_SIGNED);
  }

  @Test
  void a_user_id_that_the_key_revoked_says_so_in_either_order() throws Exception {
    PgpForge after = PgpForge.key("Ed25519 legacy");
    after
        .userId(OURS)
        .signed(after, OURS)
        .signed(after, OURS, PGPSignature.CERTIFICATION_REVOCATION, HashAlgorithmTags.SHA256);
    assertThat(proofs(after)).containsExactly(REVOKED);
    PgpForge before = PgpForge.key("Ed25519 legacy");
    before
        .userId(OURS)
        .signed(before, OURS, PGPSignature.CERTIFICATION_REVOCATION, HashAlgorithmTags.SHA256)
        .signed(before, OURS);
    assertThat(proofs(before)).containsExactly(REVOKED);
  }

  @Test
  void a_revocation_by_a_stranger_revokes_nothing() throws Exception {
    PgpForge stranger = PgpForge.key("Ed25519 legacy");
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge
        .userId(OURS)
        .signed(stranger, OURS, PGPSignature.CERTIFICATION_REVOCATION, HashAlgorithmTags.SHA256)
        .signed(forge, OURS);
    assertThat(proofs(forge)).containsExactly(SELF_SIGNED);
  }

  @Test
  void a_hash_that_is_broken_proves_nothing() throws Exception {
    PgpForge forge = PgpForge.key("RSA 2048");
    forge
        .userId(OURS)
        .signed(forge, OURS, PGPSignature.POSITIVE_CERTIFICATION, HashAlgorithmTags.MD5);
    assertThat(proofs(forge)).containsExactly(NOT_SELF_SIGNED);
  }

  @Test
  void no_more_signatures_are_checked_than_the_limit_says() throws Exception {
    PgpForge stranger = PgpForge.key("Ed25519 legacy");
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.userId(THEIRS);
    for (int i = 0; i < SelfSignatures.MAX_CHECKS; i++) {
      forge.signedInOurName(stranger, THEIRS);
    }
    forge.userId(OURS).signed(forge, OURS);
    assertThat(proofs(forge)).containsExactly(NOT_SELF_SIGNED, NOT_CHECKED);
  }

  @Test
  void signatures_of_strangers_use_up_no_checks() throws Exception {
    PgpForge stranger = PgpForge.key("Ed25519 legacy");
    PgpForge forge = PgpForge.key("Ed25519 legacy");
    forge.userId(OURS);
    for (int i = 0; i < SelfSignatures.MAX_CHECKS + 1; i++) {
      forge.signed(stranger, OURS);
    }
    forge.signed(forge, OURS);
    assertThat(proofs(forge)).containsExactly(SELF_SIGNED);
  }

  @Test
  void a_huge_key_is_named_and_not_computed_with() throws Exception {
    byte[] modulus = BigInteger.ONE.shiftLeft(16_383).or(BigInteger.ONE).toByteArray();
    byte[] body = new byte[6 + 2 + 2_048 + 2 + 3];
    body[0] = 4;
    body[5] = 1;
    body[6] = 0x40;
    System.arraycopy(modulus, modulus.length - 2_048, body, 8, 2_048);
    body[8 + 2_048 + 1] = 17;
    body[8 + 2_048 + 2] = 1;
    body[8 + 2_048 + 4] = 1;
    PgpForge other = PgpForge.key("Ed25519 legacy");
    byte[] block =
        join(
            PgpForge.packet(Packets.PUBLIC_KEY, body),
            PgpForge.packet(Packets.USER_ID, OURS.getBytes(US_ASCII)),
            tail(other.userId(OURS).signed(other, OURS).bytes()));
    var signer = PgpKeys.read(block).getFirst();
    assertThat(signer.keys().getFirst().keyType()).isEqualTo("RSA 16384");
    assertThat(signer.checkedUserIds())
        .extracting(PgpUserId::proof)
        .containsExactly(NOT_CHECKED, NOT_CHECKED);
  }

  @Test
  void a_key_on_a_curve_that_the_jdk_lacks_is_not_called_unsigned() throws Exception {
    byte[] body = new byte[6 + 6 + 2 + 65];
    body[0] = 4;
    body[5] = 19;
    System.arraycopy(HexFormat.of().parseHex("052b8104000a0203"), 0, body, 6, 8);
    body[14] = 4;
    byte[] block =
        join(
            PgpForge.packet(Packets.PUBLIC_KEY, body),
            PgpForge.packet(Packets.USER_ID, OURS.getBytes(US_ASCII)));
    var signer = PgpKeys.read(block).getFirst();
    assertThat(signer.keys().getFirst().keyType()).isEqualTo("EC secp256k1");
    assertThat(signer.checkedUserIds()).containsExactly(new PgpUserId(OURS, NOT_CHECKED));
  }

  /// The packets after the first.
  private static byte[] tail(byte[] block) throws Exception {
    Packets packets = new Packets(block, 0, block.length);
    packets.next();
    return Arrays.copyOfRange(block, packets.to(), block.length);
  }

  private static byte[] join(byte[]... parts) {
    var out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static List<Proof> proofs(PgpForge forge) throws Exception {
    return PgpKeys.read(forge.bytes()).getFirst().checkedUserIds().stream()
        .map(PgpUserId::proof)
        .toList();
  }
}
