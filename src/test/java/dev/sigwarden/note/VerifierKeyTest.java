package dev.sigwarden.note;

import static dev.sigwarden.note.Notes.assertMalformed;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerifierKeyTest {
  private static final String SUMDB =
      "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8";
  private static final String REKOR =
      "rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5"
          + "AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=";

  @Test
  void reads_what_it_writes() throws MalformedNoteException {
    for (String vkey : List.of(SUMDB, REKOR)) {
      VerifierKey key = VerifierKey.parse(vkey);
      assertThat(key).hasToString(vkey);
      assertThat(key.printedIdDiffers()).isFalse();
      assertThat(VerifierKey.of(key.name(), key.signatureType(), key.toBytes())).isEqualTo(key);
    }
    VerifierKey key = VerifierKey.parse(SUMDB);
    assertThat(key.name()).isEqualTo("sum.golang.org");
    assertThat(key.type()).isEqualTo(1);
    assertThat(key.keyId()).isEqualTo(0x033de0ae);
    assertThat(key.toBytes()).hasSize(32);
  }

  @Test
  void refuses_a_wrong_key_id_where_the_type_defines_it_and_reports_it_elsewhere()
      throws MalformedNoteException {
    assertMalformed("0x01", () -> VerifierKey.parse(SUMDB.replace("033de0ae", "033de0af")));
    assertMalformed("0x02", () -> VerifierKey.parse(REKOR.replace("c0d23d6a", "c0d23d6b")));
    VerifierKey witness = VerifierKey.parse(SUMDB).asWitness();
    VerifierKey misprinted =
        VerifierKey.parse(
            witness.toString().replace("%08x".formatted(witness.keyId()), "00000000"));
    assertThat(misprinted.printedIdDiffers()).isTrue();
    assertThat(misprinted).isEqualTo(witness).hasToString(witness.toString());
    assertThat(misprinted.keyId()).isEqualTo(witness.keyId());
  }

  @Test
  void a_witness_key_published_as_type_01_signs_as_type_04() throws MalformedNoteException {
    VerifierKey published = Notes.WITNESS.verifierKey();
    VerifierKey witness = published.asWitness();
    assertThat(published.type()).isEqualTo(1);
    assertThat(witness.type()).isEqualTo(4);
    assertThat(witness.toBytes()).isEqualTo(published.toBytes());
    assertThat(witness.keyId()).isNotEqualTo(published.keyId());
    assertThat(witness.asWitness()).isSameAs(witness);
    assertMalformed("a Rekor key", () -> VerifierKey.parse(REKOR).asWitness());
  }

  @Test
  void refuses_what_is_no_vkey() {
    List<String> bads =
        List.of(
            "",
            "+",
            "++",
            "sum.golang.org",
            "sum.golang.org+033de0ae",
            SUMDB.substring("sum.golang.org".length()),
            SUMDB.replace("sum.", "sum "),
            SUMDB.replace("sum.", "sum\n"),
            SUMDB.replace("+033de0ae", "+33de0ae"),
            SUMDB.replace("+033de0ae", "+0033de0ae"),
            SUMDB.replace("+033de0ae", "+03xde0ae"),
            SUMDB + "=",
            SUMDB + "AAAA",
            SUMDB.replace("+Ac4", "+Bc4"),
            SUMDB.replace("+Ac4", "+/c4"),
            "a+00000000+",
            "a+00000000+AQ==",
            "a+00000000+Ag==",
            "a+00000000+BQ==",
            "a+00000000+Bg==",
            "a+00000000+" + "A".repeat(VerifierKey.MAX_CHARS),
            REKOR.replace("+AjBZ", "+AjBY"));
    for (String bad : bads) {
      assertMalformed(bad.substring(0, Math.min(60, bad.length())), () -> VerifierKey.parse(bad));
    }
  }

  @Test
  void takes_rsa_keys_of_sensible_length_as_logs_only()
      throws MalformedNoteException, NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    byte[] small = generator.generateKeyPair().getPublic().getEncoded();
    generator.initialize(2048);
    byte[] good = generator.generateKeyPair().getPublic().getEncoded();
    assertMalformed(
        "1,024 bits", () -> VerifierKey.of("log", SignatureType.RFC6962_TREE_HEAD, small));
    assertMalformed("RSA as ECDSA", () -> VerifierKey.of("log", SignatureType.ECDSA, good));
    VerifierKey key = VerifierKey.of("log", SignatureType.RFC6962_TREE_HEAD, good);
    assertThat(VerifierKey.parse(key.toString())).isEqualTo(key);
    assertMalformed("as a witness", key::asWitness);
  }

  @Test
  void a_mutated_vkey_is_malformed_or_written_as_a_vkey() {
    long seed = 4;
    Random random = new Random(seed);
    for (String vkey : List.of(SUMDB, REKOR)) {
      for (int round = 0; round < 2_000; round++) {
        byte[] mutated = Notes.mutated(vkey.getBytes(StandardCharsets.UTF_8), random);
        try {
          VerifierKey key = VerifierKey.parse(new String(mutated, StandardCharsets.UTF_8));
          assertThat(VerifierKey.parse(key.toString()))
              .as("seed %d round %d", seed, round)
              .isEqualTo(key);
        } catch (MalformedNoteException e) {
          assertThat(e.getMessage()).as("seed %d round %d", seed, round).hasSizeLessThan(400);
        }
      }
    }
  }

  @Test
  void takes_vkeys_and_rsa_keys_up_to_their_limits_and_no_longer() throws Exception {
    VerifierKey key = VerifierKey.parse(SUMDB);
    int room = VerifierKey.MAX_CHARS - (SUMDB.length() - key.name().length());
    String longest =
        VerifierKey.of("n".repeat(room), key.signatureType(), key.toBytes()).toString();
    assertThat(longest).hasSize(VerifierKey.MAX_CHARS);
    assertThat(VerifierKey.parse(longest)).hasToString(longest);
    assertMalformed(
        "one more character",
        () ->
            VerifierKey.parse(
                VerifierKey.of("n".repeat(room + 1), key.signatureType(), key.toBytes())
                    .toString()));

    assertThat(VerifierKey.of("log", SignatureType.RFC6962_TREE_HEAD, rsa(8_192)).type())
        .isEqualTo(5);
    assertMalformed(
        "8,193 bits", () -> VerifierKey.of("log", SignatureType.RFC6962_TREE_HEAD, rsa(8_193)));
    assertMalformed(
        "2,047 bits", () -> VerifierKey.of("log", SignatureType.RFC6962_TREE_HEAD, rsa(2_047)));
  }

  private static byte[] rsa(int bits) throws GeneralSecurityException {
    BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
    return KeyFactory.getInstance("RSA")
        .generatePublic(new RSAPublicKeySpec(modulus, BigInteger.valueOf(65_537)))
        .getEncoded();
  }

  @Test
  void is_the_same_key_with_the_same_name_type_and_bytes_only() throws MalformedNoteException {
    VerifierKey key = VerifierKey.parse(SUMDB);
    byte[] other = key.toBytes();
    other[0] ^= 1;
    assertThat(key)
        .isEqualTo(VerifierKey.parse(SUMDB))
        .hasSameHashCodeAs(VerifierKey.parse(SUMDB))
        .isNotEqualTo(VerifierKey.of("sum.golang.com", key.signatureType(), key.toBytes()))
        .isNotEqualTo(key.asWitness())
        .isNotEqualTo(VerifierKey.of(key.name(), key.signatureType(), other))
        .isNotEqualTo(SUMDB);
    assertThat(key.hashCode()).isNotEqualTo(key.asWitness().hashCode());
  }
}
